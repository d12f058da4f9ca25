import type { NewTask } from '@dispatchr/store';
import { newTask, openTestStore, type TestStore } from '@dispatchr/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';

let fixture: TestStore;
beforeAll(async () => {
  fixture = await openTestStore();
});
afterAll(() => fixture.close());

/** Each test has a queue of its own, so that none sees the tasks of another. */
let queues = 0;
const ownQueue = () => `queue-${(queues += 1)}`;
const ANY = { scheduler: 'scheduler-1', exceptOrigins: [], originLimits: [], otherOriginLimit: 1000 };

async function submit(...tasks: NewTask[]) {
  await fixture.store.submitBatch(tasks);
}

test('a look at known lanes begins where the last one found something, and finds nothing in others', async () => {
  const [queue, other] = [ownQueue(), ownQueue()];
  await submit(newTask({ queue, priority: 2, dueAt: '2020-01-01T02:00:00.123456Z' }));
  const { lanes } = await fixture.store.findDueLanes();
  const known = lanes.filter((lane) => lane.queue === queue);
  expect(known).toEqual([{ queue, priority: 2, since: new Date('2020-01-01T02:00:00.123Z') }]);
  await submit(
    newTask({ queue, priority: 2, dueAt: '2020-01-01T01:00:00Z' }),
    newTask({ queue: other, dueAt: '2020-01-01T03:00:00Z' }),
  );
  const { queues: due } = await fixture.store.findDueLanes(known);
  expect(due).toMatchObject([{ queue, priorities: [2], sinces: [new Date('2020-01-01T02:00:00.123Z')] }]);
});

test('a claim begins where the look found the first task of a lane', async () => {
  const queue = ownQueue();
  const [early, late] = [1, 2].map((hour) => newTask({ queue, dueAt: `2020-01-01T0${hour}:00:00Z` }));
  await submit(...[early, late].filter((task) => task !== undefined));
  const share = { queue, quota: 10, priorities: [0], version: '' };
  const from = (sinces?: Date[]) =>
    fixture.store.claimDueTasks({ ...ANY, queues: [{ ...share, ...(sinces && { sinces }) }] });
  expect((await from([new Date('2020-01-01T01:30:00Z')])).map(({ id }) => id)).toEqual([late?.id]);
  expect((await from()).map(({ id }) => id)).toEqual([early?.id]);
});
