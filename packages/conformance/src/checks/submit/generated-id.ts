import { setTimeout as sleep } from 'node:timers/promises';
import type { Check } from '../../check.ts';
import type { CheckContext } from '../../run/check-context.ts';

const PATTERN = /^(?!\.{1,2}$)[A-Za-z0-9._~:-]{1,512}$/;
const COUNT = 8;

/** The ids of tasks that are submitted without one. */
export const GENERATED_ID_CHECKS: readonly Check[] = [
  {
    id: 'generated-ids-are-unique',
    title:
      'A task without an id gets one that matches the pattern of ids and that no other task has, also when many are submitted at once.',
    covers: { 'REC-024': '13a79b4f' },
    profile: 'recorder',
    async run(t) {
      const ids: string[] = [];
      for (let round = 0; round < 3; round += 1) ids.push(...(await generateIds(t, 16)));
      if (t.discovery.features.includes('batch')) {
        const { json } = await t.api.submitBatch(Array.from({ length: 16 }, () => t.parked()));
        ids.push(...json.tasks.map((item: { task: { id: string } }) => item.task.id));
      }
      const wrong = ids.filter((id) => !PATTERN.test(id));
      t.equal('REC-024', 'ids that do not match the pattern', wrong, []);
      const repeated = ids.filter((id, at) => ids.indexOf(id) !== at);
      t.equal('REC-024', 'ids that came twice', repeated, []);
    },
  },
  {
    id: 'generated-ids-sort-by-time',
    title: 'The id of a task that is submitted a second after others sorts behind theirs.',
    covers: { 'REC-024': '13a79b4f' },
    profile: 'recorder',
    async run(t) {
      const before = await generateIds(t, COUNT);
      // Ids may count whole seconds.
      await sleep(1100);
      const after = await generateIds(t, COUNT);
      const sorted = [...before, ...after].toSorted((a, b) => (a < b ? -1 : 1));
      const misplaced = sorted.slice(0, COUNT).filter((id) => after.includes(id));
      t.equal('REC-024', 'later ids that sort before earlier ones', misplaced, []);
    },
  },
];

function generateIds(t: CheckContext, count: number): Promise<string[]> {
  const submits = Array.from({ length: count }, async (): Promise<string> => (await t.submit(t.parked())).id);
  return Promise.all(submits);
}
