import type { Check } from '../../check.ts';
import type { ApiResponse } from '../../run/api.ts';
import type { CheckContext } from '../../run/check-context.ts';
import { completedTask } from './completed-task.ts';
import { pageSize } from './list.ts';
import { idsOf, walk } from './walk.ts';

/** The paths of both lists, that of tasks and that of attempts. */
async function listPaths(t: CheckContext): Promise<readonly string[]> {
  const { id } = await t.submit(t.parked());
  return ['/v1/tasks', `/v1/tasks/${id}/attempts`];
}

const page = (t: CheckContext, path: string, query: string): Promise<ApiResponse> =>
  t.api.request('GET', `${path}?${query}`);

/** What holds for one page of a list. */
export const PAGE_CHECKS: readonly Check[] = [
  {
    id: 'page-has-at-most-limit-items',
    title: 'A page of tasks has at most `limit` items.',
    covers: { 'PAG-001': '1ea82b81' },
    profile: 'recorder',
    async run(t) {
      for (let at = 0; at < 4; at += 1) await t.submit(t.parked());
      for (const limit of [1, pageSize(t, 3)]) {
        const { json } = await t.api.list({ queue: t.queue, limit });
        const count = json?.tasks?.length;
        t.ok(
          'PAG-001',
          `a page with limit=${limit} has at most ${limit} tasks`,
          count <= limit,
          `${count} tasks`,
        );
      }
    },
  },
  {
    id: 'page-of-attempts-has-at-most-limit-items',
    title: 'A page of attempts has at most `limit` items.',
    covers: { 'PAG-001': '1ea82b81' },
    profile: 'core',
    async run(t) {
      const id = await completedTask(t, 500, 500, 200);
      const { json } = await t.api.attempts(id, '?limit=1');
      const count = json?.attempts?.length;
      t.ok('PAG-001', 'a page with limit=1 has at most 1 attempt', count <= 1, `${count} attempts`);
    },
  },
  {
    id: 'page-has-a-cursor-while-more-follow',
    title:
      'A page has `nextCursor` exactly while more pages follow, so that a walk ends, and ends with every task seen.',
    covers: { 'PAG-003': '7f2be44f' },
    profile: 'recorder',
    async run(t) {
      const ids: string[] = [];
      for (let at = 0; at < 4; at += 1) ids.push((await t.submit(t.parked())).id);
      for (const limit of [1, pageSize(t, 2), pageSize(t, 4)]) {
        const listed = idsOf(await walk(t, 'PAG-003', { queue: t.queue, limit }));
        t.equal('PAG-003', `the tasks of all pages with limit=${limit}`, listed.toSorted(), ids.toSorted());
      }
    },
  },
  {
    id: 'page-of-an-empty-list-is-a-page',
    title: 'A list without any item is answered 200, and comes to an end.',
    covers: { 'PAG-003': '7f2be44f' },
    profile: 'recorder',
    async run(t) {
      t.equal(
        'PAG-003',
        'the tasks of a queue without any',
        await walk(t, 'PAG-003', { queue: t.queue }),
        [],
      );
    },
  },
  {
    id: 'page-cursor-is-safe-in-a-query',
    title: 'A cursor has only letters, digits, `.`, `_`, `~` and `-`.',
    covers: { 'PAG-004': '4c26b132' },
    profile: 'recorder',
    async run(t) {
      for (let at = 0; at < 3; at += 1) await t.submit(t.parked());
      const { json } = await t.api.list({ queue: t.queue, limit: 1 });
      const cursor: unknown = json?.nextCursor;
      const isSafe = typeof cursor === 'string' && /^[A-Za-z0-9._~-]+$/.test(cursor);
      t.ok('PAG-004', 'the cursor after the first of three tasks matches the pattern', isSafe, cursor);
    },
  },
  {
    id: 'page-with-a-foreign-cursor-is-refused',
    title:
      'A `cursor` that the recorder did not make is answered 400 `invalid-request` with the parameter `cursor`.',
    covers: { 'PAG-005': 'de0ab920' },
    profile: 'recorder',
    async run(t) {
      for (const path of await listPaths(t)) {
        for (const cursor of ['not-a-cursor', '~', 'a%20b', 'x'.repeat(300), '%00', '']) {
          const response = await page(t, path, `cursor=${cursor}`);
          t.problem('PAG-005', response, 'invalid-request', { parameter: 'cursor' });
        }
      }
    },
  },
  {
    id: 'page-limit-out-of-bounds-is-refused',
    title:
      'A `limit` of 0 or above `limits.maxPageSize` is answered 400 `invalid-request` with the parameter `limit`.',
    covers: { 'PAG-008': '4dc3bb47' },
    profile: 'recorder',
    async run(t) {
      const { maxPageSize } = t.discovery.limits;
      for (const path of await listPaths(t)) {
        for (const limit of ['0', String(maxPageSize + 1), '99999999999999999999']) {
          const response = await page(t, path, `limit=${limit}`);
          t.problem('PAG-008', response, 'invalid-request', { parameter: 'limit' });
        }
      }
    },
  },
  {
    id: 'page-limit-within-bounds-is-accepted',
    title: 'A `limit` of 1 and of `limits.maxPageSize` is accepted.',
    covers: { 'PAG-008': '4dc3bb47' },
    profile: 'recorder',
    async run(t) {
      for (const path of await listPaths(t)) {
        for (const limit of [1, t.discovery.limits['maxPageSize']]) {
          t.status('PAG-008', await page(t, path, `limit=${limit}`), 200);
        }
      }
    },
  },
  {
    id: 'page-limit-left-out-is-50',
    title: 'A page without `limit` has at most 50 items, or `limits.maxPageSize` where that is less.',
    covers: { 'PAG-009': 'fa240dda' },
    profile: 'recorder',
    async run(t) {
      const most = pageSize(t, 50);
      await Promise.all(Array.from({ length: most + 1 }, () => t.submit(t.parked())));
      const { json } = await t.api.list({ queue: t.queue });
      const count = json?.tasks?.length;
      t.ok('PAG-009', `a page without limit has at most ${most} tasks`, count <= most, `${count} tasks`);
    },
  },
];
