import type { Check } from '../../check.ts';
import type { CheckContext } from '../../run/check-context.ts';
import { idsOf, walk } from './walk.ts';

/** In which order tasks are listed, and what of them. */
export const LIST_CHECKS: readonly Check[] = [
  {
    id: 'list-has-the-newest-first',
    title:
      'Tasks are listed by the order of their submits, the newest first, whatever their ids and due times.',
    covers: { 'REC-040': '056e6786' },
    profile: 'recorder',
    async run(t) {
      const waves: string[][] = [];
      for (let wave = 0; wave < 4; wave += 1) {
        // Neither the order of the ids nor that of the due times is the order of the submits.
        const one = (at: number): Promise<{ id: string }> =>
          t.submit(
            t.parked({ id: t.newId('zxyw'[wave]), delayMs: 86_400_000 - [3, 1, 4, 2][wave]! * 60_000 - at }),
          );
        const tasks = await Promise.all([one(0), one(1), one(2)]);
        waves.unshift(idsOf(tasks));
      }
      const listed = idsOf(await walk(t, 'REC-040', { queue: t.queue, limit: pageSize(t, 5) }));
      const waveOf = (id: string): number => waves.findIndex((ids) => ids.includes(id));
      const expected = waves.flatMap((ids, wave) => ids.map(() => wave));
      t.equal(
        'REC-040',
        'the waves of submits in the order of the list, 0 the newest',
        listed.map(waveOf),
        expected,
      );
    },
  },
  {
    id: 'list-shows-no-content',
    title: 'A list shows neither `taskArgs` nor `request`, `headers` or `idempotencyKey`.',
    covers: { 'REC-044': '579516bd' },
    profile: 'recorder',
    async run(t) {
      const { features } = t.discovery;
      const headers = { 'x-one': '1' };
      const keyed = features.includes('idempotency-key') ? { 'idempotency-key': `"${t.newId()}"` } : {};
      await t.submit(t.parked({ taskArgs: { a: 1 }, headers }), keyed);
      if (features.includes('request')) await t.submit(t.parked({ request: { method: 'PUT', body: 'a' } }));
      const listed = await walk(t, 'REC-044', { queue: t.queue });
      const content = ['taskArgs', 'request', 'headers', 'idempotencyKey'];
      const shown = listed.flatMap((task) => Object.keys(task)).filter((name) => content.includes(name));
      t.equal('REC-044', 'the members of content that the list shows', shown, []);
    },
  },
  {
    id: 'list-filters-by-created-after-and-before',
    title: '`createdAfter` includes the instant that it names, and `createdBefore` excludes it.',
    covers: { 'REC-043': 'b320f992' },
    profile: 'recorder',
    async run(t) {
      const tasks: { id: string; createdAt: string }[] = [];
      for (let at = 0; at < 8; at += 1) tasks.push(await t.submit(t.parked()));
      for (const { createdAt } of [tasks[0]!, tasks[3]!, tasks[7]!]) {
        const after = await walk(t, 'REC-043', { queue: t.queue, createdAfter: createdAt });
        const before = await walk(t, 'REC-043', { queue: t.queue, createdBefore: createdAt });
        const expected = (isAfter: boolean): string[] =>
          idsOf(tasks.filter((task) => task.createdAt >= createdAt === isAfter)).toSorted();
        t.equal(
          'REC-043',
          `the tasks with createdAfter=${createdAt}`,
          idsOf(after).toSorted(),
          expected(true),
        );
        t.equal(
          'REC-043',
          `the tasks with createdBefore=${createdAt}`,
          idsOf(before).toSorted(),
          expected(false),
        );
      }
    },
  },
];

/** A number of items that the implementation allows on a page. */
export function pageSize(t: CheckContext, wanted: number): number {
  return Math.min(wanted, t.discovery.limits['maxPageSize']);
}
