import type { RetryAsked } from '../events.ts';
import { type TaskContent, contentOf } from './contents.ts';
import { type Random, createRandom } from './random.ts';

/** The targets of a run. Each is an origin of its own, so that one that hangs can be told from those that do not. */
export const TARGET_NAMES = ['healthy-1', 'healthy-2', 'unsteady', 'hanging', 'busy', 'dying'] as const;
export type TargetName = (typeof TARGET_NAMES)[number];

/** The one that is dead for half a minute now and then. */
export const DYING: TargetName = 'dying';

/** Everything about one task: what is asked, what its target does, and what its producer does afterwards. */
export interface TaskPlan {
  readonly number: number;
  readonly token: string;
  readonly target: TargetName;
  /** Says what the target does; see behaviours.ts. */
  readonly path: string;
  readonly content: TaskContent;
  readonly identity: 'id' | 'key' | 'none';
  readonly schedule: Schedule;
  readonly timeoutMs: number;
  readonly retry: RetryAsked & { readonly jitter: number };
  readonly queue: string;
  readonly flowKey?: string;
  readonly priority: number;
  readonly afterwards: Afterwards;
}

/** When the task may run. `dueInMs` and `expiresInMs` are counted from its first submit. */
export type Schedule = {
  readonly delayMs?: number;
  readonly dueInMs?: number;
  readonly expiresInMs?: number;
};

/** What the producer does once the task is acknowledged. */
export type Afterwards =
  | { readonly do: 'nothing' }
  /** The same again, as if the answer had been lost: it must be the same task. */
  | { readonly do: 'submit-again' }
  /** Other content with the same identity: it must be refused. */
  | { readonly do: 'submit-other' }
  | { readonly do: 'cancel' | 'run' | 'retry'; readonly afterMs: number };

/** The share of each kind of task; the numbers need not add up to anything. */
export type Mix = Readonly<Partial<Record<KindName, number>>>;

/** A little of everything, most of it quick: what a chaos run submits. */
export const EVERYTHING: Mix = {
  quick: 500,
  slow: 200,
  'slow-seconds': 8,
  flaky: 80,
  'retry-after': 25,
  'too-many': 20,
  'too-many-for-ever': 4,
  rejected: 30,
  failing: 8,
  reset: 20,
  'reset-in-headers': 20,
  'short-body': 20,
  hanging: 10,
  'hanging-for-ever': 3,
  'longer-than-lease': 1,
  poison: 0.1,
  'cancelled-in-flight': 15,
  'cancelled-before': 10,
  'run-early': 10,
  'retried-by-operator': 15,
  'expiring-late': 40,
  'expiring-soon': 20,
  busy: 8,
  doomed: 60,
  metered: 25,
  narrow: 40,
  tenants: 40,
};

/** Targets that answer each attempt with 2xx, within 3 s: a duplicate or a used attempt is the service's doing. */
export const WELL_BEHAVED: Mix = { quick: 70, slow: 25, 'slow-seconds': 2, 'short-body': 3 };

/** What the task with the number does. Depends on nothing but seed, number and mix. */
export function planOf(seed: number, number: number, mix: Mix = EVERYTHING): TaskPlan {
  const random = createRandom(seed, number);
  const kind = drawKind(mix, random);
  const quick = {
    number,
    token: `${seed}-${number}`,
    target: random.pick(['healthy-1', 'healthy-2'] as const),
    path: '/ok',
    content: contentOf(random, number),
    identity: drawIdentity(random),
    schedule: drawSchedule(random),
    timeoutMs: random.pick([8_000, 10_000, 15_000]),
    retry: drawRetry(random),
    queue: random.pick(['default', 'default', 'mail', 'reports']),
    priority: random.chance(0.8) ? 0 : random.between(-5, 5),
    afterwards: drawAfterwards(random),
  };
  return { ...quick, ...KINDS[kind](random) };
}

type KindName = keyof typeof KINDS;

const KINDS = {
  quick: () => ({}),
  slow: (random: Random) => ({ path: `/slow/${random.between(20, 300)}` }),
  'slow-seconds': (random: Random) => ({ path: `/slow/${random.between(1000, 3000)}` }),
  flaky: (random: Random) => unsteady(`/flaky/${random.between(1, 3)}`),
  'retry-after': (random: Random) => ({
    target: 'busy' as const,
    path: `/retry-after/${random.between(1, 4)}`,
  }),
  'too-many': (random: Random) => unsteady(`/too-many/${random.between(1, 2)}`),
  'too-many-for-ever': (random: Random) => ({ ...unsteady('/always/429'), ...attempts(random, 3) }),
  rejected: (random: Random) => unsteady(`/always/${random.pick([400, 410, 422])}`),
  busy: (random: Random) => ({ target: 'busy' as const, path: `/busy/${random.between(2, 6)}` }),
  doomed: () => ({ target: DYING }),
  metered: () => ({ queue: 'metered', schedule: {} }),
  narrow: (random: Random) => ({
    queue: 'narrow',
    path: `/slow/${random.between(200, 600)}`,
    schedule: {},
  }),
  tenants: (random: Random) => ({
    queue: 'tenants',
    flowKey: `tenant-${random.pick([1, 1, 1, 2, 3])}`,
    path: `/slow/${random.between(150, 500)}`,
    schedule: {},
  }),
  failing: (random: Random) => ({
    ...unsteady(`/always/${random.pick([302, 404, 500, 503])}`),
    ...attempts(random, random.between(1, 4)),
  }),
  reset: () => unsteady('/reset'),
  'reset-in-headers': () => unsteady('/reset-in-headers'),
  'short-body': () => ({ path: '/short-body' }),
  hanging: (random: Random) => ({ ...hanging('/hang/1'), timeoutMs: random.between(1500, 4000) }),
  'hanging-for-ever': (random: Random) => ({
    ...hanging('/hang/1000'),
    ...attempts(random, 2),
    timeoutMs: random.between(1500, 3000),
  }),
  'longer-than-lease': (random: Random) => ({
    path: `/slow/${random.between(33_000, 45_000)}`,
    timeoutMs: 60_000,
    schedule: {},
  }),
  poison: (random: Random) => ({ ...unsteady(`/poison/${random.between(1, 2)}`), schedule: {} }),
  'cancelled-in-flight': (random: Random) => ({
    path: random.pick(['/slow/120', '/slow/200', '/flaky/1', '/ok']),
    schedule: {},
    afterwards: { do: 'cancel' as const, afterMs: random.between(0, 250) },
  }),
  'cancelled-before': (random: Random) => ({
    schedule: { delayMs: random.between(1000, 10_000) },
    afterwards: { do: 'cancel' as const, afterMs: random.between(0, 2000) },
  }),
  'run-early': (random: Random) => ({
    queue: random.pick(['default', 'mail', 'narrow', 'metered']),
    schedule: { delayMs: random.between(20_000, 60_000) },
    afterwards: { do: 'run' as const, afterMs: random.between(100, 5000) },
  }),
  'expiring-late': (random: Random) => ({ schedule: { expiresInMs: random.between(20_000, 90_000) } }),
  'expiring-soon': (random: Random) => ({
    path: random.pick(['/ok', '/slow/500', '/flaky/3']),
    schedule: { dueInMs: random.between(500, 3_000), expiresInMs: random.between(3_001, 4_000) },
  }),
  'retried-by-operator': (random: Random) => ({
    ...unsteady(`/reject-once/${random.pick([400, 410, 422])}`),
    schedule: {},
    afterwards: { do: 'retry' as const, afterMs: random.between(300, 2000) },
  }),
};

function unsteady(path: string) {
  return { target: 'unsteady' as const, path };
}

function hanging(path: string) {
  return { target: 'hanging' as const, path };
}

function attempts(random: Random, maxAttempts: number) {
  return { retry: { ...drawRetry(random), maxAttempts } };
}

function drawKind(mix: Mix, random: Random): KindName {
  const shares = Object.entries(mix) as [KindName, number][];
  let left = random.next() * shares.reduce((sum, [, share]) => sum + share, 0);
  for (const [kind, share] of shares) {
    left -= share;
    if (left < 0) return kind;
  }
  return 'quick';
}

function drawIdentity(random: Random): TaskPlan['identity'] {
  return random.pick(['id', 'id', 'id', 'key', 'key', 'none']);
}

/** Bounded so that a drain of what was submitted last ends within two minutes. */
function drawSchedule(random: Random): Schedule {
  const drawn = random.next();
  if (drawn < 0.8) return {};
  if (drawn < 0.88) return { delayMs: random.between(1, 20_000) };
  return { dueInMs: random.between(-5_000, 20_000) };
}

/** Ten tries at least, for each fault may cost one; pauses that a drain can wait for. */
function drawRetry(random: Random): TaskPlan['retry'] {
  const minBackoffMs = random.between(100, 800);
  return {
    maxAttempts: random.between(10, 16),
    minBackoffMs,
    maxBackoffMs: minBackoffMs + random.between(0, 4000),
    multiplier: random.pick([1, 1.5, 2, 3]),
    jitter: random.pick([0, 0.2, 0.5]),
    ...(random.chance(0.03) && { maxDurationMs: random.between(10_000, 60_000) }),
  };
}

function drawAfterwards(random: Random): Afterwards {
  const drawn = random.next();
  if (drawn < 0.01) return { do: 'submit-again' };
  if (drawn < 0.02) return { do: 'submit-other' };
  return { do: 'nothing' };
}
