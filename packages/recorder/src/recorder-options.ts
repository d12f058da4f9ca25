import { FEATURES, LIMITS, recorderOpenApi } from '@dispatchr/contract';
import type { Discovery, Feature, Limits } from '@dispatchr/contract';
import { checkTargetUrl, parseTargetPolicy, remember } from '@dispatchr/lifecycle';
import type { TargetPolicy, TargetVerdict } from '@dispatchr/lifecycle';
import type { TaskRecord, TaskStore } from '@dispatchr/store';

/** What a recorder needs and what can be set of it; the same for the plugin and the stand-alone server. */
export interface RecorderOptions {
  /** Where tasks are recorded. */
  store: TaskStore;
  /** Makes the id of a task whose producer chose none: unique, time-ordered, `[A-Za-z0-9._~:-]{1,512}`. */
  newId: () => string;
  /** Milliseconds since 1970; only bounds how far ahead `dueAt` may be. */
  now: () => number;
  /** Called after the commit with the tasks that a submit created. */
  onRecorded?: (tasks: readonly TaskRecord[]) => void;
  /** The bearer token that task operations ask for. None by default: anybody who reaches the server may use it. */
  token?: string;
  /** Which addresses may be targets. By default public ones only. */
  targetPolicy?: TargetPolicy;
  /** Limits that differ from those of the specification; all are declared in the discovery document. */
  limits?: Partial<Limits>;
  /** The features that are declared and served. By default all that this recorder has, without `signatures`. */
  features?: readonly Feature[];
  /** Name and version in the discovery document. */
  implementation?: Discovery['implementation'];
  /** What an acknowledged task survives: the end of the process, or the loss of power too. `process` by default. */
  durability?: 'process' | 'disk';
}

/** Options with every default filled in; what the routes are made of. */
export type RecorderContext = Required<Omit<RecorderOptions, 'token' | 'limits'>> & {
  token: string | undefined;
  limits: Limits;
  /** The path under which the recorder is mounted; empty at the root. */
  prefix: string;
  /** Aborts once the recorder begins to close: nobody is kept waiting then. */
  closing: AbortSignal;
  /** What the target policy says to a target. */
  judgeTarget: (target: string) => TargetVerdict;
};

/** What counts when an option is left out. */
export const RECORDER_DEFAULTS = Object.freeze({
  onRecorded: () => {},
  targetPolicy: parseTargetPolicy({ allow: [], listensOnLoopback: false }),
  features: [
    'batch',
    'request',
    'idempotency-key',
    'priority',
    'expiry',
    'wait',
    'queues',
    'weights',
    'rate-limits',
    'flow-keys',
    'target-health',
    'waiting-reason',
    'schedules',
  ] as readonly Feature[],
  implementation: { name: 'dispatchr', version: '0.1.0' },
  durability: 'process' as const,
});

/** The names of all options. */
export const RECORDER_OPTION_NAMES: readonly string[] = [
  'store',
  'newId',
  'now',
  'token',
  'limits',
  ...Object.keys(RECORDER_DEFAULTS),
];

/** Fills in the defaults; throws a TypeError or RangeError that names the option. */
export function resolveRecorderOptions(
  options: RecorderOptions,
): Omit<RecorderContext, 'prefix' | 'closing'> {
  refuseUnknownNames('option', Object.keys(options), RECORDER_OPTION_NAMES);
  refuseMissing(options);
  refuseUnknownNames('feature', options.features ?? [], FEATURES);
  if (options.token === '') throw new RangeError('option token: expected a token, got an empty text');
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const resolved = { ...RECORDER_DEFAULTS, ...(given as unknown as RecorderOptions) };
  return {
    ...resolved,
    token: options.token,
    limits: resolveLimits(options.limits ?? {}, resolved.features),
    judgeTarget: remember((target) => checkTargetUrl(resolved.targetPolicy, target)),
  };
}

/** Throws a TypeError that names what is not known. */
export function refuseUnknownNames(kind: string, names: readonly string[], known: readonly string[]): void {
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new TypeError(`expected ${kind}s among ${known.join(', ')}, got ${unknown.join(', ')}`);
  }
}

function refuseMissing(options: RecorderOptions): void {
  if (typeof options.store?.submitTask !== 'function')
    throw new TypeError('option store: expected a task store, got none');
  for (const name of ['newId', 'now'] as const) {
    if (typeof options[name] !== 'function')
      throw new TypeError(`option ${name}: expected a function, got none`);
  }
}

/** Nesting a body may be given at most; reading recurses. */
const DEEPEST = 1000;

function resolveLimits(asked: Partial<Limits>, features: readonly Feature[]): Limits {
  const defaults = defaultLimits(features);
  refuseUnknownNames('limit', Object.keys(asked), Object.keys(defaults));
  const limits = { ...defaults, ...asked };
  const schemas = recorderOpenApi.components.schemas['Limits']?.['properties'] as Record<string, Bounds>;
  for (const [name, value] of Object.entries(limits)) {
    const { minimum = 0, maximum = name === 'maxDepth' ? DEEPEST : Number.MAX_SAFE_INTEGER } =
      schemas[name] ?? {};
    if (!Number.isSafeInteger(value) || value < minimum || value > maximum) {
      throw new RangeError(
        `limit ${name}: expected a whole number from ${minimum} to ${maximum}, got ${value}`,
      );
    }
  }
  return limits;
}

type Bounds = { minimum?: number; maximum?: number };

function defaultLimits(features: readonly Feature[]): Limits {
  return {
    maxTaskBytes: LIMITS.maxTaskBytes,
    maxBatchBytes: LIMITS.maxBatchBytes,
    maxBatchTasks: LIMITS.maxBatchTasks,
    maxDepth: LIMITS.maxDepth,
    maxIdLength: LIMITS.maxIdLength,
    maxTimeoutMs: LIMITS.maxTimeoutMs,
    minTimeoutMs: LIMITS.minTimeoutMs,
    minBackoffMs: LIMITS.minBackoffMs,
    maxBackoffMs: LIMITS.maxBackoffMs,
    maxAttempts: LIMITS.maxAttempts,
    idempotencyWindowMs: LIMITS.idempotencyWindowMs,
    maxWaitMs: features.includes('wait') ? LIMITS.maxWaitMs : 0,
    maxPageSize: LIMITS.maxPageSize,
    retryAfterMaxMs: LIMITS.retryAfterMaxMs,
    maxHeaders: LIMITS.maxHeaders,
    maxHeaderBytes: LIMITS.maxHeaderBytes,
    retentionCompletedMs: LIMITS.retentionCompletedMs,
    retentionFailedMs: LIMITS.retentionFailedMs,
  };
}
