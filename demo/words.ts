import { durationInWords } from '@dispatchr/cli';
import type { Attempt, Task } from '@dispatchr/client';

/** Time since the demo began: `00:01.2`. */
export function elapsed(ms: number): string {
  const tenths = Math.floor(ms / 100);
  const minutes = String(Math.floor(tenths / 600)).padStart(2, '0');
  const seconds = ((tenths % 600) / 10).toFixed(1).padStart(4, '0');
  return `${minutes}:${seconds}`;
}

/** When a task that is not finished is tried again after its last attempt. */
export function nextTryInWords({ dueAt }: Pick<Task, 'dueAt'>, { endedAt }: Attempt): string {
  return `next try in ${durationInWords(Math.max(0, Date.parse(dueAt) - Date.parse(endedAt)))}`;
}

/** How a task ended: `completed`, `failed (rejected)`. */
export function endInWords({ state, reason }: { state: string; reason?: string }): string {
  return reason === undefined ? state : `${state} (${reason})`;
}

/** Why a pending task waits, for the reasons that the demo brings about; undefined for those that are over in a moment. */
export function waitingInWords({ waiting, createdAt }: Task): string | undefined {
  if (waiting?.reason === 'target-held-back') return 'is held back: its target asked for a pause';
  if (waiting?.reason !== 'not-due' || waiting.until === undefined) return undefined;
  return `waits until it is due, ${durationInWords(Date.parse(waiting.until) - Date.parse(createdAt))} after its submit`;
}
