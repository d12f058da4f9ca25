import type { Check } from '../../check.ts';
import type { Json } from '../../run/api.ts';

const idsOf = (json: Json): string[] => (json?.tasks ?? []).map((item: Json) => item.task?.id);
const createdOf = (json: Json): boolean[] => (json?.tasks ?? []).map((item: Json) => item.created);

/** What a batch that is accepted is answered with. */
export const BATCH_ANSWER_CHECKS: readonly Check[] = [
  {
    id: 'batch-lists-its-tasks-in-order',
    title: 'The answer to a batch has an item for each of its tasks, in their order.',
    covers: { 'REC-031': '810fcb1c' },
    profile: 'recorder',
    features: ['batch'],
    async run(t) {
      const count = Math.min(20, t.discovery.limits.maxBatchTasks);
      // Ids that sort in another order than they stand in.
      const ids = Array.from({ length: count }, (_, at) => t.newId(`${(at * 7) % count}`));
      await t.submit(t.parked({ id: ids[1] }));
      const response = await t.api.submitBatch(ids.map((id) => t.parked({ id })));
      t.status('REC-031', response, 201);
      t.equal('REC-031', 'the ids of the items', idsOf(response.json), ids);
    },
  },
  {
    id: 'batch-keeps-each-task',
    title: 'Each task of a batch is recorded with the content that stands at its place.',
    covers: { 'REC-031': '810fcb1c' },
    profile: 'recorder',
    features: ['batch'],
    async run(t) {
      const count = Math.min(10, t.discovery.limits.maxBatchTasks);
      const tasks = Array.from({ length: count }, (_, at) => t.parked({ taskName: `n${at}`, taskArgs: at }));
      const response = await t.api.submitBatch(tasks);
      t.status('REC-031', response, 201);
      for (const [at, id] of idsOf(response.json).entries())
        t.matches('REC-031', `task ${at}`, (await t.api.get(id)).json, {
          id,
          taskName: `n${at}`,
          taskArgs: at,
        });
    },
  },
  {
    id: 'batch-of-one-new-task-answers-201',
    title: 'A batch of which one task is new is answered with 201, and says which.',
    covers: { 'REC-032': '065127b6', 'REC-033': '26cee839' },
    profile: 'recorder',
    features: ['batch'],
    async run(t) {
      if (t.discovery.limits.maxBatchTasks < 3) t.skip('limits.maxBatchTasks is below 3');
      const tasks = [1, 2, 3].map(() => t.parked({ id: t.newId() }));
      t.status('REC-032', await t.api.submitBatch([tasks[0] ?? {}, tasks[2] ?? {}]), 201);
      const response = await t.api.submitBatch(tasks);
      t.status('REC-032', response, 201);
      t.equal('REC-033', 'what is created', createdOf(response.json), [false, true, false]);
    },
  },
  {
    id: 'repeated-batch-answers-200',
    title: 'A batch that is repeated is answered with 200, and each of its tasks has created false.',
    covers: { 'REC-032': '065127b6', 'REC-033': '26cee839' },
    profile: 'recorder',
    features: ['batch'],
    async run(t) {
      const count = Math.min(3, t.discovery.limits.maxBatchTasks);
      const tasks = Array.from({ length: count }, () => t.parked({ id: t.newId() }));
      const first = await t.api.submitBatch(tasks);
      t.status('REC-032', first, 201);
      const response = await t.api.submitBatch(tasks);
      t.status('REC-032', response, 200);
      const expected = first.json.tasks.map(({ task }: Json) => ({ created: false, task }));
      t.equal('REC-033', 'the items of the second answer', response.json?.tasks, expected);
    },
  },
];
