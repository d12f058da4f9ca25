import type { RetryPolicy } from '@dispatchr/contract';
import type { NewTask } from '@dispatchr/store';
import { createRandom, type Random } from './random.ts';

/** What a target does with one attempt. */
export type TargetAnswer =
  | { kind: 'status'; status: number; afterMs: number; retryAfterS?: number; noRetry?: boolean }
  | { kind: 'reset'; afterMs: number }
  | { kind: 'refused'; afterMs: number }
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
  readonly target: string;
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
    2,
    (attempt, random) =>
      attempt > 2
        ? ok(5, random)
        : { kind: 'status', status: 429, afterMs: 5, retryAfterS: random.whole(0, 12) },
  ],
  [
    'https://overloaded.test',
    4,
    (attempt, random) =>
      attempt > 1 || random.chance(0.5)
        ? ok(random.between(5, 900), random)
        : { kind: 'status', status: 503, afterMs: 5, retryAfterS: random.whole(0, 6) },
  ],
  ['https://dying.test', 5, (_, random) => ok(random.between(5, 900), random)],
  ['https://refusing.test', 4, (_, random) => status(random, [400, 405, 410, 413, 414, 415, 422])],
  ['https://refusing.test', 1, () => ({ kind: 'status', status: 503, afterMs: 40, noRetry: true })],
  ['https://blocked.test', 6, (_, random) => ({ kind: 'blocked', afterMs: random.between(1, 4000) })],
  ['https://hanging.test', 3, () => ({ kind: 'hang' })],
  ['https://resetting.test', 1, (_, random) => ({ kind: 'reset', afterMs: random.between(1, 400) })],
];

/** URLs of an origin, where tasks share them. */
const URLS: ReadonlyMap<string, number> = new Map([['https://limiting.test', 5]]);

/** Those that can be made to die for a while. */
export const MORTAL_ORIGINS = ['https://dying-0.test', 'https://dying-1.test'] as const;

/**
 * Hosts behind an origin, where it is more than one: what never answers well, or only by a retry, has many, or open
 * circuits would let through too little of it. What dies, or asks to be left alone, has few.
 */
const HOSTS: ReadonlyMap<string, number> = new Map([
  ['https://hanging.test', 60],
  ['https://resetting.test', 60],
  ['https://flaky.test', 60],
  ['https://overloaded.test', 6],
  ['https://dying.test', MORTAL_ORIGINS.length],
]);

/** Whether it is one of `MORTAL_ORIGINS`. */
export function canDie(origin: string): boolean {
  return origin.startsWith('https://dying');
}

/** Those of the tasks that come in bursts, so that much is under way when a scheduler is told to stop. */
const SLOW_BEHAVIOURS: typeof BEHAVIOURS = [
  ['https://slow.test', 3, (_, random) => ok(random.between(2000, 12_000), random)],
  ['https://hanging.test', 8, () => ({ kind: 'hang' })],
  ['https://dying.test', 4, (_, random) => ok(random.between(5, 900), random)],
  [
    'https://slow-refusal.test',
    3,
    (_, random) => ({ kind: 'status', status: 422, afterMs: random.between(500, 6000) }),
  ],
  ['https://slow-refusal.test', 3, (_, random) => ({ kind: 'blocked', afterMs: random.between(500, 4000) })],
];

/** Milliseconds: late enough for a task to be claimed, early enough to be over when its scheduler breaks off. */
const BURST_EXPIRIES = [
  [300, 1200],
  [300, 1800],
  [500, 2500],
  [500, 3500],
] as const;

/** Queues of all tasks; the first is never limited. */
export const QUEUES = ['default', 'mail', 'reports', 'bulk'] as const;

/** Of so many tasks one is not kept for a burst. */
const STEADY_EVERY = 3;

const weighted = (entries: typeof BEHAVIOURS): typeof BEHAVIOURS =>
  entries.flatMap((entry) => Array.from({ length: entry[1] }, () => entry));
const STEADY = weighted(BEHAVIOURS);
const SLOW = weighted(SLOW_BEHAVIOURS);

function status(random: Random, statuses: readonly number[]): TargetAnswer {
  return { kind: 'status', status: random.pick(statuses), afterMs: random.between(1, 1500) };
}

function burstExpiry(random: Random): number | undefined {
  if (!random.chance(0.95)) return undefined;
  const [from, to] = random.pick<readonly [number, number]>(BURST_EXPIRIES);
  return random.whole(from, to);
}

/** The plan of a task; `spreadMs` is the time over which tasks are submitted. */
export function planTask(seed: number, number: number, spreadMs: number): TaskPlan {
  const random = createRandom(seed, 'task', number);
  const isForBurst = number % STEADY_EVERY > 0;
  const [name, , behaviour] = random.pick(isForBurst ? SLOW : STEADY);
  const origin = name.replace('.test', HOSTS.has(name) ? `-${number % HOSTS.get(name)!}.test` : '.test');
  const isDelayed = !isForBurst && random.chance(0.25);
  return {
    number,
    submitAtMs: isForBurst ? undefined : random.between(0, spreadMs),
    identity: random.pick(['id', 'id', 'key', 'none']),
    delayMs: isDelayed ? random.whole(1, 25_000) : 0,
    expiresInMs:
      isForBurst && !canDie(origin)
        ? burstExpiry(random)
        : random.pick([undefined, undefined, undefined, random.whole(200, 4000), random.whole(200, 45_000)]),
    timeoutMs:
      origin.includes('outlives') || random.chance(0.02)
        ? 60_000
        : random.pick([isForBurst ? 6000 : 1500, 4000, 8000, 15_000]),
    retry: canDie(origin) ? { ...planRetry(random), ...PATIENT } : planRetry(random),
    queue: random.pick(QUEUES),
    priority: random.pick([0, 0, 5, -3]),
    origin,
    target: `${origin}/hook/${number % (URLS.get(name) ?? Infinity)}`,
    operationsAfterMs: random.chance(0.6)
      ? Array.from({ length: random.whole(1, 4) }, () => random.between(0, 45_000))
      : [],
    isCancelledInFlight: random.chance(/refus|blocked/.test(origin) ? 0.9 : isForBurst ? 0.05 : 0.2),
    resubmits: random.chance(0.1) ? random.pick(['same', 'other']) : undefined,
    answerOf: (attempt) => behaviour(attempt, createRandom(seed, 'answer', number, attempt)),
  };
}

/** Of tasks for what may die: many attempts in a short time. */
const PATIENT = { maxAttempts: 8, minBackoffMs: 100, maxBackoffMs: 1000 } as const;

function planRetry(random: Random): Partial<RetryPolicy> {
  const minBackoffMs = random.pick([20, 200, 1500, 3000]);
  return {
    maxAttempts: random.pick([1, 2, 2, 3, 4]),
    minBackoffMs,
    maxBackoffMs: minBackoffMs * random.whole(1, 4),
    multiplier: random.pick([1, 1.5, 3]),
    jitter: random.pick([0, 0.2, 1]),
    ...(random.chance(0.1) && { maxDurationMs: random.whole(1000, 60_000) }),
  };
}

/** The task that its producer submits at this try, at this instant of the database. */
export function submissionOf(plan: TaskPlan, submit: number, nowDbMs: number, content = 'asked'): NewTask {
  const { number, identity, delayMs, expiresInMs, timeoutMs, retry, queue, priority, origin, target } = plan;
  const name = `t${number}`;
  const isOwnId = identity === 'id';
  return {
    id: isOwnId ? name : `${name}-${submit}`,
    ...(identity === 'none' ? {} : { fingerprint: `${name} as ${content}` }),
    ...(identity === 'key' && { idempotencyKey: `key, "of" ${name}` }),
    target,
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
