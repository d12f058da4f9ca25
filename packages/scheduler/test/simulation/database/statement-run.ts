import type { TransitionEvent } from '@dispatchr/contract';
import type { FlowEvent } from '../flow-events.ts';
import type { Client, Rules } from './rules.ts';
import type { Row } from './row.ts';
import type { Tables, TaskRow } from './tables.ts';

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
  /** Something of flow control happened that runs are to have seen. */
  readonly note: (event: FlowEvent) => void;
  /** What a trigger on `gates` would write; called after the change. */
  logGate(queue: string, flowKey: string): void;
  /** What triggers on `queues` and `flow_keys` would write; called after the change. */
  logSettings(queue: string, flowKey: string): void;
  /** What a trigger on `held_targets` would write; called after the change. */
  logHold(key: string): void;
  /** What the trigger of a transition log would write; called after the change. */
  log(event: LoggedEvent, task: TaskRow, before: TaskRow['unfinished'] | TaskRow['finished']): void;
}

/**
 * A change in the transition log: an event of the state table, a new lease on a running task, that gates count it
 * which did not before, or that a pending one is moved out of the way of claims and back.
 */
export type LoggedEvent = TransitionEvent | 'renew' | 'take-over' | 'adopt' | 'park' | 'unpark';

/** A statement that began: its answer, or the rows it must lock before it can write. */
export type StatementRun = { readonly rows: Row[] } | StatementWrite;

/** The lock on the whole table of unfinished tasks: writers of tasks share it, one transaction may have it alone. */
export const ALL_UNFINISHED = 'all unfinished tasks';

/** The writing part of a statement. */
export interface StatementWrite {
  /** What it found by what was committed when it began; the locks are taken in this order. */
  readonly found: readonly LockKey[];
  /** False plants a missing `FOR UPDATE`. */
  readonly locks: boolean;
  /** Whether a row that had to be waited for is still what was looked for. */
  stillMatches(key: LockKey): boolean;
  /** Further rows to lock once it has those: never ones that somebody else has locked. */
  passingBy?(): readonly LockKey[];
  /** What is answered in a transaction, before its commit; nothing when absent. */
  answer?(): Row[];
  /** Changes the rows that are locked; runs at the commit. */
  write(keys: readonly LockKey[]): Row[];
}

/** Begins a statement with its values in the order of its parameters. */
export type SimulatedStatement = (context: StatementContext, values: readonly unknown[]) => StatementRun;

/** A column of the type timestamptz. */
export function toDate(ms: number | null): Date | null {
  return ms === null ? null : new Date(Math.floor(ms));
}
