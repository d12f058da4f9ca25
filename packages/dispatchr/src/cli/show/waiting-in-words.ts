import type { Attempt, Task } from '@dispatchr/client';
import { clockTime, relativeInWords } from './durations.ts';

/** What there is to know of a pending task's wait. */
type PendingTask = Pick<Task, 'target' | 'queue' | 'flowKey' | 'attempt' | 'dueAt' | 'waiting'>;

/** What a pending task waits for, as a clause: "waits until 12:00 (in 4 h)", "next try in 3.1 s", "waits for its turn". */
export function waitingInWords(task: PendingTask, last: Attempt | undefined, nowMs: number): string {
  const dueAtMs = Date.parse(task.dueAt);
  const { waiting } = task;
  if (waiting === undefined || waiting.reason === 'not-due') {
    if (dueAtMs <= nowMs) return task.attempt === 0 ? 'due, not yet claimed' : 'next try is due';
    const relative = relativeInWords(dueAtMs, nowMs);
    return task.attempt === 0
      ? `waits until ${clockTime(dueAtMs, nowMs)} (${relative})`
      : `next try ${relative}`;
  }
  const until = (clause: string): string =>
    waiting.until === undefined ? '' : `; ${clause} ${relativeInWords(Date.parse(waiting.until), nowMs)}`;
  switch (waiting.reason) {
    case 'no-scheduler':
      return 'waits for a scheduler: none has been alive lately';
    case 'queue-paused':
      return `waits: its queue ${task.queue} is paused`;
    case 'circuit-open':
      return `held back: ${originOf(task.target)} failed too often in a row${until('probed again')}`;
    case 'target-held-back':
      return `held back: ${askedForPause(task.target, last)}${until('tried again')}`;
    case 'queue-concurrency':
      return `waits: its queue ${task.queue} has as many attempts in flight as it may have`;
    case 'flow-concurrency':
      return `waits: its flow key ${task.flowKey} has as many attempts in flight as it may have`;
    case 'queue-rate':
      return `waits: its queue ${task.queue} has started as many deliveries as it may for now${until('goes on')}`;
    case 'flow-rate':
      return `waits: its flow key ${task.flowKey} has started as many deliveries as it may for now${until('goes on')}`;
    case 'ready':
      return `waits for its turn${before(waiting.before)}`;
    default:
      // The enumeration is open: a later recorder may know of more.
      return `waits: ${waiting.reason}${until('goes on')}`;
  }
}

/** 429 holds back the URL, 503 its whole origin; another task's answer may have been the one. */
function askedForPause(target: string, last: Attempt | undefined): string {
  if (last?.status === 429) return `${target} answered 429`;
  const origin = originOf(target);
  return last?.status === 503 ? `${origin} answered 503` : `${origin} asked for a pause`;
}

function before(tasks: number | undefined): string {
  if (tasks === undefined) return '';
  if (tasks === 0) return ', next of its flow key';
  // The recorder counts no further.
  const count = tasks >= 10_000 ? '10,000 or more tasks' : tasks === 1 ? '1 task' : `${tasks} tasks`;
  return `; ${count} of its flow key first`;
}

function originOf(target: string): string {
  return URL.canParse(target) ? new URL(target).origin : target;
}
