import type { Check } from '../../check.ts';
import { listed } from '../flow-control/queue-requests.ts';
import { EACH_SECOND, EACH_YEAR, recorderNow, withSchedules } from './own-schedules.ts';

const PAGE = 2;
// In the order of their code points, which is nobody's alphabet.
const SUFFIXES = ['-B', '-C', '-_', '-a', '-~'];

/** Schedules as a resource: lists, reads, runs and deletes. */
export const RESOURCE_CHECKS: readonly Check[] = [
  {
    id: 'schedules-are-listed-by-name',
    title: 'The pages of a list of schedules hold every schedule once, ordered by name by code point.',
    covers: { 'SCH-001': '86f47582' },
    profile: 'recorder',
    features: ['schedules'],
    run: withSchedules(async (t, schedules) => {
      for (const suffix of SUFFIXES.toReversed()) await schedules.put({ cron: EACH_YEAR }, suffix);
      const own = SUFFIXES.map((suffix) => schedules.name(suffix));
      for (const limit of [PAGE, Math.min(500, t.discovery.limits.maxPageSize)]) {
        const names = await listed(t, '/v1/schedules', 'schedules', 'name', limit);
        const found = names.filter((name) => own.includes(name));
        t.equal('SCH-001', `these schedules in pages of ${limit}`, found, own);
      }
    }),
  },
  {
    id: 'an-unknown-schedule-is-404',
    title: 'A schedule that does not exist is answered with 404 `schedule-not-found`.',
    covers: { 'SCH-002': '0175d06e' },
    profile: 'recorder',
    features: ['schedules'],
    run: withSchedules(async (t, schedules) => {
      t.problem('SCH-002', await schedules.request('GET'), 'schedule-not-found');
      // They cannot be names.
      for (const name of ['no%20name', 'a:b', 'n'.repeat(101)])
        t.problem('SCH-002', await t.api.request('GET', `/v1/schedules/${name}`), 'schedule-not-found');
      for (const operation of ['/pause', '/resume', '/run'])
        t.problem('SCH-002', await schedules.request('POST', '', operation), 'schedule-not-found');
      t.problem('SCH-002', await schedules.request('DELETE'), 'schedule-not-found');
    }),
  },
  {
    id: 'a-run-of-a-schedule-records-a-task',
    title:
      'A run records one task of the schedule that is due at once and shows it as the last, of a paused schedule too.',
    covers: { 'SCH-030': '671146ad' },
    profile: 'recorder',
    features: ['schedules'],
    run: withSchedules(async (t, schedules) => {
      const task = schedules.task({ taskArgs: { of: 'the template' }, timeoutMs: 12_345 });
      await schedules.put({ cron: EACH_YEAR, task });
      for (const isPaused of [false, true]) {
        if (isPaused) await schedules.operate('pause');
        const response = await schedules.request('POST', '', '/run');
        t.status('SCH-030', response, 201);
        const { id, dueAt } = response.json;
        t.ok('SCH-030', 'the task is due at once', Date.parse(dueAt) <= (await recorderNow(t)), dueAt);
        const { json } = await t.api.get(id);
        const wanted = { queue: t.queue, timeoutMs: 12_345, taskArgs: { of: 'the template' } };
        t.matches('SCH-030', 'the task', json, wanted);
        t.equal('SCH-030', 'lastTaskId', (await schedules.get()).lastTaskId, id);
      }
      t.equal('SCH-030', 'how many tasks two runs record', (await schedules.tasks()).length, 2);
    }),
  },
  {
    id: 'a-run-of-a-schedule-is-no-tick',
    title: 'A run changes neither the next tick of a schedule nor the last one.',
    covers: { 'SCH-031': 'b7444376' },
    profile: 'recorder',
    features: ['schedules'],
    run: withSchedules(async (t, schedules) => {
      const { nextTickAt } = await schedules.put({ cron: EACH_YEAR });
      await schedules.run();
      const after = await schedules.get();
      t.equal('SCH-031', 'nextTickAt', after.nextTickAt, nextTickAt);
      t.equal('SCH-031', 'lastTickAt', after.lastTickAt, undefined);
    }),
  },
  {
    id: 'a-delete-of-a-schedule-leaves-its-tasks',
    title: 'A delete of a schedule is answered with 204, and the tasks that it recorded stay.',
    covers: { 'SCH-040': 'cd00601e' },
    profile: 'recorder',
    features: ['schedules'],
    run: withSchedules(async (t, schedules) => {
      await schedules.put({ cron: EACH_YEAR });
      const { id } = await schedules.run();
      t.status('SCH-040', await schedules.request('DELETE'), 204);
      t.problem('SCH-040', await schedules.request('GET'), 'schedule-not-found');
      t.status('SCH-040', await t.api.get(id), 200);
    }),
  },
  {
    id: 'a-deleted-schedule-does-not-tick',
    title: 'No tick of a deleted schedule is recorded.',
    covers: { 'SCH-040': 'cd00601e' },
    profile: 'core',
    features: ['schedules'],
    run: withSchedules(async (t, schedules) => {
      const { nextTickAt } = await schedules.put({ cron: EACH_SECOND });
      await schedules.untilRecorded([Date.parse(nextTickAt)]);
      t.status('SCH-040', await schedules.request('DELETE'), 204);
      const deletedAtMs = await recorderNow(t);
      await schedules.whileOthersTick(3);
      const later = (await schedules.ticks()).filter(({ createdAtMs }) => createdAtMs > deletedAtMs);
      t.equal('SCH-040', 'ticks that were recorded after the delete', later, []);
    }),
  },
];
