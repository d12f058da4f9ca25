import type { Check } from '../../check.ts';
import { EACH_SECOND, EACH_YEAR, eachSecond, recorderNow, withSchedules } from './own-schedules.ts';

/** Pauses of schedules. */
export const PAUSE_CHECKS: readonly Check[] = [
  {
    id: 'a-paused-schedule-does-not-tick',
    title: 'No tick of a paused schedule is recorded, from the answer to the pause on.',
    covers: { 'SCH-020': 'db50d5d4' },
    profile: 'core',
    features: ['schedules'],
    run: withSchedules(async (t, schedules) => {
      const { nextTickAt } = await schedules.put({ cron: EACH_SECOND });
      await schedules.untilRecorded([Date.parse(nextTickAt)]);
      t.equal('SCH-020', 'paused', (await schedules.operate('pause')).paused, true);
      const before = await schedules.ticks();
      await schedules.whileOthersTick(3);
      t.equal('SCH-020', 'the ticks that were recorded', await schedules.ticks(), before);
    }),
  },
  {
    id: 'a-second-pause-of-a-schedule-changes-nothing',
    title:
      'A pause of a paused schedule and a resume of one that is not are answered with 200, and change nothing.',
    covers: { 'SCH-021': 'd5529c00' },
    profile: 'recorder',
    features: ['schedules'],
    run: withSchedules(async (t, schedules) => {
      const made = await schedules.put({ cron: EACH_YEAR });
      t.equal('SCH-021', 'a resume', await schedules.operate('resume'), made);
      const paused = await schedules.operate('pause');
      t.equal('SCH-021', 'paused', paused.paused, true);
      t.equal('SCH-021', 'a second pause', await schedules.operate('pause'), paused);
      t.equal('SCH-021', 'a resume of it', await schedules.operate('resume'), made);
    }),
  },
  {
    id: 'a-resumed-schedule-ticks-from-then-on',
    title: 'A resumed schedule ticks from the resume on, and makes up for no tick of the pause.',
    covers: { 'SCH-022': '3873661e' },
    profile: 'core',
    features: ['schedules'],
    run: withSchedules(async (t, schedules) => {
      await schedules.put({ cron: EACH_SECOND, missedTicks: 'all' });
      await schedules.operate('pause');
      const pausedAtMs = await recorderNow(t);
      await schedules.whileOthersTick(3);
      const resumedAfterMs = await recorderNow(t);
      const { nextTickAt } = await schedules.operate('resume');
      const resumedBeforeMs = await recorderNow(t);
      const firstMs = Date.parse(nextTickAt);
      const isNext = firstMs > resumedAfterMs && firstMs <= resumedBeforeMs + 1000;
      t.ok('SCH-022', 'nextTickAt is the first second after the resume', isNext, nextTickAt);
      await schedules.untilRecorded(eachSecond(nextTickAt, 2));
      const early = (await schedules.ticks()).filter(({ tickMs }) => tickMs > pausedAtMs && tickMs < firstMs);
      t.equal('SCH-022', 'ticks of the pause', early, []);
    }),
  },
];
