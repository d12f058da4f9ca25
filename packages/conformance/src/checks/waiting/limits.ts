import type { Check } from '../../check.ts';
import type { CheckContext } from '../../run/check-context.ts';
import { put } from '../flow-control/queue-requests.ts';
import { inFlight, requireUntil, untilWaiting } from './waiting-task.ts';

// One delivery in 50 seconds: what comes after the first waits for longer than a check looks at it.
const SLOW = { perSecond: 0.02, burst: 1 };
const SLOW_MS = 50_000;
const FULL = { maxConcurrency: 1 };
const FEATURES = ['waiting-reason', 'queues', 'rate-limits', 'flow-keys'] as const;

interface LimitedCase {
  readonly settings: object;
  readonly reason: string;
  readonly untilMs?: number;
}

/** What a task waits for in a queue with limits. */
export const WAITING_FOR_LIMITS_CHECKS: readonly Check[] = [
  waitsFor({
    id: 'waiting-shows-a-full-queue',
    title: 'A due task of a queue that has as much in flight as it may waits for `queue-concurrency`.',
    limited: { settings: FULL, reason: 'queue-concurrency' },
  }),
  waitsFor({
    id: 'waiting-shows-a-full-flow-key',
    title: 'A due task of a flow key that has as much in flight as it may waits for `flow-concurrency`.',
    limited: { settings: { flowLimits: FULL }, reason: 'flow-concurrency' },
  }),
  waitsFor({
    id: 'waiting-shows-the-rate-of-a-queue',
    title:
      'A due task of a queue that has started as much as it may waits for `queue-rate`, and shows until when.',
    limited: { settings: { rateLimit: SLOW }, reason: 'queue-rate', untilMs: SLOW_MS },
  }),
  waitsFor({
    id: 'waiting-shows-the-rate-of-a-flow-key',
    title:
      'A due task of a flow key that has started as much as it may waits for `flow-rate`, and shows until when.',
    limited: { settings: { flowLimits: { rateLimit: SLOW } }, reason: 'flow-rate', untilMs: SLOW_MS },
  }),
  {
    id: 'waiting-shows-the-first-of-several-limits',
    title:
      'Of several limits that are reached a task shows the first: the concurrency, then the rate, each of the queue first.',
    covers: { 'WHY-002': '7706e7f1' },
    profile: 'core',
    features: FEATURES,
    async run(t) {
      const rate = { rateLimit: SLOW };
      const all = { ...FULL, ...rate, flowLimits: { ...FULL, ...rate } };
      await put(t, all);
      await inFlight(t);
      const { id } = await t.submit(t.taskFor(await t.target()));
      await untilWaiting(t, id, 'queue-concurrency');
      await put(t, { maxConcurrency: null });
      await untilWaiting(t, id, 'flow-concurrency');
      await put(t, { flowLimits: rate });
      await untilWaiting(t, id, 'queue-rate');
      await put(t, { rateLimit: null });
      await untilWaiting(t, id, 'flow-rate');
    },
  },
  {
    id: 'waiting-shows-a-pause-before-a-limit',
    title:
      'A due task of a paused queue that is full waits for `queue-paused`, and for its limit once that is over.',
    covers: { 'WHY-002': '7706e7f1' },
    profile: 'core',
    features: ['waiting-reason', 'queues', 'rate-limits'],
    async run(t) {
      await put(t, FULL);
      await inFlight(t);
      await put(t, { paused: true });
      const { id } = await t.submit(t.taskFor(await t.target()));
      await untilWaiting(t, id, 'queue-paused');
      await put(t, { paused: false });
      await untilWaiting(t, id, 'queue-concurrency');
    },
  },
];

/** A task of a limited queue behind one that is in flight. */
function waitsFor({ id, title, limited }: { id: string; title: string; limited: LimitedCase }): Check {
  return {
    id,
    title,
    covers: { 'WHY-002': '7706e7f1', 'WHY-001': '9ee0a96f', 'WHY-003': 'e9196412', 'WHY-004': '526eaf51' },
    profile: 'core',
    features: FEATURES,
    run: (t) => showsLimit(t, limited),
  };
}

async function showsLimit(t: CheckContext, { settings, reason, untilMs }: LimitedCase): Promise<void> {
  await put(t, settings);
  const { id: first } = await inFlight(t);
  const { id } = await t.submit(t.taskFor(await t.target()));
  const waiting = await untilWaiting(t, id, reason);
  t.equal('WHY-004', '`before`, which `ready` alone has', waiting.before, undefined);
  if (untilMs !== undefined) await requireUntil(t, waiting, untilMs);
  const { json } = await t.api.get(first);
  t.equal('WHY-001', 'what the task in flight waits for', json.waiting, undefined);
}
