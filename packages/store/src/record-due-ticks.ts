import { type DueTicks, tickTaskId, ticksToRecord } from '@dispatchr/lifecycle';
import { type Database, DatabaseUnavailableError, type Queryable } from './database/database.ts';
import { readCron } from './read-cron.ts';
import type { ScheduledTaskContent, TickReport } from './schedule-record.ts';
import { advanceSchedule } from './statements/advance-schedule.ts';
import { type DueSchedule, findDueSchedules } from './statements/find-due-schedules.ts';
import { noteScheduledTask } from './statements/note-scheduled-task.ts';
import { type Recorded, recordTasks } from './statements/record-tasks.ts';
import type { NewTask } from './task-record.ts';

/** Schedules that one call sees to at most. */
const SCHEDULES = 100;

/** Ticks of one schedule that one call records at most: one that makes up for a day does not hold up the others. */
const TICKS_A_SCHEDULE = 10;

/** Milliseconds before a schedule is looked at again that somebody else was just writing. */
const CONTENDED_MS = 50;

/**
 * Records the tasks of due ticks, one commit a schedule, each of which `onRecorded` is told. A tick whose schedule another
 * scheduler advanced first is that one's. Spec: SCH-050 to SCH-057.
 */
export async function recordDueTicks(database: Database, onRecorded: () => void): Promise<TickReport> {
  const look = await findDueSchedules(database, { limit: SCHEDULES });
  const failures: TickReport['failures'][number][] = [];
  let handled = 0;
  let nextInMs = look.nextInMs ?? Infinity;
  for (const schedule of look.due) {
    try {
      const ticks = decide(schedule, look.now);
      const recorded = await database.transaction('submit', (transaction) =>
        recordTicks(transaction, schedule, ticks),
      );
      if (recorded !== undefined && recorded > 0) onRecorded();
      handled += recorded ?? 0;
      nextInMs = Math.min(nextInMs, recorded === undefined ? CONTENDED_MS : untilNext(ticks, look.now));
    } catch (error) {
      if (error instanceof DatabaseUnavailableError) throw error;
      failures.push({ schedule: schedule.name, error });
    }
  }
  // There may be more of them; those that failed are no reason to look again at once.
  if (look.due.length === SCHEDULES && failures.length < SCHEDULES) nextInMs = 0;
  return { handled, failures, ...(nextInMs < Infinity && { nextInMs }) };
}

function decide(schedule: DueSchedule, now: Date): DueTicks {
  return ticksToRecord(readCron(schedule), { ...schedule, now, limit: TICKS_A_SCHEDULE });
}

function untilNext({ nextTickAt }: DueTicks, now: Date): number {
  return nextTickAt === undefined ? Infinity : Math.max(0, nextTickAt.getTime() - now.getTime());
}

/** Answers with how many tasks were recorded; undefined when the schedule is not as it was seen any more. */
async function recordTicks(
  transaction: Queryable,
  schedule: DueSchedule,
  { record, nextTickAt }: DueTicks,
): Promise<number | undefined> {
  const advanced = await advanceSchedule(transaction, schedule, nextTickAt);
  if (advanced === undefined) return undefined;
  if (schedule.overlap === 'skip' && advanced.isUnfinished) return 0;
  const content = JSON.parse(advanced.task) as ScheduledTaskContent;
  const recorded = new Map<string, Recorded>();
  // Each by itself, where the task of one keeps the next from being recorded.
  const groups = schedule.overlap === 'skip' ? record.map((tick) => [tick]) : [record];
  for (const ticks of groups) {
    if (schedule.overlap === 'skip' && recorded.size > 0) break;
    const tasks = ticks.map((tick) => toTask(schedule.name, tick, content));
    for (const [id, mine] of await recordTasks(transaction, tasks)) recorded.set(id, mine);
  }
  const tickAt = record.findLast((tick) => recorded.has(tickTaskId(schedule.name, tick)));
  if (tickAt === undefined) return 0;
  const id = tickTaskId(schedule.name, tickAt);
  const { seq } = recorded.get(id) as Recorded;
  await noteScheduledTask(transaction, schedule.name, { id, seq, tickAt });
  return recorded.size;
}

function toTask(schedule: string, tick: Date, content: ScheduledTaskContent): NewTask {
  return { ...content, id: tickTaskId(schedule, tick), dueAt: tick.toISOString() };
}
