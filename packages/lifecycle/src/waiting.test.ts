import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { flowLimitsOf, roomOf } from './limits.ts';
import {
  type Waiting,
  WAITING_REASONS,
  type WaitingFacts,
  type WaitingReason,
  waitingOf,
} from './waiting.ts';

/** A due task that nothing holds up. */
const READY: WaitingFacts = {
  dueInMs: -1,
  isRun: false,
  isSchedulerAlive: true,
  isQueuePaused: false,
  queueLimits: {},
  ownFlowLimits: {},
  queueFlowLimits: {},
  before: 3,
};
const ONE = { maxConcurrency: 1 };
/** Lets one start every 2,000 ms, and none at once: the delay of the claim takes up the burst. */
const SLOW = { rateLimit: { perSecond: 0.5, burst: 1 } };
const FULL = { inFlight: 1, tatInMs: -1 };
const SPENT = { inFlight: 0, tatInMs: 1500 };

/** What makes each reason true, by itself. */
const MADE_TRUE: Record<Exclude<WaitingReason, 'ready'>, Partial<WaitingFacts>> = {
  'not-due': { dueInMs: 5 },
  'no-scheduler': { isSchedulerAlive: false },
  'queue-paused': { isQueuePaused: true },
  'circuit-open': { heldOrigin: { state: 'circuit-open', untilInMs: 700 } },
  'target-held-back': { heldUrl: { state: 'held-back', untilInMs: 900 } },
  'queue-concurrency': { queueLimits: ONE, queueCount: FULL },
  'flow-concurrency': { ownFlowLimits: ONE, flowCount: FULL },
  'queue-rate': { queueLimits: SLOW, queueCount: SPENT },
  'flow-rate': { ownFlowLimits: SLOW, flowCount: SPENT },
};

describe('a pending task waits because of', () => {
  test.each<[WaitingReason, Partial<WaitingFacts>, Omit<Waiting, 'reason'>]>([
    ['not-due', MADE_TRUE['not-due'], { untilInMs: 5 }],
    ['not-due', { dueInMs: 0.25, isRun: true }, { untilInMs: 0.25 }],
    ['no-scheduler', MADE_TRUE['no-scheduler'], {}],
    ['no-scheduler', { isSchedulerAlive: false, isRun: true }, {}],
    ['queue-paused', MADE_TRUE['queue-paused'], {}],
    ['circuit-open', MADE_TRUE['circuit-open'], { untilInMs: 700 }],
    ['circuit-open', { heldOrigin: { state: 'circuit-open', untilInMs: -20 } }, { untilInMs: 0 }],
    ['target-held-back', MADE_TRUE['target-held-back'], { untilInMs: 900 }],
    ['target-held-back', { heldOrigin: { state: 'held-back', untilInMs: 80 } }, { untilInMs: 80 }],
    [
      'target-held-back',
      { heldOrigin: { state: 'held-back', untilInMs: 80 }, heldUrl: { state: 'held-back', untilInMs: 90 } },
      { untilInMs: 90 },
    ],
    ['queue-concurrency', MADE_TRUE['queue-concurrency'], {}],
    ['queue-concurrency', { ...MADE_TRUE['queue-concurrency'], isRun: true }, {}],
    ['flow-concurrency', MADE_TRUE['flow-concurrency'], {}],
    ['flow-concurrency', { ...MADE_TRUE['flow-concurrency'], isRun: true }, {}],
    ['flow-concurrency', { queueFlowLimits: ONE, flowCount: FULL }, {}],
    ['queue-rate', MADE_TRUE['queue-rate'], { untilInMs: 1500 }],
    ['flow-rate', MADE_TRUE['flow-rate'], { untilInMs: 1500 }],
    ['flow-rate', { queueFlowLimits: SLOW, flowCount: SPENT }, { untilInMs: 1500 }],
    ['ready', {}, { before: 3 }],
    ['ready', { dueInMs: 0 }, { before: 3 }],
  ])('%s with %j', (reason, facts, rest) => {
    expect(waitingOf({ ...READY, ...facts })).toEqual({ reason, ...rest });
  });
});

describe('nothing but its turn is what a task waits for', () => {
  test.each<[string, Partial<WaitingFacts>]>([
    ['whose origin is returning', { heldOrigin: { state: 'returning', untilInMs: 5 } }],
    ['whose hold-back is over', { heldOrigin: { state: 'held-back', untilInMs: 0 } }],
    ['whose URL is held back no longer', { heldUrl: { state: 'held-back', untilInMs: -1 } }],
    ['whose limits have not counted anything', { queueLimits: { ...ONE, ...SLOW }, ownFlowLimits: ONE }],
    [
      'whose flow key may have more than the queue’s others',
      { queueFlowLimits: ONE, ownFlowLimits: { maxConcurrency: 2 }, flowCount: FULL },
    ],
    ['that an operator runs, past a pause', { isRun: true, isQueuePaused: true }],
    ['that an operator runs, past a circuit', { isRun: true, ...MADE_TRUE['circuit-open'] }],
    ['that an operator runs, past a hold-back', { isRun: true, ...MADE_TRUE['target-held-back'] }],
    ['that an operator runs, past its queue’s rate', { isRun: true, ...MADE_TRUE['queue-rate'] }],
    ['that an operator runs, past its flow key’s rate', { isRun: true, ...MADE_TRUE['flow-rate'] }],
  ])('%s', (_name, facts) => {
    expect(waitingOf({ ...READY, ...facts })).toEqual({ reason: 'ready', before: 3 });
  });
});

test('of every two reasons that are true the first is told', () => {
  const made = Object.entries(MADE_TRUE);
  for (const [index, [reason, facts]] of made.entries())
    for (const [, later] of made.slice(index + 1))
      expect(waitingOf({ ...READY, ...later, ...merged(facts, later) }).reason).toBe(reason);
});

/** Two facts of one queue or flow key at once, where one alone would replace the other. */
function merged(a: Partial<WaitingFacts>, b: Partial<WaitingFacts>): Partial<WaitingFacts> {
  const both = (name: keyof WaitingFacts) =>
    a[name] !== undefined && b[name] !== undefined && typeof a[name] === 'object'
      ? { [name]: { ...(b[name] as object), ...a[name] } }
      : {};
  const counts = (name: 'queueCount' | 'flowCount') =>
    a[name] && b[name] ? { [name]: { inFlight: 1, tatInMs: 1500 } } : {};
  return {
    ...a,
    ...both('queueLimits'),
    ...both('ownFlowLimits'),
    ...counts('queueCount'),
    ...counts('flowCount'),
  };
}

const ms = fc.oneof(fc.constantFrom(-1, 0, 1), fc.double({ min: -5000, max: 5000, noNaN: true }));
const held = fc.record({ state: fc.constantFrom('held-back', 'circuit-open', 'returning'), untilInMs: ms });
const limits = fc.record(
  {
    maxConcurrency: fc.integer({ min: 1, max: 3 }),
    rateLimit: fc.record({ perSecond: fc.constantFrom(0.5, 10), burst: fc.integer({ min: 1, max: 3 }) }),
  },
  { requiredKeys: [] },
);
const count = fc.record({ inFlight: fc.nat({ max: 3 }), tatInMs: ms });
const facts = fc.record(
  {
    dueInMs: ms,
    isRun: fc.boolean(),
    isSchedulerAlive: fc.boolean(),
    isQueuePaused: fc.boolean(),
    heldOrigin: held,
    heldUrl: held,
    queueLimits: limits,
    queueCount: count,
    ownFlowLimits: limits,
    queueFlowLimits: limits,
    flowCount: count,
    before: fc.nat({ max: 10_000 }),
  },
  {
    requiredKeys: [
      'dueInMs',
      'isRun',
      'isSchedulerAlive',
      'isQueuePaused',
      'queueLimits',
      'ownFlowLimits',
      'queueFlowLimits',
      'before',
    ],
  },
) as fc.Arbitrary<WaitingFacts>;

/** Whether a reason is true, each by itself and without a look at the others. */
const HOLDS: Record<WaitingReason, (facts: WaitingFacts) => boolean> = {
  'not-due': ({ dueInMs }) => dueInMs > 0,
  'no-scheduler': ({ isSchedulerAlive }) => !isSchedulerAlive,
  'queue-paused': ({ isQueuePaused, isRun }) => isQueuePaused && !isRun,
  'circuit-open': ({ heldOrigin, isRun }) => heldOrigin?.state === 'circuit-open' && !isRun,
  'target-held-back': ({ heldOrigin, heldUrl, isRun }) =>
    !isRun && [heldOrigin, heldUrl].some((one) => one?.state === 'held-back' && one.untilInMs > 0),
  'queue-concurrency': ({ queueLimits: { maxConcurrency = Infinity }, queueCount }) =>
    (queueCount?.inFlight ?? 0) >= maxConcurrency,
  'flow-concurrency': ({ ownFlowLimits, queueFlowLimits, flowCount }) =>
    (flowCount?.inFlight ?? 0) >=
    (ownFlowLimits.maxConcurrency ?? queueFlowLimits.maxConcurrency ?? Infinity),
  'queue-rate': ({ queueLimits, queueCount, isRun }) =>
    !isRun && queueCount !== undefined && roomOf(queueLimits, queueCount).full === 'rate',
  'flow-rate': ({ ownFlowLimits, queueFlowLimits, flowCount, isRun }) =>
    !isRun &&
    flowCount !== undefined &&
    roomOf(flowLimitsOf(ownFlowLimits, queueFlowLimits), flowCount).full === 'rate',
  ready: () => true,
};
const WITH_UNTIL: readonly WaitingReason[] = [
  'not-due',
  'circuit-open',
  'target-held-back',
  'queue-rate',
  'flow-rate',
];

test('the reason is the first of the specification’s order that is true, with what belongs to it', () => {
  fc.assert(
    fc.property(facts, (given) => {
      const { reason, untilInMs, before } = waitingOf(given);
      expect(reason).toBe(WAITING_REASONS.find((candidate) => HOLDS[candidate](given)));
      expect(untilInMs !== undefined).toBe(WITH_UNTIL.includes(reason));
      expect(untilInMs ?? 0).toBeGreaterThanOrEqual(0);
      expect(before).toBe(reason === 'ready' ? given.before : undefined);
    }),
    { numRuns: 1000 },
  );
});
