import type { Check } from '../../check.ts';
import { hang } from '../../receiver/delivery.ts';
import type { Json } from '../../run/api.ts';
import { EACH_SECOND, EACH_YEAR, eachSecond, tickPatienceMs, withSchedules } from './own-schedules.ts';

const HOUR_MS = 3_600_000;

/** What becomes of a tick while the task of the last one is unfinished. */
export const OVERLAP_CHECKS: readonly Check[] = [
  {
    id: 'ticks-do-not-overlap-a-running-task',
    title: 'With `overlap` `skip` no tick is recorded while the task of the last one is running.',
    covers: { 'SCH-056': 'dccf0d74' },
    profile: 'core',
    features: ['schedules'],
    run: withSchedules(async (t, schedules) => {
      const target = await t.target(hang);
      const task = t.taskFor(target, { retry: { maxAttempts: 1 } });
      const { nextTickAt } = await schedules.put({ cron: EACH_SECOND, overlap: 'skip', task });
      await t.delivery(target, 1, tickPatienceMs(t));
      // Left out, they are past all the same.
      const pastMs = Date.parse(nextTickAt) + 3000;
      const isPast = (schedule: Json): boolean => Date.parse(schedule.nextTickAt) > pastMs;
      await schedules.until('ticks that are left out are past', isPast);
      const ids = (await schedules.ticks()).map(({ id }) => id);
      t.equal('SCH-056', 'the ticks that were recorded', ids, schedules.tickIds([Date.parse(nextTickAt)]));
    }),
  },
  {
    id: 'ticks-do-not-overlap-a-pending-task',
    title:
      'With `overlap` `skip` no tick is recorded while the last task is pending, be it of a run, and again once it is over.',
    covers: { 'SCH-056': 'dccf0d74' },
    profile: 'core',
    features: ['schedules'],
    run: withSchedules(async (t, schedules) => {
      const target = await t.target(500);
      const retry = { maxAttempts: 5, minBackoffMs: HOUR_MS, maxBackoffMs: HOUR_MS, jitter: 0 };
      const task = t.taskFor(target, { retry });
      await schedules.put({ cron: EACH_YEAR, overlap: 'skip', task });
      const { id } = await schedules.run();
      await t.until(id, 'pending again', ({ state, attempt }) => state === 'pending' && attempt > 0);
      const { nextTickAt } = await schedules.put({ cron: EACH_SECOND, overlap: 'skip', task });
      const pastMs = Date.parse(nextTickAt) + 1000;
      const isPast = (schedule: Json): boolean => Date.parse(schedule.nextTickAt) > pastMs;
      await schedules.until('ticks that are left out are past', isPast);
      t.equal('SCH-056', 'the ticks that were recorded', await schedules.ticks(), []);
      t.status('SCH-056', await t.api.operate(id, 'cancel'), 200);
      await schedules.until('it ticks again', ({ lastTickAt }) => lastTickAt !== undefined);
    }),
  },
  {
    id: 'ticks-overlap-where-they-may',
    title: 'With `overlap` `allow` each tick is recorded, also while the task of the last one is running.',
    covers: { 'SCH-050': 'a0eb8ef5' },
    profile: 'core',
    features: ['schedules'],
    run: withSchedules(async (t, schedules) => {
      const target = await t.target(hang);
      const task = t.taskFor(target, { retry: { maxAttempts: 1 } });
      const { nextTickAt } = await schedules.put({ cron: EACH_SECOND, overlap: 'allow', task });
      await schedules.untilRecorded(eachSecond(nextTickAt, 3));
    }),
  },
];
