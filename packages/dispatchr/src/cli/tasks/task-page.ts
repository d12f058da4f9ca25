import type { Attempt, Task } from '@dispatchr/client';
import { attemptInWords } from '../show/attempt-in-words.ts';
import { clockTime, clockTimeExactly, durationInWords, relativeInWords } from '../show/durations.ts';
import { escapeControls } from '../show/escape-controls.ts';
import { factLines, shorten } from '../show/fact-lines.ts';
import type { Fact } from '../show/fact-lines.ts';
import { paint } from '../show/output-style.ts';
import type { OutputStyle } from '../show/output-style.ts';
import { whereItStands } from '../show/where-it-stands.ts';

/** Everything about a task for a person: its sentence, its members, and its attempts as a timeline. */
export function taskPage(
  task: Task,
  attempts: readonly Attempt[],
  style: OutputStyle,
  nowMs: number,
): string[] {
  return [
    paint(escapeControls(task.id), 'bold', style),
    escapeControls(whereItStands(task, attempts.at(-1), nowMs)),
    '',
    ...factLines(factsOf(task, nowMs), style),
    '',
    ...timeline(task, attempts, style),
  ];
}

function factsOf(task: Task, nowMs: number): Fact[] {
  const at = (instant: string | undefined): string | undefined => {
    if (instant === undefined) return undefined;
    const instantMs = Date.parse(instant);
    return `${clockTime(instantMs, nowMs)} (${relativeInWords(instantMs, nowMs)})`;
  };
  return [
    ['state', task.reason === undefined ? task.state : `${task.state}, ${task.reason}`],
    ['name', task.taskName],
    ['target', task.target],
    ['queue', task.queue],
    ['flow key', task.flowKey],
    ['priority', String(task.priority)],
    ['submitted', at(task.createdAt)],
    ['due', at(task.dueAt)],
    ['expires', at(task.expiresAt)],
    ['last claimed', at(task.startedAt)],
    ['cancel asked', at(task.cancelRequestedAt)],
    ['finished', at(task.finishedAt)],
    ['timeout', durationInWords(task.timeoutMs)],
    ['retry', retryInWords(task)],
    ['idempotency key', task.idempotencyKey],
    ['traceparent', task.traceparent],
    ['tracestate', task.tracestate],
    ...Object.entries(task.headers ?? {}).map(([name, value]): Fact => ['header', `${name}: ${value}`]),
    ['request', task.request && JSON.stringify(task.request)],
    ['args', JSON.stringify(task.taskArgs)],
  ];
}

function retryInWords({ attemptsUsed, retry }: Task): string {
  const { maxAttempts, minBackoffMs, maxBackoffMs, multiplier, maxDurationMs, retryOn, failOn } = retry;
  const words = [
    `${attemptsUsed} of ${maxAttempts} attempts used`,
    `backoff ${durationInWords(minBackoffMs)} to ${durationInWords(maxBackoffMs)}, times ${multiplier}`,
  ];
  if (maxDurationMs !== undefined) words.push(`within ${durationInWords(maxDurationMs)}`);
  if (retryOn.length > 0) words.push(`retries on ${retryOn.join(', ')}`);
  if (failOn.length > 0) words.push(`fails on ${failOn.join(', ')}`);
  return words.join('; ');
}

function timeline(task: Task, attempts: readonly Attempt[], style: OutputStyle): string[] {
  const width = String(task.attempt).length;
  const lines = attempts.flatMap((attempt) => [
    escapeControls(
      `  ${String(attempt.attempt).padStart(width)}  ${clockTimeExactly(Date.parse(attempt.startedAt))}  ${attemptInWords(attempt)} (${attempt.outcome}, by ${attempt.scheduler})`,
    ),
    ...[attempt.errorMessage, attempt.responseBody]
      .filter((text) => text !== undefined && text !== '')
      .map((text) => `  ${' '.repeat(width)}  ${paint(shorten(text!), 'dim', style)}`),
  ]);
  if (task.state === 'running' && task.startedAt !== undefined) {
    lines.push(
      `  ${String(task.attempt).padStart(width)}  ${clockTimeExactly(Date.parse(task.startedAt))}  in flight`,
    );
  }
  if (lines.length === 0) return ['No attempts yet.'];
  return [paint('Attempts', 'bold', style), ...lines];
}
