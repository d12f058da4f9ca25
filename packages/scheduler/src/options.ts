import type { TargetPolicy } from '@dispatchr/lifecycle';
import type { TaskStore } from '@dispatchr/store';
import type { Clock } from './clock.ts';
import type { ConnectOptions, Lookup } from './delivery/connect.ts';
import type { Logger } from './logger.ts';

/** What a scheduler needs and how it is to behave; members with a default may be left out. */
export interface SchedulerOptions extends Partial<SchedulerSettings> {
  /** The door to the tasks; the scheduler never closes it. */
  store: TaskStore;
  clock: Clock;
  /** 0 … 1, evenly spread; for jitter only. */
  random: () => number;
  logger: Logger;
  /** Fresh for each start of a process; every attempt is recorded with it. */
  schedulerId: string;
  /** Of Dispatchr, as targets see it in `User-Agent`. */
  version: string;
  /** Which addresses are dialled. */
  targetPolicy: TargetPolicy;
  /** How host names are resolved; the operating system's resolver unless given. */
  lookup?: Lookup;
  /** Extra trust for https targets, for instance `ca`; certificates are always verified. */
  tls?: ConnectOptions['tls'];
}

/** The settings with a default. */
export interface SchedulerSettings {
  /** Deliveries in flight at most, nine tenths of them to one origin; 1 … 10,000. Default 100. */
  concurrency: number;
  /** Milliseconds between two looks for due tasks when no hint comes; 10 … 60,000. Default 1,000. */
  pollIntervalMs: number;
  /** Milliseconds that deliveries in flight may go on after `stop`; 0 … 1,800,000. Default 25,000. */
  gracePeriodMs: number;
  /** Milliseconds before the database is tried again, doubled each time; 10 … 60,000. Default 500. */
  reconnectIntervalMs: number;
  /** Milliseconds between two tries at most; 10 … 600,000. Default 5,000. */
  reconnectMaxIntervalMs: number;
  /** Milliseconds that completed tasks are kept; 1,000 … 3,153,600,000,000. Default 7 days. */
  retentionCompletedMs: number;
  /** Milliseconds that failed and cancelled tasks are kept; 1,000 … 3,153,600,000,000. Default 30 days. */
  retentionFailedMs: number;
  /** Standard Webhooks secrets, each of which signs every delivery. Default none. */
  signingSecrets: readonly string[];
}

const DAY_MS = 86_400_000;

/** What counts where an option is left out. */
export const SCHEDULER_DEFAULTS: Readonly<SchedulerSettings> = Object.freeze({
  concurrency: 100,
  pollIntervalMs: 1000,
  gracePeriodMs: 25_000,
  reconnectIntervalMs: 500,
  reconnectMaxIntervalMs: 5000,
  retentionCompletedMs: 7 * DAY_MS,
  retentionFailedMs: 30 * DAY_MS,
  signingSecrets: Object.freeze([]),
});

/** Options with every default filled in. */
export type ResolvedOptions = Omit<SchedulerOptions, keyof SchedulerSettings> & SchedulerSettings;

/** Fills in the defaults; throws a `RangeError` that names every option that is unknown, missing or out of range. */
export function resolveOptions(options: SchedulerOptions): ResolvedOptions {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const resolved = { ...SCHEDULER_DEFAULTS, ...given } as ResolvedOptions;
  const problems = [
    ...Object.keys(given).flatMap((name) =>
      KNOWN.has(name) ? [] : [`unknown option ${JSON.stringify(name)}`],
    ),
    ...REQUIRED.flatMap((name) => (name in given ? [] : [`expected the option ${name}, got none`])),
    ...Object.entries(RANGES).flatMap(([name, range]) => outOfRange(name, range, resolved)),
    ...wrongTexts(resolved),
  ];
  if (problems.length > 0) throw new RangeError(`scheduler options: ${problems.join('; ')}`);
  return resolved;
}

const CENTURY_MS = 36_500 * DAY_MS;

const RANGES = {
  concurrency: [1, 10_000],
  pollIntervalMs: [10, 60_000],
  gracePeriodMs: [0, 1_800_000],
  reconnectIntervalMs: [10, 60_000],
  reconnectMaxIntervalMs: [10, 600_000],
  retentionCompletedMs: [1000, CENTURY_MS],
  retentionFailedMs: [1000, CENTURY_MS],
} as const;

const REQUIRED = ['store', 'clock', 'random', 'logger', 'schedulerId', 'version', 'targetPolicy'] as const;

const KNOWN: ReadonlySet<string> = new Set([
  ...REQUIRED,
  ...Object.keys(SCHEDULER_DEFAULTS),
  'lookup',
  'tls',
]);

function outOfRange(name: string, [least, most]: readonly [number, number], options: object): string[] {
  const value: unknown = options[name as keyof typeof options];
  const fits = typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
  return fits
    ? []
    : [`expected ${name} to be an integer from ${least} to ${most}, got ${JSON.stringify(value)}`];
}

function wrongTexts(options: ResolvedOptions): string[] {
  return (['schedulerId', 'version'] as const).flatMap((name) => {
    const value: unknown = options[name];
    if (value === undefined || (typeof value === 'string' && value !== '')) return [];
    return [`expected ${name} to be a text that is not empty, got ${JSON.stringify(value)}`];
  });
}
