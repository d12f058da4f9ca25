import type { Check } from '../../check.ts';
import type { ApiResponse } from '../../run/api.ts';
import type { CheckContext } from '../../run/check-context.ts';
import { idsOf, walk } from './walk.ts';

const AT_ONCE = 20;
const ROUNDS = 3;

/** What holds when several producers submit at the same moment. */
export const RACE_CHECKS: readonly Check[] = [
  {
    id: 'race-of-one-id-records-one-task',
    title: 'Of several submits of one id at the same time, one is answered 201 and the others 200.',
    covers: { 'IDN-013': 'b049cf7a' },
    profile: 'recorder',
    async run(t) {
      for (let round = 0; round < ROUNDS; round += 1) {
        const task = t.parked({ id: t.newId() });
        const responses = await atOnce(() => t.api.submit(task));
        judgeRace(t, responses);
      }
      const listed = await walk(t, 'IDN-013', { queue: t.queue });
      t.equal('IDN-013', 'the number of tasks that are recorded', listed.length, ROUNDS);
    },
  },
  {
    id: 'race-of-one-key-records-one-task',
    title:
      'Of several submits with one Idempotency-Key at the same time, one is answered 201 and the others 200.',
    covers: { 'IDN-013': 'b049cf7a' },
    profile: 'recorder',
    features: ['idempotency-key'],
    async run(t) {
      for (let round = 0; round < ROUNDS; round += 1) {
        const headers = { 'idempotency-key': `"${t.newId()}"` };
        judgeRace(t, await atOnce(() => t.api.submit(t.parked(), headers)));
      }
      const listed = await walk(t, 'IDN-013', { queue: t.queue });
      t.equal('IDN-013', 'the number of tasks that are recorded', listed.length, ROUNDS);
    },
  },
  {
    id: 'race-of-other-contents-records-one-task',
    title:
      'Of several submits of one id with other content each, at the same time, one is answered 201 and the others 409.',
    covers: { 'IDN-008': 'a772a263', 'IDN-017': '219972d2' },
    profile: 'recorder',
    async run(t) {
      // A single race may be over before the second submit has arrived.
      for (let race = 0; race < 5; race += 1) {
        const id = t.newId();
        const responses = await atOnce((number) => t.api.submit(t.parked({ id, taskArgs: [number] })));
        const created = responses.filter(({ status }) => status === 201);
        t.equal('IDN-017', 'the number of 201 among the answers', created.length, 1);
        for (const response of responses) {
          if (response.status !== 201) t.problem('IDN-008', response, 'task-id-conflict', { pointer: '/id' });
        }
        const { json } = await t.api.get(id);
        const winner = responses.findIndex(({ status }) => status === 201);
        t.equal(
          'IDN-008',
          'the content of the task is that of the submit that was answered 201',
          json?.taskArgs,
          [winner],
        );
      }
    },
  },
  {
    id: 'race-of-batches-records-each-task-once',
    title:
      'Batches of the same ids in opposite orders at the same time all succeed, and each id is created once.',
    covers: { 'IDN-013': 'b049cf7a' },
    profile: 'recorder',
    features: ['batch'],
    async run(t) {
      for (let round = 0; round < ROUNDS; round += 1) await raceBatches(t);
    },
  },
];

function atOnce(submit: (number: number) => Promise<ApiResponse>, count = AT_ONCE): Promise<ApiResponse[]> {
  return Promise.all(Array.from({ length: count }, (_, number) => submit(number)));
}

async function raceBatches(t: CheckContext): Promise<void> {
  const count = Math.min(10, t.discovery.limits['maxBatchTasks']);
  const tasks = Array.from({ length: count }, () => t.parked({ id: t.newId() }));
  const responses = await atOnce(
    (number) => t.api.submitBatch(number % 2 === 0 ? tasks : tasks.toReversed()),
    8,
  );
  for (const response of responses) t.status('IDN-013', response, 200, 201);
  const items = responses.flatMap(({ json }) => json?.tasks ?? []);
  const created = idsOf(items.filter((item) => item.created === true).map(({ task }) => task));
  t.equal(
    'IDN-013',
    'the ids that were created, over all batches',
    created.toSorted(),
    idsOf(tasks).toSorted(),
  );
}

function judgeRace(t: CheckContext, responses: readonly ApiResponse[]): void {
  const statuses = responses.map(({ status }) => status).toSorted((a, b) => b - a);
  const expected = [201, ...Array.from({ length: responses.length - 1 }, () => 200)];
  t.equal('IDN-013', `the statuses of ${responses.length} submits at the same time`, statuses, expected);
  const ids = new Set(responses.map(({ json }) => json?.id));
  t.equal('IDN-013', 'the number of different tasks that were answered', ids.size, 1);
}
