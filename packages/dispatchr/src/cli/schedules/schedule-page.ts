import type { Schedule, ScheduledTask } from '@dispatchr/client';
import { durationInWords } from '../show/durations.ts';
import { escapeControls } from '../show/escape-controls.ts';
import { factLines } from '../show/fact-lines.ts';
import type { Fact } from '../show/fact-lines.ts';
import { paint } from '../show/output-style.ts';
import type { OutputStyle } from '../show/output-style.ts';
import { instantInWords, ticksInWords, timeInZone } from '../show/ticks-in-words.ts';

const MISSED_TICKS = new Map<string, string>([
  ['skip', 'skip: they are left out'],
  ['one', 'one: the latest of them is recorded'],
  ['all', 'all: each of them is recorded'],
]);

const OVERLAP = new Map<string, string>([
  ['allow', 'allow: it ticks while the last task is unfinished'],
  ['skip', 'skip: it does not tick while the last task is unfinished'],
]);

/** Everything about a schedule for a person; `lastTask` is the sentence on its last task, if there is one. */
export function schedulePage(
  schedule: Schedule,
  lastTask: string | undefined,
  style: OutputStyle,
  nowMs: number,
): string[] {
  return [
    paint(escapeControls(schedule.name), 'bold', style),
    escapeControls(ticksInWords(schedule, nowMs)),
    '',
    ...factLines(scheduleFacts(schedule, lastTask, nowMs), style),
    '',
    paint('Task', 'bold', style),
    ...factLines(taskFacts(schedule.task), style),
  ];
}

function scheduleFacts(schedule: Schedule, lastTask: string | undefined, nowMs: number): Fact[] {
  const { cron, timeZone, paused, lastTaskId, missedTicks, overlap, createdAt } = schedule;
  const tick = (instant: string | undefined): string | undefined => {
    if (instant === undefined) return undefined;
    const local = timeInZone(instant, timeZone);
    return `${instantInWords(instant, nowMs)}${local === undefined ? '' : `, ${local}`}`;
  };
  return [
    ['state', paused ? 'paused' : 'ticking'],
    ['cron', cron],
    ['time zone', timeZone],
    ['next tick', tick(schedule.nextTickAt)],
    ['last tick', tick(schedule.lastTickAt)],
    ['last task', lastTask === undefined ? lastTaskId : `${lastTaskId}: ${lastTask}`],
    ['missed ticks', MISSED_TICKS.get(missedTicks) ?? missedTicks],
    ['overlap', OVERLAP.get(overlap) ?? overlap],
    ['first put', instantInWords(createdAt, nowMs)],
  ];
}

/** What was put, and no more: what is left out has its default at each tick anew. */
function taskFacts(task: ScheduledTask): Fact[] {
  const { priority, timeoutMs, retry, request, headers = {} } = task;
  return [
    ['name', task.taskName],
    ['target', task.target],
    ['queue', task.queue],
    ['flow key', task.flowKey],
    ['priority', priority === undefined ? undefined : String(priority)],
    ['timeout', timeoutMs === undefined ? undefined : durationInWords(timeoutMs)],
    ['retry', retry && JSON.stringify(retry)],
    ...Object.entries(headers).map(([name, value]): Fact => ['header', `${name}: ${value}`]),
    ['request', request && JSON.stringify(request)],
    ['args', JSON.stringify(task.taskArgs)],
  ];
}
