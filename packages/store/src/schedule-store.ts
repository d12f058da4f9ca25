import type { Database } from './database/database.ts';
import { readCron } from './read-cron.ts';
import { recordDueTicks } from './record-due-ticks.ts';
import type { NewSchedule, ScheduledTaskContent, ScheduleRecord, ScheduleStore } from './schedule-record.ts';
import { deleteSchedule } from './statements/delete-schedule.ts';
import { findSchedule } from './statements/find-schedule.ts';
import { listSchedules } from './statements/list-schedules.ts';
import { lockSchedule, makeSchedule } from './statements/lock-schedule.ts';
import { noteScheduledTask } from './statements/note-scheduled-task.ts';
import { pauseSchedule, resumeSchedule } from './statements/pause-schedule.ts';
import { recordTasks } from './statements/record-tasks.ts';
import { writeSchedule } from './statements/write-schedule.ts';
import { toNewRecord } from './submit-tasks.ts';
import type { TaskRecord } from './task-record.ts';
import { toNamedPage } from './to-named-page.ts';

/**
 * Makes the part of the store that keeps schedules.
 *
 * @param announce - tells schedulers that a task is due.
 */
export function createScheduleStore(database: Database, announce: () => void): ScheduleStore {
  return {
    putSchedule: (name, put) => putSchedule(database, name, put),
    findSchedule: (name) => findSchedule(database, name),
    listSchedules: async ({ limit, after = '' }) =>
      toNamedPage(await listSchedules(database, { limit: limit + 1, after }), limit, ({ name }) => name),
    pauseSchedule: async (name) => {
      await pauseSchedule(database, name);
      return findSchedule(database, name);
    },
    resumeSchedule: (name) => resume(database, name),
    deleteSchedule: (name) => deleteSchedule(database, name),
    runSchedule: async (name, id) => {
      const task = await runSchedule(database, name, id);
      if (task !== undefined) announce();
      return task;
    },
    recordDueTicks: () => recordDueTicks(database, announce),
  };
}

/** Spec: SCH-010, SCH-013, SCH-014, SCH-017. */
function putSchedule(database: Database, name: string, put: NewSchedule): Promise<ScheduleRecord> {
  const schedule = readCron(put);
  return database.transaction('read', async (transaction) => {
    const before = await makeSchedule(transaction, name);
    const isSame = before.cron === put.cron && before.timeZone === put.timeZone;
    const next = isSame ? before.nextTickAt : schedule.nextAfter(before.now);
    return writeSchedule(transaction, name, put, before.paused ? undefined : next);
  });
}

/** Spec: SCH-021, SCH-022. */
function resume(database: Database, name: string): Promise<ScheduleRecord | undefined> {
  return database.transaction('read', async (transaction) => {
    const schedule = await lockSchedule(transaction, name);
    if (schedule?.paused === true)
      await resumeSchedule(transaction, name, readCron(schedule).nextAfter(schedule.now));
    return findSchedule(transaction, name);
  });
}

/** Spec: SCH-030, SCH-031. */
function runSchedule(database: Database, name: string, id: string): Promise<TaskRecord | undefined> {
  return database.transaction('submit', async (transaction) => {
    const schedule = await lockSchedule(transaction, name);
    if (schedule === undefined) return undefined;
    const task = { ...(JSON.parse(schedule.task) as ScheduledTaskContent), id };
    const recorded = (await recordTasks(transaction, [task])).get(id);
    if (recorded === undefined) throw new Error(`expected a new id, got ${id}, which is taken`);
    await noteScheduledTask(transaction, name, { id, seq: recorded.seq });
    return toNewRecord(task, recorded);
  });
}
