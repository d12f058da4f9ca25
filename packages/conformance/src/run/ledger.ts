import { DeliveryHistory } from './delivery-history.ts';
import { TaskHistory } from './task-history.ts';

/** A rule that every response or every delivery of a run is held against, whichever check caused it. */
export type LedgerRule =
  | 'response-status'
  | 'response-media-type'
  | 'response-headers'
  | 'response-body'
  | 'problem'
  | 'problem-type'
  | 'problem-status'
  | 'problem-errors'
  | 'problem-members'
  | 'problem-secrets'
  | 'instants'
  | 'no-null'
  | 'delivery-headers'
  | 'delivery-framing';

/** One breach of a rule, and the check during which it was seen. */
export interface LedgerEntry {
  readonly rule: LedgerRule;
  readonly check: string;
  readonly what: string;
  readonly curl?: string;
}

/** What the whole run saw against the documents; the checks that run last judge it. */
export class Ledger {
  readonly entries: LedgerEntry[] = [];
  /** How often each rule was applied: a rule that was never applied shows nothing. */
  readonly applied = new Map<LedgerRule, number>();
  /** Every task as it was seen, judged against the state table. */
  readonly tasks = new TaskHistory();
  /** Every delivery to a check whose implementation was not made to fail. */
  readonly deliveries = new DeliveryHistory();

  /** Notes that `rule` was applied, and what it found. */
  note(rule: LedgerRule, found: readonly Omit<LedgerEntry, 'rule'>[]): void {
    this.applied.set(rule, (this.applied.get(rule) ?? 0) + 1);
    for (const entry of found) this.entries.push({ rule, ...entry });
  }
}
