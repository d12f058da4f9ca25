import type { Check } from '../../check.ts';
import type { CheckContext } from '../../run/check-context.ts';
import { completedTask } from './completed-task.ts';
import { pageSize } from './list.ts';
import { idsOf, walk } from './walk.ts';

const COUNT = 11;
const ALL_ONCE = 'the tasks from before the first page, as often as they were listed';

/** Records tasks one after the other. */
async function record(t: CheckContext): Promise<string[]> {
  const ids: string[] = [];
  for (let at = 0; at < COUNT; at += 1) ids.push((await t.submit(t.parked())).id);
  return ids;
}

/** What a walk over all pages finds. */
export const PAGE_WALK_CHECKS: readonly Check[] = [
  {
    id: 'pages-hold-every-task-once',
    title: 'Following `nextCursor` to the end lists every task exactly once.',
    covers: { 'PAG-006': '292f2d9b' },
    profile: 'recorder',
    async run(t) {
      const ids = await record(t);
      for (const limit of [1, pageSize(t, 3), pageSize(t, COUNT), pageSize(t, COUNT + 5)]) {
        const listed = idsOf(await walk(t, 'PAG-006', { queue: t.queue, limit }));
        t.equal('PAG-006', `the tasks of all pages with limit=${limit}`, listed.toSorted(), ids.toSorted());
      }
    },
  },
  {
    id: 'pages-stand-while-tasks-are-inserted',
    title:
      'Tasks that are submitted between two pages make a walk neither skip nor repeat those from before.',
    covers: { 'PAG-006': '292f2d9b' },
    profile: 'recorder',
    async run(t) {
      const ids = await record(t);
      const between = async (number: number): Promise<void> => {
        if (number <= COUNT) await Promise.all([t.submit(t.parked()), t.submit(t.parked())]);
      };
      const listed = idsOf(await walk(t, 'PAG-006', { queue: t.queue, limit: pageSize(t, 2) }, { between }));
      const old = listed.filter((id) => ids.includes(id));
      t.equal('PAG-006', ALL_ONCE, old.toSorted(), ids.toSorted());
    },
  },
  {
    id: 'pages-stand-while-tasks-are-deleted',
    title: 'Tasks that are deleted between two pages make a walk neither skip nor repeat those that remain.',
    covers: { 'PAG-006': '292f2d9b' },
    profile: 'recorder',
    async run(t) {
      const ids = await record(t);
      const gone = new Set<string>();
      const between = async (_: number, tasks: readonly { id: string }[]): Promise<void> => {
        for (const id of idsOf(tasks).filter((each) => ids.includes(each))) {
          gone.add(id);
          t.status('PAG-006', await t.api.operate(id, 'cancel'), 200);
          t.status('PAG-006', await t.api.delete(id), 204);
        }
      };
      const listed = idsOf(await walk(t, 'PAG-006', { queue: t.queue, limit: pageSize(t, 2) }, { between }));
      const remaining = ids.filter((id) => !gone.has(id));
      const found = listed.filter((id) => remaining.includes(id));
      t.equal(
        'PAG-006',
        'the tasks that still exist, as often as they were listed',
        found.toSorted(),
        remaining.toSorted(),
      );
      // Those that are gone were listed before they went; none may come back.
      t.equal('PAG-006', ALL_ONCE, listed.toSorted(), ids.toSorted());
    },
  },
  {
    id: 'pages-stand-while-tasks-leave-the-filter',
    title:
      'Tasks that cease to match the filter between two pages make a walk neither skip nor repeat the others.',
    covers: { 'PAG-006': '292f2d9b' },
    profile: 'recorder',
    async run(t) {
      const ids = await record(t);
      const between = async (_: number, tasks: readonly { id: string }[]): Promise<void> => {
        // Only its own: where a filter is ignored, the list has the tasks of others.
        for (const id of idsOf(tasks).filter((each) => ids.includes(each)))
          t.status('PAG-006', await t.api.operate(id, 'cancel'), 200);
      };
      const query = { queue: t.queue, state: 'pending', limit: pageSize(t, 2) };
      const listed = idsOf(await walk(t, 'PAG-006', query, { between }));
      t.equal('PAG-006', ALL_ONCE, listed.toSorted(), ids.toSorted());
    },
  },
  {
    id: 'pages-tell-tasks-of-one-instant-apart',
    title:
      'Tasks that were recorded at the same instant are listed exactly once, also where a page ends between them.',
    covers: { 'PAG-006': '292f2d9b' },
    profile: 'recorder',
    features: ['batch'],
    async run(t) {
      const count = Math.min(COUNT, t.discovery.limits['maxBatchTasks']);
      const { json } = await t.api.submitBatch(Array.from({ length: count }, () => t.parked()));
      const ids = idsOf((json?.tasks ?? []).map((item: { task: unknown }) => item.task));
      t.equal('PAG-006', 'the number of tasks that the batch recorded', ids.length, count);
      for (const limit of [1, pageSize(t, 3)]) {
        const listed = idsOf(await walk(t, 'PAG-006', { queue: t.queue, limit }));
        t.equal('PAG-006', `the tasks of all pages with limit=${limit}`, listed.toSorted(), ids.toSorted());
      }
    },
  },
  {
    id: 'pages-keep-the-filters',
    title: 'Every page of a list with filters holds only what passes them.',
    covers: { 'PAG-006': '292f2d9b', 'REC-041': '6df07794' },
    profile: 'recorder',
    async run(t) {
      const ids: string[] = [];
      for (let at = 0; at < COUNT; at += 1) {
        const { id } = await t.submit(t.parked({ flowKey: at % 2 === 0 ? 'even' : 'odd' }));
        if (at % 2 === 0) ids.push(id);
      }
      const listed = idsOf(
        await walk(t, 'PAG-006', { queue: t.queue, flowKey: 'even', limit: pageSize(t, 2) }),
      );
      const wrong = listed.filter((id) => !ids.includes(id));
      t.equal('REC-041', 'the listed tasks that do not pass the filter', wrong, []);
      t.equal('PAG-006', 'the tasks of all pages', listed.toSorted(), ids.toSorted());
    },
  },
  {
    id: 'pages-of-attempts-hold-every-one-once',
    title:
      'Following `nextCursor` through the attempts of a task lists each exactly once, the lowest number first.',
    covers: { 'PAG-006': '292f2d9b', 'REC-060': 'd0e07b82' },
    profile: 'core',
    async run(t) {
      const id = await completedTask(t, 500, 500, 200);
      for (const limit of [1, pageSize(t, 2), pageSize(t, 3)]) {
        const list = { items: 'attempts', path: `/v1/tasks/${id}/attempts` } as const;
        const numbers = (await walk(t, 'PAG-006', { limit }, list)).map(({ attempt }) => attempt);
        t.equal(
          'PAG-006',
          `the attempts of all pages with limit=${limit}, sorted`,
          numbers.toSorted((a, b) => a - b),
          [1, 2, 3],
        );
        t.equal('REC-060', `the attempts of all pages with limit=${limit}`, numbers, [1, 2, 3]);
      }
    },
  },
];
