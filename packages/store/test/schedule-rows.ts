import { newTask, type TestStore } from '@dispatchr/testkit';
import type { NewSchedule } from '@dispatchr/store';

/** A schedule that ticks at the beginning of each year; members that are given replace its own. */
export function newSchedule(members: Partial<NewSchedule> = {}): NewSchedule {
  const { id: _, ...task } = newTask();
  return {
    cron: '@yearly',
    timeZone: 'UTC',
    missedTicks: 'one',
    overlap: 'allow',
    source: '{"target":"http://127.0.0.1:9/tasks"}',
    task,
    ...members,
  };
}

/** Moves the next tick of a schedule, as if nobody had looked since; `nextTickAt` is SQL. */
export async function moveTick({ database }: TestStore, name: string, nextTickAt: string): Promise<Date> {
  const text = `
    UPDATE dispatchr.schedules SET next_tick_at = ${nextTickAt} WHERE name = '${name}' RETURNING next_tick_at`;
  const [row] = await database.query({ name: 'move-tick', role: 'read', text }, []);
  return row?.['next_tick_at'] as Date;
}

/** The beginning of a year by the database's clock, in SQL. */
export const yearsAgo = (years: number): string =>
  `date_trunc('year', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' - interval '${years} years'`;

/** A whole second of a little while ago, in SQL: due, and not missed yet. */
export const JUST_NOW = `date_trunc('second', now()) - interval '5 s'`;

/** The ids of the tasks that a schedule recorded, oldest tick first, each as often as it is there. */
export async function tickIds({ database }: TestStore, name: string): Promise<string[]> {
  const text = `SELECT id FROM dispatchr.tasks WHERE id LIKE '${name}:%' ORDER BY id`;
  const rows = await database.query({ name: 'tick-ids', role: 'read', text }, []);
  return rows.map((row) => row['id'] as string);
}
