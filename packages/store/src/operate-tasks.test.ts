import { TRANSITIONS, type TaskState, type Transition } from '@dispatchr/contract';
import type { OperationResult, SettledAttempt } from '@dispatchr/store';
import { newTask, openTestStore, type TestStore } from '@dispatchr/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';

let fixture: TestStore;
beforeAll(async () => {
  fixture = await openTestStore();
});
afterAll(() => fixture.close());

type Held = { id: string; seq: number; lease: number; origin: string };

async function pendingTask(queue = crypto.randomUUID()) {
  const task = newTask({ queue, expiresAt: '2100-01-01T00:00:00Z' });
  await fixture.store.submitTask(task);
  return task;
}
async function claimed(task: { id: string; queue: string }): Promise<Held> {
  const queues = [{ queue: task.queue, quota: 1, priorities: [0], version: '' }];
  const origins = { exceptOrigins: [], originLimits: [], otherOriginLimit: 1 };
  const [held] = await fixture.store.claimDueTasks({ queues, scheduler: 'scheduler-1', ...origins });
  if (held?.id !== task.id) throw new Error(`expected to claim ${task.id}, got ${held?.id}`);
  return held;
}
const change = (text: string) => fixture.database.query({ name: text, role: 'read', text }, []);
async function unfinishedRow({ queue }: { queue: string }) {
  const [row] =
    await change(`SELECT *, due_at <= now() AS is_due, run_at > now() - interval '1 minute' AS is_asked_now
    FROM dispatchr.unfinished_tasks WHERE queue = '${queue}'`);
  return row;
}
function settle(held: Held, settlement: SettledAttempt['settlement'], outcome = 'retryable') {
  const attempt = { outcome: outcome as SettledAttempt['attempt']['outcome'], durationMs: 1 };
  return fixture.store.settleAttempt({ seq: held.seq, lease: held.lease, settlement, attempt });
}

/** Brings a task into a state by the shortest way. */
async function taskIn(state: TaskState): Promise<{ id: string; queue: string; held?: Held }> {
  const task = await pendingTask();
  if (state === 'pending') return task;
  if (state === 'cancelled') {
    await fixture.store.cancelTask(task.id);
    return task;
  }
  const held = await claimed(task);
  if (state === 'completed') await settle(held, { state, attemptsUsed: 0 }, state);
  if (state === 'failed') await settle(held, { state, reason: 'rejected', attemptsUsed: 0 }, 'rejected');
  return { ...task, held };
}

/** Makes the event of a row of the state table happen to a task. */
async function effect(row: Transition, task: { id: string; queue: string; held?: Held }): Promise<void> {
  const { store, database } = fixture;
  if (row.event === 'claim') return void (await claimed(task));
  if (row.event === 'prune') {
    while ((await store.pruneTasks({ completedMs: 0, otherMs: 0, limit: 1000 })) > 0);
    return;
  }
  if (row.event === 'expire') {
    const text = `UPDATE dispatchr.unfinished_tasks SET expires_at = now() WHERE queue = '${task.queue}'`;
    await database.query({ name: 'age', role: 'read', text }, []);
    return void (await store.expireTasks({ limit: 1000 }));
  }
  if (row.event in OPERATIONS) return void (await OPERATIONS[row.event as keyof typeof OPERATIONS](task.id));
  if (!task.held) throw new Error(`expected a running task for ${row.event}`);
  if (row.to === 'cancelled') await store.cancelTask(task.id);
  await settle(task.held, settlementFor(row), row.event);
}

const OPERATIONS = {
  cancel: (id: string): Promise<OperationResult> => fixture.store.cancelTask(id),
  run: (id: string): Promise<OperationResult> => fixture.store.runTask(id),
  retry: (id: string): Promise<OperationResult> => fixture.store.retryTask(id),
  delete: (id: string): Promise<OperationResult> => fixture.store.deleteTask(id),
};

function settlementFor(row: Transition): SettledAttempt['settlement'] {
  if (row.to === 'completed') return { state: 'completed', attemptsUsed: 0 };
  if (row.to === 'failed' && row.reason) return { state: 'failed', reason: row.reason, attemptsUsed: 1 };
  return { state: 'pending', delayMs: 60_000, attemptsUsed: 1 };
}

const rows = TRANSITIONS.filter((row) => row.from !== null);

test.each(rows.map((row) => [row.from, row.event, row.to, row.reason ?? '', row.requirement, row] as const))(
  '%s + %s → %s %s (%s)',
  async (from, _event, to, _reason, _requirement, row) => {
    const task = await taskIn(from as TaskState);
    await effect(row, task);
    const found = (await fixture.store.findTask(task.id))?.task;
    expect(found?.state).toBe(to ?? undefined);
    expect(found?.reason).toBe(row.reason);
  },
);

test.each(
  (['pending', 'running', 'completed', 'failed', 'cancelled'] as const).flatMap((state) =>
    (Object.keys(OPERATIONS) as (keyof typeof OPERATIONS)[])
      .filter((event) => !rows.some((row) => row.from === state && row.event === event))
      .map((event) => [event, state] as const),
  ),
)('%s of a %s task is refused and changes nothing', async (event, state) => {
  const task = await taskIn(state);
  const before = await fixture.store.findTask(task.id);
  expect(await OPERATIONS[event](task.id)).toEqual({ kind: 'wrong-state', state });
  expect(await fixture.store.findTask(task.id)).toEqual(before);
});

test('an operation on an unknown id finds nothing', async () => {
  for (const operate of Object.values(OPERATIONS))
    expect(await operate('unknown')).toEqual({ kind: 'not-found' });
});

test('a second cancel of a running task keeps the time of the first', async () => {
  const task = await taskIn('running');
  const [first, second] = [await fixture.store.cancelTask(task.id), await fixture.store.cancelTask(task.id)];
  expect(first).toMatchObject({ kind: 'done', task: { state: 'running' } });
  expect(second).toEqual(first);
});

test('a run makes a task due now, asks for it past what holds it up, and takes it out of a park', async () => {
  const task = newTask({ queue: crypto.randomUUID(), delayMs: 60_000 });
  await fixture.store.submitTask(task);
  await change(`UPDATE dispatchr.unfinished_tasks SET parked_for = origin WHERE queue = '${task.queue}'`);
  expect(await fixture.store.runTask(task.id)).toMatchObject({ kind: 'done', task: { state: 'pending' } });
  expect(await unfinishedRow(task)).toMatchObject({ is_due: true, is_asked_now: true, parked_for: null });
});

test('a run keeps the place of a task that is due, and that of one that was asked for already', async () => {
  const task = await pendingTask();
  const before = (await fixture.store.findTask(task.id))?.task.dueAt;
  await fixture.store.runTask(task.id);
  const asked = (await unfinishedRow(task))?.['run_at'];
  expect(await fixture.store.runTask(task.id)).toMatchObject({ task: { dueAt: before } });
  expect((await unfinishedRow(task))?.['run_at']).toEqual(asked);
});

test('a retry asks for no run', async () => {
  const task = await taskIn('cancelled');
  await fixture.store.retryTask(task.id);
  expect(await unfinishedRow(task)).toMatchObject({ run_at: null, parked_for: null, gate: 0 });
});

test('a retry gives a new budget, goes on numbering and clears an expiry that is past', async () => {
  const task = await taskIn('failed');
  const text = `UPDATE dispatchr.tasks SET expires_at = now() - interval '1 s' WHERE queue = '${task.queue}'`;
  await fixture.database.query({ name: 'age', role: 'read', text }, []);
  const result = await fixture.store.retryTask(task.id);
  expect(result).toMatchObject({ kind: 'done', task: { state: 'pending', attempt: 1, attemptsUsed: 0 } });
  expect(result.kind === 'done' && result.task.expiresAt).toBeUndefined();
  expect(await claimed(task)).toMatchObject({ attempt: 2, attemptsUsed: 0, sinceFirstClaimMs: 0 });
});

test('a retry keeps when the task was last claimed', async () => {
  const task = await taskIn('failed');
  const before = (await fixture.store.findTask(task.id))?.task.startedAt;
  expect(before).toBeInstanceOf(Date);
  expect(await fixture.store.retryTask(task.id)).toMatchObject({ task: { startedAt: before } });
});

test('a retry gives the task back to the origin of its target', async () => {
  const task = await taskIn('failed');
  await fixture.store.retryTask(task.id);
  expect(await claimed(task)).toMatchObject({ origin: task.held?.origin });
});

test('cancels that race with claims and settles leave each task in one state that the table allows', async () => {
  const tasks = await Promise.all(Array.from({ length: 60 }, () => pendingTask()));
  await Promise.all(
    tasks.flatMap((task) => [
      fixture.store.cancelTask(task.id),
      claimed(task).then(
        (held) => settle(held, { state: 'pending', delayMs: 0, attemptsUsed: 1 }),
        () => undefined,
      ),
    ]),
  );
  for (const { id } of tasks) expect((await fixture.store.findTask(id))?.task.state).toBe('cancelled');
});
