import type { MutantId } from '../selftest/mutants/index.ts';
import type { VariantId } from '../selftest/variants.ts';

/** What a reference is started with, in the form that its parts read. */
export interface Settings {
  readonly mutants: ReadonlySet<MutantId>;
  readonly variants: ReadonlySet<VariantId>;
  readonly features: ReadonlySet<string>;
  /** Keys of the signatures, decoded. */
  readonly secrets: readonly Buffer[];
  readonly token: string | undefined;
  /** After how long a tick of a schedule that was not recorded counts as missed. Spec: SCH-053. */
  readonly missedAfterMs: number;
}

/** The limits that are declared and enforced; small where that makes checks fast. */
export const LIMITS = {
  maxTaskBytes: 65_536,
  maxBatchBytes: 262_144,
  maxBatchTasks: 100,
  maxDepth: 64,
  maxIdLength: 512,
  maxTimeoutMs: 1_800_000,
  minTimeoutMs: 1,
  minBackoffMs: 1,
  maxBackoffMs: 86_400_000,
  maxAttempts: 1000,
  idempotencyWindowMs: 604_800_000,
  maxWaitMs: 4000,
  maxPageSize: 1000,
  retryAfterMaxMs: 3_600_000,
  maxHeaders: 64,
  maxHeaderBytes: 8192,
  retentionCompletedMs: 604_800_000,
  retentionFailedMs: 2_592_000_000,
} as const;

/** The features that a reference has unless it is told otherwise; `signatures` comes with the secrets. */
export const FEATURES = [
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
] as const;
