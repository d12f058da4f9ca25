import type { NewTask, TaskWaiting } from '@dispatchr/store';
import { newTask, openTestStore, type TestStore } from '@dispatchr/testkit';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Queryable } from './database/database.ts';
import { findTaskAndWaiting } from './statements/find-task-and-waiting.ts';

let fixture: TestStore;
beforeAll(async () => {
  fixture = await openTestStore();
});
afterAll(() => fixture.close());
beforeEach(async () => {
  await change(`TRUNCATE dispatchr.schedulers`);
  await change(`INSERT INTO dispatchr.schedulers VALUES ('s', now())`);
});

/** A pending task in a queue, and for a target, of its own. */
async function submitted(members: Partial<NewTask> = {}): Promise<NewTask> {
  const queue = crypto.randomUUID();
  const task = newTask({ queue, target: `http://${queue}.example/tasks`, flowKey: 'tenant', ...members });
  await fixture.store.submitTask(task);
  return task;
}
async function waitingOf({ id }: NewTask): Promise<TaskWaiting | undefined> {
  return (await fixture.store.findTask(id))?.waiting;
}
const change = (text: string) => fixture.database.query({ name: text, role: 'read', text }, []);
const setQueue = ({ queue }: NewTask, columns: string, values: string) =>
  change(`INSERT INTO dispatchr.queues (name, ${columns}) VALUES ('${queue}', ${values})`);
const setFlowKey = ({ queue, flowKey }: NewTask, columns: string, values: string) =>
  change(
    `INSERT INTO dispatchr.flow_keys (queue, flow_key, ${columns}) VALUES ('${queue}', '${flowKey}', ${values})`,
  );
const setGate = ({ queue }: NewTask, flowKey: string, inFlight: number, tat = `'epoch'`) =>
  change(`INSERT INTO dispatchr.gates VALUES ('${queue}', '${flowKey}', ${inFlight}, ${tat})`);
const hold = (key: string, { origin }: NewTask, state: string, until = `now() + interval '1 minute'`) =>
  change(`INSERT INTO dispatchr.held_targets VALUES ('${key}', '${origin}', '${state}', now(), ${until})`);
const inAMinute = () => {
  const ms = Date.now() + 60_000;
  return {
    asymmetricMatch: (until: unknown) => until instanceof Date && Math.abs(until.getTime() - ms) < 5000,
  };
};

test('a task that is not due waits for the dueAt that it shows', async () => {
  const task = await submitted({ delayMs: 60_000 });
  const found = await fixture.store.findTask(task.id);
  expect(found?.waiting).toEqual({ reason: 'not-due', until: found?.task.dueAt });
});

test.each([
  [`TRUNCATE dispatchr.schedulers`, 'no-scheduler'],
  [`UPDATE dispatchr.schedulers SET seen_at = now() - interval '16 s'`, 'no-scheduler'],
  [`UPDATE dispatchr.schedulers SET seen_at = now() - interval '14 s'`, 'ready'],
])('after %s a due task waits with %s', async (text, reason) => {
  const task = await submitted();
  await change(text);
  expect(await waitingOf(task)).toMatchObject({ reason });
});

test('a task of a paused queue waits for its resume, but not when an operator runs it', async () => {
  const task = await submitted();
  await setQueue(task, 'paused', 'true');
  expect(await waitingOf(task)).toEqual({ reason: 'queue-paused' });
  await fixture.store.runTask(task.id);
  expect(await waitingOf(task)).toEqual({ reason: 'ready', before: 0 });
});

test('a task waits for the next probe of an open circuit', async () => {
  const task = await submitted();
  await hold(task.origin, task, 'circuit-open');
  expect(await waitingOf(task)).toEqual({ reason: 'circuit-open', until: inAMinute() });
});

test('a task waits for the end of what its origin or its URL asked for, and for no other URL', async () => {
  const [held, spared, ofOrigin] = [await submitted(), await submitted(), await submitted()];
  await hold(held.target, held, 'held-back');
  await hold(`${spared.target}/other`, spared, 'held-back');
  await hold(ofOrigin.origin, ofOrigin, 'held-back');
  expect(await waitingOf(held)).toEqual({ reason: 'target-held-back', until: inAMinute() });
  expect(await waitingOf(spared)).toEqual({ reason: 'ready', before: 0 });
  expect(await waitingOf(ofOrigin)).toEqual({ reason: 'target-held-back', until: inAMinute() });
});

test('a parked task whose hold-back is over, or whose origin returns, is ready', async () => {
  const [over, returning] = [await submitted(), await submitted()];
  await hold(over.origin, over, 'held-back', `now() - interval '1 ms'`);
  await hold(returning.origin, returning, 'returning');
  for (const { id, origin } of [over, returning]) {
    await change(`UPDATE dispatchr.unfinished_tasks SET parked_for = '${origin}'
      WHERE seq = (SELECT seq FROM dispatchr.tasks WHERE id = '${id}')`);
  }
  expect(await waitingOf(over)).toEqual({ reason: 'ready', before: 0 });
  expect(await waitingOf(returning)).toEqual({ reason: 'ready', before: 0 });
});

test('a task waits for room in its queue, even if an operator runs it', async () => {
  const task = await submitted();
  await setQueue(task, 'max_concurrency, flow_max_concurrency', '2, 1');
  expect(await waitingOf(task)).toMatchObject({ reason: 'ready' });
  await setGate(task, 'tenant', 1);
  expect(await waitingOf(task)).toEqual({ reason: 'flow-concurrency' });
  await setGate(task, '', 2);
  await fixture.store.runTask(task.id);
  expect(await waitingOf(task)).toEqual({ reason: 'queue-concurrency' });
});

test('a flow key’s own limit counts instead of that of its queue', async () => {
  const task = await submitted();
  await setQueue(task, 'flow_max_concurrency', '1');
  await setGate(task, 'tenant', 1);
  await setFlowKey(task, 'max_concurrency', '2');
  expect(await waitingOf(task)).toMatchObject({ reason: 'ready' });
});

test('a task waits for the rate of its queue, or of its flow key, to let one more through', async () => {
  const [ofQueue, ofFlowKey] = [await submitted(), await submitted()];
  await setQueue(ofQueue, 'rate_per_second, rate_burst', '0.001, 1');
  await setGate(ofQueue, '', 0, `now() + interval '1 minute'`);
  await setFlowKey(ofFlowKey, 'rate_per_second, rate_burst', '0.001, 1');
  await setGate(ofFlowKey, 'tenant', 0, `now() + interval '1 minute'`);
  expect(await waitingOf(ofQueue)).toEqual({ reason: 'queue-rate', until: inAMinute() });
  expect(await waitingOf(ofFlowKey)).toEqual({ reason: 'flow-rate', until: inAMinute() });
});

test('a ready task tells how many due tasks of its flow key are claimed before it', async () => {
  const queue = crypto.randomUUID();
  const dueAt = '2026-01-01T00:00:00Z';
  const ahead: Partial<NewTask>[] = [
    { priority: 2 },
    { priority: 7 },
    { priority: 1, dueAt: '2025-01-01T00:00:00Z' },
    { priority: 1, dueAt },
  ];
  const behind: Partial<NewTask>[] = [
    { priority: 1, dueAt },
    { priority: 1, dueAt: '2026-01-01T00:00:01Z' },
    { priority: 0, dueAt: '2025-01-01T00:00:00Z' },
    { priority: 5, delayMs: 60_000 },
    { priority: 9, flowKey: 'other' },
    { priority: 9, queue: crypto.randomUUID() },
  ];
  for (const members of ahead) await submitted({ queue, ...members });
  const task = await submitted({ queue, priority: 1, dueAt });
  for (const members of behind) await submitted({ queue, ...members });
  await change(
    `UPDATE dispatchr.unfinished_tasks SET parked_for = 'x' WHERE queue = '${queue}' AND priority = 7`,
  );
  expect(await waitingOf(task)).toEqual({ reason: 'ready', before: 3 });
});

test('what is ahead of a task is counted up to 10,000', async () => {
  const last = await submitted();
  await change(`INSERT INTO dispatchr.unfinished_tasks (seq, queue, flow_key, priority, due_at, state)
    SELECT -i, '${last.queue}', 'tenant', i % 3, now() - interval '1 minute', 'pending'
    FROM generate_series(1, 10050) i`);
  expect(await waitingOf(last)).toEqual({ reason: 'ready', before: 10_000 });
});

test('a task that is running or finished waits for nothing', async () => {
  const task = await submitted();
  await change(`UPDATE dispatchr.unfinished_tasks SET state = 'running' WHERE queue = '${task.queue}'`);
  expect(await fixture.store.findTask(task.id)).not.toHaveProperty('waiting');
  await change(`UPDATE dispatchr.unfinished_tasks SET state = 'pending' WHERE queue = '${task.queue}'`);
  await fixture.store.cancelTask(task.id);
  expect(await fixture.store.findTask(task.id)).not.toHaveProperty('waiting');
});

test('what is ahead is counted along the index of turns, whatever is known of the table', async () => {
  await change('TRUNCATE dispatchr.unfinished_tasks, dispatchr.tasks');
  for (const known of ['SELECT', 'ANALYZE dispatchr.unfinished_tasks']) {
    await change(known);
    await fixture.store.submitBatch(Array.from({ length: 1000 }, () => newTask()));
    await change(known);
    const plan = await planOfFind();
    expect(plan.match(/unfinished_tasks_turns/g)).toHaveLength(4);
    expect(plan).not.toMatch(/unfinished_tasks_due|Seq Scan on unfinished_tasks|Bitmap|Sort/);
  }
});

async function planOfFind(): Promise<string> {
  let plan: object[] = [];
  const explaining: Queryable = {
    query: async (statement, values) => {
      const text = `EXPLAIN ${statement.text}`;
      plan = await fixture.database.query({ ...statement, name: `explain-${statement.name}`, text }, values);
      return [];
    },
  };
  await findTaskAndWaiting(explaining, 'any');
  return JSON.stringify(plan);
}
