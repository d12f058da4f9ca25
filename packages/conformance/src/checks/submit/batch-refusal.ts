import type { Check } from '../../check.ts';
import type { CheckContext } from '../../run/check-context.ts';
import { forAll } from './submission-verdict.ts';

const BLOCKED = 'http://169.254.169.254/';

/** Which batches are refused, and where their problems point. */
export const BATCH_REFUSAL_CHECKS: readonly Check[] = [
  {
    id: 'batch-conflict-points-at-the-id',
    title: 'A batch with an id that exists with other content is refused at the id of that task.',
    covers: { 'REC-034': '6ecf51bd' },
    profile: 'recorder',
    features: ['batch'],
    async run(t) {
      const id = t.newId();
      await t.submit(t.parked({ id, taskArgs: 1 }));
      const other = t.parked({ id, taskArgs: 2 });
      const batch = t.discovery.limits.maxBatchTasks < 2 ? [other] : [t.parked(), other];
      const response = await t.api.submitBatch(batch);
      t.problem('REC-034', response, 'task-id-conflict', { pointer: `/tasks/${batch.length - 1}/id` });
    },
  },
  {
    id: 'batch-with-an-id-twice-is-refused',
    title: 'A batch that has one id twice is refused at the later one, also if the contents are the same.',
    covers: { 'REC-035': '67c3f8b8' },
    profile: 'recorder',
    features: ['batch'],
    async run(t) {
      requireRoom(t, 4);
      for (const taskArgs of [1, 2]) {
        const id = t.newId();
        const batch = [t.parked(), t.parked({ id, taskArgs: 1 }), t.parked(), t.parked({ id, taskArgs })];
        const response = await t.api.submitBatch(batch);
        t.problem('REC-035', response, 'invalid-request', { pointer: '/tasks/3/id' });
        t.status('REC-035', await t.api.get(id), 404);
      }
    },
  },
  {
    id: 'batch-problems-point-into-the-task',
    title: 'A fault in a task of a batch is reported at its member, below /tasks and the index of the task.',
    covers: { 'REC-037': 'f7b38811' },
    profile: 'recorder',
    features: ['batch'],
    async run(t) {
      requireRoom(t, 12);
      const faults: readonly (readonly [members: object, pointer: string, problem: string])[] = [
        [{ target: 'ftp://conformance.invalid/' }, '/target', 'invalid-request'],
        [{ taskName: undefined }, '/taskName', 'invalid-request'],
        [{ retry: { jitter: 2 } }, '/retry/jitter', 'invalid-request'],
        [{ headers: { 'X Y': '' } }, '/headers/X Y', 'invalid-request'],
        [{ dueAt: new Date().toISOString() }, '/delayMs', 'invalid-request'],
        [{ colour: 'red' }, '/colour', 'invalid-request'],
        [{ target: BLOCKED }, '/target', 'target-blocked'],
      ];
      const places = faults.flatMap((fault) => [0, 11].map((index) => ({ fault, index })));
      await forAll(places, async ({ fault: [members, pointer, problem], index }) => {
        const batch = Array.from({ length: 12 }, (_, at) => t.parked(at === index ? members : {}));
        const response = await t.api.submitBatch(batch);
        t.problem('REC-037', response, problem, { pointer: `/tasks/${index}${pointer}` });
      });
    },
  },
  {
    id: 'batch-of-no-tasks-is-refused',
    title: 'A batch of no tasks is refused at /tasks.',
    covers: { 'REC-038': 'e48a90d7' },
    profile: 'recorder',
    features: ['batch'],
    async run(t) {
      t.problem('REC-038', await t.api.submitBatch([]), 'invalid-request', { pointer: '/tasks' });
    },
  },
  {
    id: 'batch-of-too-many-tasks-is-refused',
    title:
      'A batch of more tasks than limits.maxBatchTasks is refused at /tasks, and one of as many is accepted.',
    covers: { 'REC-038': 'e48a90d7' },
    profile: 'recorder',
    features: ['batch'],
    async run(t) {
      const { maxBatchTasks } = t.discovery.limits;
      // Short: as many as 1,001 of them fit into the least maxBatchBytes that a recorder may declare.
      const task = '{"target":"http://a.invalid","taskName":"a","delayMs":99999999}';
      const batch = (count: number): string =>
        `{"tasks":[${Array.from({ length: count }, () => task).join()}]}`;
      const response = await t.api.submitBatch(batch(maxBatchTasks + 1));
      t.problem('REC-038', response, 'invalid-request', { pointer: '/tasks' });
      t.status('REC-038', await t.api.submitBatch(batch(maxBatchTasks)), 201);
    },
  },
];

function requireRoom(t: CheckContext, tasks: number): void {
  if (t.discovery.limits.maxBatchTasks < tasks) t.skip(`limits.maxBatchTasks is below ${tasks}`);
}
