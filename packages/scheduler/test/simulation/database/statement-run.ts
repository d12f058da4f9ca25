import type { TransitionEvent } from '@dispatchr/contract';
import type { Client, Rules } from './rules.ts';
import type { Tables, TaskRow } from './tables.ts';

/** A row as the driver gives it. */
export type Row = Record<string, unknown>;

/** A row's sequence number, or the text of a unique index. */
export type LockKey = number | string;

/** What a statement sees and may use. */
export interface StatementContext {
  readonly tables: Tables;
  readonly rules: Rules;
  readonly client: Client;
  /** `now()`: the instant at which the statement began, however long it waits. */
  readonly nowMs: number;
  readonly isLocked: (key: LockKey) => boolean;
  /** What the trigger of a transition log would write; called after the change. */
  log(event: LoggedEvent, task: TaskRow, before: TaskRow['unfinished'] | TaskRow['finished']): void;
}

/** A change in the transition log: an event of the state table, or a new lease on a running task. */
export type LoggedEvent = TransitionEvent | 'renew' | 'take-over';

/** A statement that began: its answer, or the rows it must lock before it can write. */
export type StatementRun = { readonly rows: Row[] } | StatementWrite;

/** The writing part of a statement. */
export interface StatementWrite {
  /** What it found by what was committed when it began; the locks are taken in this order. */
  readonly found: readonly LockKey[];
  /** False plants a missing `FOR UPDATE`. */
  readonly locks: boolean;
  /** Whether a row that had to be waited for is still what was looked for. */
  stillMatches(key: LockKey): boolean;
  /** Changes the rows that are locked; runs at the commit. */
  write(keys: readonly LockKey[]): Row[];
}

/** Begins a statement with its values in the order of its parameters. */
export type SimulatedStatement = (context: StatementContext, values: readonly unknown[]) => StatementRun;

/** A column of the type timestamptz. */
export function toDate(ms: number | null): Date | null {
  return ms === null ? null : new Date(Math.floor(ms));
}
