import { setTimeout as sleep } from 'node:timers/promises';
import type { Check } from '../../check.ts';
import type { ApiResponse, Json } from '../../run/api.ts';
import type { CheckContext } from '../../run/check-context.ts';

const ROUNDS = 8;

/** That a batch is recorded as a whole or not at all. */
export const BATCH_ATOMICITY_CHECKS: readonly Check[] = [
  {
    id: 'batch-with-an-invalid-task-records-nothing',
    title:
      'A batch whose last task is invalid, or has a target that nobody may reach, records none of its tasks.',
    covers: { 'REC-030': '62120f70' },
    profile: 'recorder',
    features: ['batch'],
    async run(t) {
      if (t.discovery.limits.maxBatchTasks < 3) t.skip('limits.maxBatchTasks is below 3');
      for (const last of [{ timeoutMs: -1 }, { target: 'http://169.254.169.254/' }]) {
        const ids = [t.newId(), t.newId()];
        const response = await t.api.submitBatch([...ids.map((id) => t.parked({ id })), t.parked(last)]);
        t.ok('REC-030', `a batch with ${JSON.stringify(last)} is refused`, response.status >= 400);
        for (const id of ids) t.status('REC-030', await t.api.get(id), 404);
      }
    },
  },
  {
    id: 'batch-with-a-conflict-records-nothing',
    title:
      'A batch with an id that exists with other content records none of its tasks, before or after that one.',
    covers: { 'REC-030': '62120f70', 'REC-034': '6ecf51bd' },
    profile: 'recorder',
    features: ['batch'],
    async run(t) {
      if (t.discovery.limits.maxBatchTasks < 3) t.skip('limits.maxBatchTasks is below 3');
      const [before, taken, after] = [t.newId(), t.newId(), t.newId()];
      await t.submit(t.parked({ id: taken, taskArgs: 1 }));
      const batch = [before, taken, after].map((id) => t.parked({ id, taskArgs: 2 }));
      const response = await t.api.submitBatch(batch);
      t.problem('REC-034', response, 'task-id-conflict', { pointer: '/tasks/1/id' });
      for (const id of [before, after]) t.status('REC-030', await t.api.get(id), 404);
      t.equal('REC-030', 'the task that was there', (await t.api.get(taken)).json?.taskArgs, 1);
    },
  },
  {
    id: 'concurrent-batches-with-other-content-exclude-each-other',
    title:
      'Of two batches at the same time with the same ids, in reverse order and with other content, one is recorded as a whole and the other refused.',
    covers: { 'REC-030': '62120f70' },
    profile: 'recorder',
    features: ['batch'],
    async run(t) {
      for (let round = 0; round < ROUNDS; round += 1) {
        const ids = idsFor(t, 5);
        const tasks = (order: readonly string[], taskArgs: number): object[] =>
          order.map((id) => t.parked({ id, taskArgs }));
        const responses = await Promise.all([
          t.api.submitBatch(tasks(ids, 0)),
          t.api.submitBatch(tasks(ids.toReversed(), 1)),
        ]);
        const statuses = responses.map(({ status }) => status);
        t.equal('REC-030', 'the statuses of both', inOrder(statuses), [201, 409]);
        const kept = await Promise.all(
          ids.map(async (id): Promise<number> => (await t.api.get(id)).json?.taskArgs),
        );
        t.equal(
          'REC-030',
          'whose tasks are there',
          kept,
          ids.map(() => statuses.indexOf(201)),
        );
      }
    },
  },
  {
    id: 'concurrent-batches-with-the-same-content-agree',
    title:
      'Of several batches at the same time with the same tasks, one records all of them and the others find them.',
    covers: { 'REC-030': '62120f70' },
    profile: 'recorder',
    features: ['batch'],
    async run(t) {
      for (let round = 0; round < ROUNDS; round += 1) {
        const tasks = idsFor(t, 5).map((id) => t.parked({ id }));
        const orders = [tasks, tasks.toReversed(), tasks];
        const responses = await Promise.all(orders.map((order) => t.api.submitBatch(order)));
        const statuses = responses.map(({ status }) => status);
        t.equal('REC-030', 'the statuses', inOrder(statuses), [200, 200, 201]);
        for (const response of responses)
          t.equal(
            'REC-030',
            'what each created',
            createdIn(response),
            tasks.map(() => response.status === 201),
          );
      }
    },
  },
  {
    id: 'batch-appears-as-a-whole',
    title: 'A reader that sees one task of a batch sees all of them.',
    covers: { 'REC-030': '62120f70' },
    profile: 'recorder',
    features: ['batch'],
    async run(t) {
      for (let round = 0; round < 3; round += 1) {
        const ids = idsFor(t, 100);
        let isAnswered = false;
        const submit = t.api.submitBatch(ids.map((id) => t.parked({ id }))).finally(() => {
          isAnswered = true;
        });
        const reader = async (first: string, second: string): Promise<void> => {
          while (!isAnswered)
            if ((await t.api.get(first)).status === 200) t.status('REC-030', await t.api.get(second), 200);
        };
        const [first = '', last = ''] = [ids[0], ids.at(-1)];
        const [response] = await Promise.all([submit, reader(first, last), reader(last, first)]);
        t.status('REC-030', response, 201);
      }
    },
  },
  {
    id: 'killed-batch-is-whole-or-absent',
    title: 'A batch during which the implementation is killed is recorded as a whole or not at all.',
    covers: { 'REC-030': '62120f70' },
    profile: 'recorder',
    features: ['batch'],
    needs: ['control'],
    runs: 'alone',
    async run(t) {
      for (const afterMs of [3, 10, 30]) {
        const ids = idsFor(t, 100);
        const submit = t.api.submitBatch(ids.map((id) => t.parked({ id }))).catch(() => undefined);
        await sleep(afterMs);
        await t.control.kill();
        const response = await submit;
        await t.control.start();
        const statuses = await Promise.all(ids.map(async (id) => (await t.api.get(id)).status));
        const found = statuses.filter((status) => status === 200).length;
        const whole = response?.status === 201 ? [ids.length] : [0, ids.length];
        t.ok('REC-030', `all or none of ${ids.length} tasks are there`, whole.includes(found), found);
      }
    },
  },
];

const idsFor = (t: CheckContext, count: number): string[] =>
  Array.from({ length: Math.min(count, t.discovery.limits.maxBatchTasks) }, () => t.newId());

const inOrder = (statuses: readonly number[]): number[] => statuses.toSorted((a, b) => a - b);

const createdIn = ({ json }: ApiResponse): boolean[] => (json?.tasks ?? []).map((item: Json) => item.created);
