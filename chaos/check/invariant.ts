import type { RunContext } from './run-context.ts';
import type { TaskHistory } from './task-history.ts';

/** Something that must hold for each task by itself. */
export interface Invariant {
  /** As in the list of invariants, `I4`; or what else it is about. */
  readonly name: string;
  readonly sentence: string;
  /** What contradicts it in this task's history, one sentence each. */
  violationsOf(task: TaskHistory, run: RunContext): string[];
}

/**
 * How far two logs may be apart about the same instant, in milliseconds: one clock, but read in whole milliseconds by some
 * and in microseconds by PostgreSQL.
 */
export const CLOCK_SLACK_MS = 2;

/** How late a target may note what happened on its sockets, in milliseconds: its event loop shares two cores with all. */
export const TARGET_LAG_MS = 2000;

/** Instants in a sentence: seconds with milliseconds are enough to find them in the timeline. */
export function clockTime(at: number): string {
  return Number.isFinite(at) ? new Date(at).toISOString().slice(11, 23) : 'never';
}
