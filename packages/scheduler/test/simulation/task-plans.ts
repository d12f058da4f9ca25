import type { RetryPolicy } from '@dispatchr/contract';
import type { NewTask } from '@dispatchr/store';
import { createRandom, type Random } from './random.ts';

/** What a target does with one attempt. */
export type TargetAnswer =
  | { kind: 'status'; status: number; afterMs: number; retryAfterS?: number; noRetry?: boolean }
  | { kind: 'reset'; afterMs: number }
  | { kind: 'blocked'; afterMs: number }
  | { kind: 'hang' };

/** Everything that is to happen to one task, by its number and the seed alone. */
export interface TaskPlan {
  readonly number: number;
  /** Absent when it is kept for a burst. */
  readonly submitAtMs: number | undefined;
  /** How its producer names it; what it names by nothing is another task at each try. */
  readonly identity: 'id' | 'key' | 'none';
  readonly delayMs: number;
  readonly expiresInMs: number | undefined;
  readonly timeoutMs: number;
  readonly retry: Partial<RetryPolicy>;
  readonly queue: string;
  readonly priority: number;
  readonly origin: string;
  /** Milliseconds after its answer at which somebody does something to it, fitting its state or not. */
  readonly operationsAfterMs: readonly number[];
  /** Somebody cancels it while its first attempt is under way. */
  readonly isCancelledInFlight: boolean;
  /** Its producer submits it once more, with the same content or another. */
  readonly resubmits: 'same' | 'other' | undefined;
  answerOf(attempt: number): TargetAnswer;
}

type Behaviour = (attempt: number, random: Random) => TargetAnswer;

const ok = (afterMs: number, random: Random): TargetAnswer => ({
  kind: 'status',
  status: random.pick([200, 201, 202, 204]),
  afterMs,
});

const BEHAVIOURS: readonly (readonly [origin: string, weight: number, behaviour: Behaviour])[] = [
  ['https://healthy.test', 6, (_, random) => ok(random.between(2, 150), random)],
  ['https://slow.test', 6, (_, random) => ok(random.between(500, 12_000), random)],
  ['https://outlives-lease.test', 1, (_, random) => ok(random.between(29_000, 48_000), random)],
  [
    'https://flaky.test',
    4,
    (attempt, random) =>
      attempt > random.whole(1, 3) ? ok(20, random) : { kind: 'status', status: 503, afterMs: 20 },
  ],
  ['https://broken.test', 3, (_, random) => status(random, [500, 502, 404, 302, 401])],
  [
    'https://limiting.test',
    1,
    (attempt, random) =>
      attempt > 2
        ? ok(5, random)
        : { kind: 'status', status: 429, afterMs: 5, retryAfterS: random.whole(0, 12) },
  ],
  ['https://refusing.test', 3, (_, random) => status(random, [400, 405, 410, 413, 414, 415, 422])],
  ['https://refusing.test', 1, () => ({ kind: 'status', status: 503, afterMs: 40, noRetry: true })],
  ['https://blocked.test', 6, (_, random) => ({ kind: 'blocked', afterMs: random.between(1, 4000) })],
  ['https://hanging.test', 3, () => ({ kind: 'hang' })],
  ['https://resetting.test', 1, (_, random) => ({ kind: 'reset', afterMs: random.between(1, 400) })],
];

/** Those of the tasks that come in bursts, so that much is under way when a scheduler is told to stop. */
const SLOW_BEHAVIOURS: typeof BEHAVIOURS = [
  ['https://slow.test', 3, (_, random) => ok(random.between(2000, 12_000), random)],
  ['https://hanging.test', 5, () => ({ kind: 'hang' })],
  [
    'https://slow-refusal.test',
    1,
    (_, random) => ({ kind: 'status', status: 422, afterMs: random.between(500, 6000) }),
  ],
  ['https://slow-refusal.test', 1, (_, random) => ({ kind: 'blocked', afterMs: random.between(500, 4000) })],
];

/** Milliseconds: late enough for a task to be claimed, early enough to be over when its scheduler breaks off. */
const BURST_EXPIRIES = [
  [300, 1200],
  [300, 1800],
  [500, 2500],
  [500, 3500],
] as const;

/** Every so many tasks one is kept for a burst. */
const BURST_EVERY = 2;

const weighted = (entries: typeof BEHAVIOURS): typeof BEHAVIOURS =>
  entries.flatMap((entry) => Array.from({ length: entry[1] }, () => entry));
const STEADY = weighted(BEHAVIOURS);
const SLOW = weighted(SLOW_BEHAVIOURS);

function status(random: Random, statuses: readonly number[]): TargetAnswer {
  return { kind: 'status', status: random.pick(statuses), afterMs: random.between(1, 1500) };
}

function burstExpiry(random: Random): number | undefined {
  if (!random.chance(0.9)) return undefined;
  const [from, to] = random.pick<readonly [number, number]>(BURST_EXPIRIES);
  return random.whole(from, to);
}

/** The plan of a task; `spreadMs` is the time over which tasks are submitted. */
export function planTask(seed: number, number: number, spreadMs: number): TaskPlan {
  const random = createRandom(seed, 'task', number);
  const isForBurst = number % BURST_EVERY === 0;
  const [origin, , behaviour] = random.pick(isForBurst ? SLOW : STEADY);
  const isDelayed = !isForBurst && random.chance(0.25);
  return {
    number,
    submitAtMs: isForBurst ? undefined : random.between(0, spreadMs),
    identity: random.pick(['id', 'id', 'key', 'none']),
    delayMs: isDelayed ? random.whole(1, 25_000) : 0,
    expiresInMs: isForBurst
      ? burstExpiry(random)
      : random.pick([undefined, undefined, undefined, random.whole(200, 4000), random.whole(200, 45_000)]),
    timeoutMs:
      origin.includes('outlives') || random.chance(0.05) ? 60_000 : random.pick([1500, 4000, 8000, 15_000]),
    retry: planRetry(random),
    queue: random.pick(['default', 'mail', 'reports']),
    priority: random.pick([0, 0, 5, -3]),
    origin,
    operationsAfterMs: random.chance(0.45)
      ? Array.from({ length: random.whole(1, 4) }, () => random.between(0, 60_000))
      : [],
    isCancelledInFlight: random.chance(/refus|blocked/.test(origin) ? 0.6 : isForBurst ? 0.05 : 0.2),
    resubmits: random.chance(0.1) ? random.pick(['same', 'other']) : undefined,
    answerOf: (attempt) => behaviour(attempt, createRandom(seed, 'answer', number, attempt)),
  };
}

function planRetry(random: Random): Partial<RetryPolicy> {
  const minBackoffMs = random.pick([20, 200, 1500, 5000]);
  return {
    maxAttempts: random.pick([1, 2, 2, 3, 5]),
    minBackoffMs,
    maxBackoffMs: minBackoffMs * random.whole(1, 6),
    multiplier: random.pick([1, 1.5, 3]),
    jitter: random.pick([0, 0.2, 1]),
    ...(random.chance(0.1) && { maxDurationMs: random.whole(1000, 60_000) }),
  };
}

/** The task that its producer submits at this try, at this instant of the database. */
export function submissionOf(plan: TaskPlan, submit: number, nowDbMs: number, content = 'asked'): NewTask {
  const { number, identity, delayMs, expiresInMs, timeoutMs, retry, queue, priority, origin } = plan;
  const name = `t${number}`;
  const isOwnId = identity === 'id';
  return {
    id: isOwnId ? name : `${name}-${submit}`,
    ...(identity === 'none' ? {} : { fingerprint: `${name} as ${content}` }),
    ...(identity === 'key' && { idempotencyKey: `key, "of" ${name}` }),
    target: `${origin}/hook/${number}`,
    origin,
    taskName: name,
    taskArgs: argumentsOf(number),
    queue,
    flowKey: `flow-${number % 4}`,
    priority,
    ...(delayMs > 0 && { delayMs }),
    ...(expiresInMs !== undefined && {
      expiresAt: new Date(nowDbMs + delayMs + expiresInMs).toISOString(),
    }),
    timeoutMs,
    retry,
  };
}

/** Text that a parser would change. */
export function argumentsOf(number: number): string {
  return `{"n":${number}.50,"huge":1e400,"n":"\\u00e9é","list":[ ]}`;
}

/** The number in a task's id. */
export function planNumberOf(id: string): number {
  return Number(/^t(\d+)/.exec(id)?.[1] ?? -1);
}
