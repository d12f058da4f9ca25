import type { Check } from '../../check.ts';
import type { Json } from '../../run/api.ts';
import { EACH_SECOND, EACH_YEAR, eachSecond, tickPatienceMs, withSchedules } from './own-schedules.ts';

/** The tasks of ticks. */
export const TICK_CHECKS: readonly Check[] = [
  {
    id: 'a-tick-records-the-task-of-the-schedule',
    title: 'The task of a tick has the name of the schedule and the tick as its id, and is what was put.',
    covers: { 'SCH-051': 'd230c993', 'SCH-050': 'a0eb8ef5' },
    profile: 'core',
    features: ['schedules'],
    run: withSchedules(async (t, schedules) => {
      const target = await t.target();
      const taskArgs = { of: 'the template' };
      const task = t.taskFor(target, { taskArgs, retry: { maxAttempts: 1 } });
      const { nextTickAt } = await schedules.put({ cron: EACH_SECOND, task });
      const { body } = await t.delivery(target, 1, tickPatienceMs(t));
      t.matches('SCH-050', 'what is delivered', JSON.parse(body.toString('utf8')), { taskArgs });
      const [id = ''] = schedules.tickIds([Date.parse(nextTickAt)]);
      const response = await t.api.get(id);
      t.status('SCH-051', response, 200);
      t.equal('SCH-051', 'dueAt', Date.parse(response.json.dueAt), Date.parse(nextTickAt));
      t.matches('SCH-050', 'the task', response.json, { taskArgs, queue: t.queue });
    }),
  },
  {
    id: 'each-tick-records-one-task',
    title: 'Each tick of a schedule records exactly one task.',
    covers: { 'SCH-050': 'a0eb8ef5' },
    profile: 'core',
    features: ['schedules'],
    run: withSchedules(async (t, schedules) => {
      const { nextTickAt } = await schedules.put({ cron: EACH_SECOND });
      await schedules.requireTicks('SCH-050', eachSecond(nextTickAt, 4));
      const ids = (await schedules.tasks()).map(({ id }) => id);
      const strangers = ids.filter((id) => !id.startsWith(`${schedules.name()}:`));
      t.equal('SCH-050', 'tasks that are of no tick', strangers, []);
    }),
  },
  {
    id: 'ticks-are-recorded-within-a-second',
    title: 'The task of a tick is recorded within a second of it, once the schedule is known.',
    covers: { 'SCH-052': 'ffbbd3a8' },
    profile: 'core',
    features: ['schedules'],
    run: withSchedules(async (t, schedules) => {
      const { nextTickAt } = await schedules.put({ cron: EACH_SECOND });
      const known = eachSecond(nextTickAt, 8).slice(5);
      const ids = new Set(schedules.tickIds(known));
      const tasks = await schedules.untilRecorded(known);
      const late = tasks
        .filter(({ id }) => ids.has(id))
        .map(({ createdAt, dueAt }) => Date.parse(createdAt) - Date.parse(dueAt))
        .filter((lateMs) => lateMs > 1000);
      t.equal('SCH-052', 'ticks that were recorded later, by milliseconds', late, []);
    }),
  },
  {
    id: 'a-schedule-shows-its-next-tick',
    title:
      '`nextTickAt` is the tick after the last one, which is shown with its task, and absent while paused.',
    covers: { 'SCH-003': 'edbbc559', 'SCH-051': 'd230c993' },
    profile: 'core',
    features: ['schedules'],
    run: withSchedules(async (t, schedules) => {
      const made = await schedules.put({ cron: EACH_SECOND });
      t.equal('SCH-003', 'lastTickAt before the first', made.lastTickAt, undefined);
      const hasTicked = ({ lastTickAt }: Json): boolean => lastTickAt > made.nextTickAt;
      const { nextTickAt, lastTickAt, lastTaskId } = await schedules.until('it ticks twice', hasTicked);
      const pauseMs = Date.parse(nextTickAt) - Date.parse(lastTickAt);
      t.equal('SCH-003', 'from lastTickAt to nextTickAt, in ms', pauseMs, 1000);
      t.equal('SCH-051', 'lastTaskId', [lastTaskId], schedules.tickIds([Date.parse(lastTickAt)]));
      t.equal('SCH-003', 'nextTickAt while paused', (await schedules.operate('pause')).nextTickAt, undefined);
      t.equal('SCH-003', 'a read of it', (await schedules.get()).nextTickAt, undefined);
    }),
  },
  {
    id: 'a-paused-schedule-shows-no-next-tick',
    title: '`nextTickAt` is absent while the schedule is paused, and there again once it is resumed.',
    covers: { 'SCH-003': 'edbbc559' },
    profile: 'recorder',
    features: ['schedules'],
    run: withSchedules(async (t, schedules) => {
      const { nextTickAt } = await schedules.put({ cron: EACH_YEAR });
      t.equal('SCH-003', 'nextTickAt while paused', (await schedules.operate('pause')).nextTickAt, undefined);
      t.equal('SCH-003', 'a read of it', (await schedules.get()).nextTickAt, undefined);
      t.equal('SCH-003', 'once resumed', (await schedules.operate('resume')).nextTickAt, nextTickAt);
    }),
  },
  {
    id: 'a-tick-whose-id-is-taken-records-nothing',
    title: 'A tick whose id belongs to a task already records no other, and the ticks after it go on.',
    covers: { 'SCH-057': '869860ae' },
    profile: 'core',
    features: ['schedules'],
    run: withSchedules(async (t, schedules) => {
      const { nextTickAt } = await schedules.put({ cron: EACH_SECOND });
      const [, , , takenMs = 0, afterMs = 0] = eachSecond(nextTickAt, 5);
      const [id = ''] = schedules.tickIds([takenMs]);
      const submitted = await t.api.submit(t.parked({ id, taskArgs: 'taken' }));
      // So slow that the tick was first.
      if (submitted.status === 409) t.skip('the tick came before the task that was to have its id');
      t.status('SCH-057', submitted, 201);
      const tasks = await schedules.untilRecorded([takenMs, afterMs]);
      const due = tasks.filter(({ dueAt }) => Date.parse(dueAt) === takenMs);
      t.equal('SCH-057', 'tasks that the tick recorded', due, []);
      t.equal('SCH-057', 'the task that had its id', (await t.api.get(id)).json?.taskArgs, 'taken');
    }),
  },
];
