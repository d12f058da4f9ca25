import { TERMINAL_STATES } from '@dispatchr/contract';
import type { Task, TaskSummary } from '@dispatchr/contract';
import type { Environment } from './environment.ts';
import { sleep } from './requests/sleep.ts';
import type { CallOptions } from './submission.ts';

/** What a wait may be told. */
export interface WaitOptions extends CallOptions {
  /** How long to wait, in milliseconds. Default 60,000. */
  timeoutMs?: number;
}

const DEFAULT_TIMEOUT_MS = 60_000;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2000;
const GROWTH = 1.5;

/** Whether the task is completed, failed or cancelled: only an operator's retry changes that. */
export function isTerminal({ state }: Pick<TaskSummary, 'state'>): boolean {
  return (TERMINAL_STATES as readonly string[]).includes(state);
}

/** Reads the task, with growing pauses, until it is terminal or the time is over; answers with the task as it then is. */
export async function waitForTask(
  environment: Environment,
  read: () => Promise<Task>,
  { timeoutMs = DEFAULT_TIMEOUT_MS, signal }: WaitOptions,
): Promise<Task> {
  const endsAt = environment.monotonicMs() + timeoutMs;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * GROWTH)) {
    const task = await read();
    const leftMs = endsAt - environment.monotonicMs();
    if (isTerminal(task) || leftMs <= 0) return task;
    await sleep(environment, Math.min(pauseMs, leftMs), signal);
  }
}
