import { setTimeout as sleep } from 'node:timers/promises';
import type { Check } from '../../check.ts';
import { crash } from '../retry/crash.ts';
import { EACH_SECOND, EACH_YEAR, eachSecond, withSchedules } from './own-schedules.ts';

const KILLS = 2;
const OUTAGE_MS = 1100;
// Beyond what counts as missed: some ticks of each second.
const BEYOND_MS = 5000;
const STEP_MS = 1000;
const POLICIES = ['skip', 'one', 'all'];
// Whenever somebody looks, the latest that was missed of one of them is well beyond the minute.
const SPARSE = { '-even': '0-59/4 * * * * *', '-odd': '2-59/4 * * * * *' };

/** Ticks while nobody ran. */
export const OUTAGE_CHECKS: readonly Check[] = [
  {
    id: 'a-schedule-survives-a-kill',
    title: 'A schedule and its pause are there after a kill.',
    covers: { 'SCH-010': '3f84d44f', 'SCH-020': 'db50d5d4' },
    profile: 'recorder',
    features: ['schedules'],
    needs: ['control'],
    runs: 'alone',
    run: withSchedules(async (t, schedules) => {
      const before = await schedules.put({ cron: EACH_YEAR, timeZone: 'Asia/Tokyo', overlap: 'skip' });
      await schedules.put({ cron: EACH_YEAR }, '-paused');
      const paused = await schedules.operate('pause', '-paused');
      await crash(t);
      t.equal('SCH-010', 'the schedule', await schedules.get(), before);
      t.equal('SCH-020', 'the paused schedule', await schedules.get('-paused'), paused);
    }),
  },
  {
    id: 'ticks-are-complete-over-kills',
    title: 'A schedule of each second has each of its ticks exactly once, whatever is killed meanwhile.',
    covers: { 'SCH-050': 'a0eb8ef5' },
    profile: 'core',
    features: ['schedules'],
    needs: ['control'],
    runs: 'alone',
    isLong: true,
    run: withSchedules(async (t, schedules) => {
      const { nextTickAt } = await schedules.put({ cron: EACH_SECOND, missedTicks: 'all' });
      await schedules.untilRecorded([Date.parse(nextTickAt)]);
      for (let kills = 0; kills < KILLS; kills += 1) {
        t.note('kills the implementation for the time of a tick');
        await t.control.kill();
        await sleep(OUTAGE_MS);
        await t.control.start();
      }
      await schedules.whileOthersTick(1);
      const { lastTickAt } = await schedules.get();
      const lastMs = Date.parse(lastTickAt);
      const ticks = eachSecond(nextTickAt, (lastMs - Date.parse(nextTickAt)) / 1000 + 1);
      await schedules.requireTicks('SCH-050', ticks);
    }),
  },
  {
    id: 'missed-ticks-are-recorded-as-asked',
    title:
      'Of the ticks that nobody recorded within a minute none is recorded with `skip`, the latest with `one`, each with `all`.',
    covers: { 'SCH-054': '1f1dbb24', 'SCH-055': '8e74965a', 'SCH-053': 'd6b4b617' },
    profile: 'core',
    features: ['schedules'],
    needs: ['control'],
    runs: 'alone',
    isLong: true,
    run: withSchedules(async (t, schedules) => {
      for (const missedTicks of POLICIES)
        await schedules.put({ cron: EACH_SECOND, missedTicks }, `-${missedTicks}`);
      for (const policy of POLICIES)
        await schedules.until('it ticks', ({ lastTickAt }) => lastTickAt !== undefined, `-${policy}`);
      for (const [suffix, cron] of Object.entries(SPARSE))
        await schedules.put({ cron, missedTicks: 'skip' }, suffix);
      await t.control.kill();
      t.note('lets pass the minute after which ticks are missed, and some seconds');
      await sleep(t.timing.missedAfterMs + BEYOND_MS);
      await t.control.start();
      // It ticks last: by then all that was due is recorded or left out.
      await schedules.whileOthersTick(2);
      const [even = [], odd = [], skip = [], one = [], all = []] = await Promise.all(
        ['-even', '-odd', '-skip', '-one', '-all'].map(async (suffix) =>
          (await schedules.ticks(suffix)).map(({ createdAtMs, tickMs }) => createdAtMs - tickMs),
        ),
      );
      const mostMs = t.timing.missedAfterMs;
      // From the decision about a tick to the instant that its task shows.
      const slackMs = Math.min(STEP_MS, mostMs / 5);
      const skipped = [...even, ...odd, ...skip].filter((lateMs) => lateMs > mostMs + slackMs);
      t.equal('SCH-054', 'with skip, by how many ms missed ticks are late that are recorded', skipped, []);
      const inTime = skip.filter((lateMs) => lateMs > mostMs - STEP_MS - slackMs);
      t.ok('SCH-053', `a tick ${mostMs} ms ago is not missed`, inTime.length > 0, skip);
      const missed = one.filter((lateMs) => lateMs > mostMs);
      const isLatest = missed.every((lateMs) => lateMs <= mostMs + STEP_MS + slackMs);
      t.ok(
        'SCH-055',
        'with one the latest that was missed is recorded',
        missed.length === 1 && isLatest,
        one,
      );
      const count = all.filter((lateMs) => lateMs > mostMs).length;
      const least = Math.floor((BEYOND_MS - slackMs) / STEP_MS);
      t.ok('SCH-055', `with all at least ${least} that were missed are recorded`, count >= least, all);
    }),
  },
];
