import type { HeldState } from './queue-record.ts';

/** The health of an origin, as of one moment. */
export interface TargetRecord {
  readonly origin: string;
  readonly state: 'healthy' | HeldState;
  /** Since when it is in this state; absent while it is healthy. */
  readonly since?: Date;
  /** The end of a hold-back, or when the next probe may be sent. */
  readonly until?: Date;
  /** In a row, towards an open circuit. */
  readonly failures: number;
  readonly lastError?: string;
  /** Running tasks, of all schedulers. */
  readonly running: number;
  readonly heldUrls: readonly { readonly target: string; readonly until: Date }[];
}
