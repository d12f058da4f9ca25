import { setTimeout as sleep } from 'node:timers/promises';
import type { Check } from '../../check.ts';
import { forAll } from '../submit/submission-verdict.ts';
import {
  EACH_SECOND,
  EACH_YEAR,
  eachSecond,
  recorderNow,
  tickPatienceMs,
  withSchedules,
} from './own-schedules.ts';

const ALL_SET = { cron: EACH_YEAR, timeZone: 'Asia/Tokyo', missedTicks: 'all', overlap: 'skip' };
const DEFAULTS = { timeZone: 'UTC', missedTicks: 'one', overlap: 'allow', paused: false };
const PUT_EVERY_MS = 100;
const HOURS_OF_TOKYO_MS = 9 * 3_600_000;

/** What a put makes of a schedule. */
export const PUT_CHECKS: readonly Check[] = [
  {
    id: 'a-put-of-a-schedule-gives-it-every-member',
    title: 'A put gives a schedule what the body has, and defaults for what it leaves out.',
    covers: { 'SCH-010': '3f84d44f' },
    profile: 'recorder',
    features: ['schedules'],
    run: withSchedules(async (t, schedules) => {
      const made = await schedules.put({ cron: EACH_YEAR });
      t.matches('SCH-010', 'a new one', made, { name: schedules.name(), cron: EACH_YEAR, ...DEFAULTS });
      t.matches('SCH-010', 'all of them', await schedules.put(ALL_SET), ALL_SET);
      t.matches('SCH-010', 'what a read shows', await schedules.get(), ALL_SET);
      const bare = await schedules.put({ cron: '@monthly', task: schedules.task({ timeoutMs: 5000 }) });
      t.matches('SCH-010', 'few of them again', bare, { cron: '@monthly', ...DEFAULTS });
      t.matches('SCH-010', 'the other task', bare.task, { timeoutMs: 5000 });
      t.equal('SCH-010', 'createdAt', bare.createdAt, made.createdAt);
    }),
  },
  {
    id: 'the-task-of-a-schedule-is-judged-as-a-submit',
    title: 'What a submit would refuse is refused as the task of a schedule, with pointers below `/task`.',
    covers: { 'SCH-012': '0aab80c7' },
    profile: 'recorder',
    features: ['schedules'],
    run: withSchedules(async (t, schedules) => {
      const faults: readonly (readonly [object, string])[] = [
        [{ target: undefined }, '/task/target'],
        [{ target: 'ftp://conformance.invalid/' }, '/task/target'],
        [{ taskName: undefined }, '/task/taskName'],
        [{ queue: 'no name' }, '/task/queue'],
        [{ timeoutMs: 0 }, '/task/timeoutMs'],
        [{ retry: { multiplier: 0 } }, '/task/retry/multiplier'],
        [{ headers: { Host: 'x' } }, '/task/headers/Host'],
        [{ unknown: 1 }, '/task/unknown'],
        // A submit may have these, and a schedule gives them itself.
        [{ id: t.newId() }, '/task/id'],
        [{ dueAt: '2026-01-02T03:04:05Z' }, '/task/dueAt'],
        [{ delayMs: 1000 }, '/task/delayMs'],
        [{ expiresAt: '2099-01-02T03:04:05Z' }, '/task/expiresAt'],
      ];
      await forAll(faults, async ([members, pointer]) => {
        const response = await schedules.send({ cron: EACH_YEAR, task: schedules.task(members) });
        t.problem('SCH-012', response, 'invalid-request', { pointer });
      });
      const blocked = schedules.task({ target: 'http://169.254.169.254/' });
      const response = await schedules.send({ cron: EACH_YEAR, task: blocked });
      t.problem('SCH-012', response, 'target-blocked', { pointer: '/task/target' });
    }),
  },
  {
    id: 'the-task-of-a-schedule-is-shown-as-it-was-put',
    title: 'The task of a schedule is shown without defaults, and its `taskArgs` character for character.',
    covers: { 'SCH-016': '7732d92c' },
    profile: 'recorder',
    features: ['schedules'],
    run: withSchedules(async (t, schedules) => {
      const taskArgs = String.raw`{ "big": 12345678901234567890, "one": 1.0, "b": "\u00e9", "a": [ null , 1e2 ] }`;
      const task = { ...schedules.task(), headers: { 'X-A': 'b' } };
      const text = `{${JSON.stringify(task).slice(1, -1)},"taskArgs":${taskArgs}}`;
      const put = await schedules.request('PUT', '', '', `{"cron":"${EACH_YEAR}","task":${text}}`);
      t.status('SCH-016', put, 200);
      for (const response of [put, await schedules.request('GET')]) {
        t.ok('SCH-016', 'taskArgs is as it was put', response.text.includes(taskArgs), response.text);
        const { taskArgs: _, ...rest } = response.json.task;
        t.equal('SCH-016', 'the other members of the task', rest, task);
      }
    }),
  },
  {
    id: 'a-put-of-the-same-times-keeps-the-next-tick',
    title: 'A put that changes neither `cron` nor `timeZone` leaves the next tick as it is.',
    covers: { 'SCH-013': 'ee06878f' },
    profile: 'recorder',
    features: ['schedules'],
    run: withSchedules(async (t, schedules) => {
      const { nextTickAt } = await schedules.put({ cron: EACH_YEAR });
      const others = { missedTicks: 'all', overlap: 'skip', task: schedules.task({ timeoutMs: 5000 }) };
      const again = await schedules.put({ cron: EACH_YEAR, ...others });
      t.equal('SCH-013', 'nextTickAt', again.nextTickAt, nextTickAt);
    }),
  },
  {
    id: 'puts-of-the-same-times-lose-no-tick',
    title: 'A schedule that is put again and again with the same times ticks as it would without.',
    covers: { 'SCH-013': 'ee06878f' },
    profile: 'core',
    features: ['schedules'],
    run: withSchedules(async (t, schedules) => {
      const { nextTickAt } = await schedules.put({ cron: EACH_SECOND });
      const ticks = eachSecond(nextTickAt, 3);
      const deadline = performance.now() + tickPatienceMs(t);
      // All along, for some come between a tick and its task.
      for (let next = nextTickAt; Date.parse(next) <= (ticks.at(-1) ?? 0);) {
        t.ok('SCH-013', 'the schedule ticks', performance.now() < deadline, next);
        await sleep(PUT_EVERY_MS);
        ({ nextTickAt: next } = await schedules.put({ cron: EACH_SECOND }));
      }
      await schedules.untilRecorded(ticks);
    }),
  },
  {
    id: 'a-put-of-other-times-ticks-by-them',
    title: 'A put of another `cron` or `timeZone` has the schedule tick by them from then on.',
    covers: { 'SCH-017': '43587fd3' },
    profile: 'recorder',
    features: ['schedules'],
    run: withSchedules(async (t, schedules) => {
      const before = await schedules.put({ cron: EACH_YEAR });
      const { nextTickAt } = await schedules.put({ cron: EACH_YEAR, timeZone: 'Asia/Tokyo' });
      const earlierMs = Date.parse(before.nextTickAt) - Date.parse(nextTickAt);
      t.equal('SCH-017', 'how much earlier Tokyo ticks', earlierMs, HOURS_OF_TOKYO_MS);
      const other = await schedules.put({ cron: '0 12 1 7 *' });
      t.equal('SCH-017', 'nextTickAt by another cron', other.nextTickAt.slice(4), '-07-01T12:00:00.000Z');
    }),
  },
  {
    id: 'a-put-of-other-times-ends-the-old-ones',
    title: 'No tick of the former times is recorded once a put gave a schedule others.',
    covers: { 'SCH-017': '43587fd3' },
    profile: 'core',
    features: ['schedules'],
    run: withSchedules(async (t, schedules) => {
      const { nextTickAt } = await schedules.put({ cron: EACH_SECOND });
      await schedules.untilRecorded([Date.parse(nextTickAt)]);
      await schedules.put({ cron: EACH_YEAR });
      const putAtMs = await recorderNow(t);
      await schedules.whileOthersTick(3);
      const later = (await schedules.ticks()).filter(({ tickMs }) => tickMs > putAtMs);
      t.equal('SCH-017', 'ticks of the former times after the put', later, []);
    }),
  },
  {
    id: 'a-put-of-other-times-makes-up-for-nothing',
    title: 'A schedule whose times a put changed has no ticks of them before the put.',
    covers: { 'SCH-017': '43587fd3' },
    profile: 'core',
    features: ['schedules'],
    run: withSchedules(async (t, schedules) => {
      await schedules.put({ cron: EACH_YEAR, missedTicks: 'all' });
      await schedules.whileOthersTick(2);
      const putAfterMs = await recorderNow(t);
      const { nextTickAt } = await schedules.put({ cron: EACH_SECOND, missedTicks: 'all' });
      await schedules.untilRecorded(eachSecond(nextTickAt, 2));
      const early = (await schedules.ticks()).filter(({ tickMs }) => tickMs <= putAfterMs);
      t.equal('SCH-017', 'ticks before the put', early, []);
    }),
  },
  {
    id: 'a-put-leaves-a-schedule-paused',
    title: 'A put of a paused schedule leaves it paused.',
    covers: { 'SCH-014': 'db6e978c' },
    profile: 'recorder',
    features: ['schedules'],
    run: withSchedules(async (t, schedules) => {
      await schedules.put({ cron: EACH_YEAR });
      await schedules.operate('pause');
      for (const cron of [EACH_YEAR, '@monthly']) {
        const { paused, nextTickAt } = await schedules.put({ cron });
        t.equal('SCH-014', `after a put of ${cron}`, { paused, nextTickAt }, { paused: true });
      }
    }),
  },
  {
    id: 'a-refused-put-of-a-schedule-changes-nothing',
    title: 'A put that is refused leaves the schedule as it was, and makes none.',
    covers: { 'SCH-015': '5a3f3f0e' },
    profile: 'recorder',
    features: ['schedules'],
    run: withSchedules(async (t, schedules) => {
      const refused = { cron: '61 * * * *', overlap: 'skip', task: schedules.task({ timeoutMs: 5000 }) };
      t.problem('SCH-015', await schedules.send(refused, '-new'), 'invalid-request', { pointer: '/cron' });
      t.status('SCH-015', await schedules.request('GET', '-new'), 404);
      const before = await schedules.put({ cron: EACH_YEAR });
      t.status('SCH-015', await schedules.send(refused), 400);
      t.status('SCH-015', await schedules.send({ overlap: 'skip', cron: EACH_YEAR, missedTicks: 'x' }), 400);
      t.equal('SCH-015', 'the schedule', await schedules.get(), before);
    }),
  },
];
