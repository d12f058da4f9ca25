import type { NewTask, TaskStore } from '@dispatchr/store';
import { newTask, openTestStore, type TestStore } from '@dispatchr/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** Nothing is acknowledged before its commit: here every commit that records a task or an attempt fails, at its very end. */
let fixture: TestStore;
let held: { seq: number; lease: number };
beforeAll(async () => {
  fixture = await openTestStore();
  held = await runningTask();
  await run(`CREATE FUNCTION refuse_commit() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'refused at the commit'; END $$`);
  for (const table of ['tasks', 'attempts'])
    await run(`CREATE CONSTRAINT TRIGGER refuse_commit AFTER INSERT ON dispatchr.${table}
      DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_commit()`);
});
afterAll(() => fixture.close());

test.each<[string, NewTask, (store: TaskStore, task: NewTask) => Promise<unknown>]>([
  ['a task', newTask(), (store, task) => store.submitTask(task)],
  ['a task with an identity', newTask({ fingerprint: 'f' }), (store, task) => store.submitTask(task)],
  ['a batch', newTask(), (store, task) => store.submitBatch([task])],
  [
    'a batch with identities',
    newTask({ fingerprint: 'f' }),
    (store, task) => store.submitBatch([task, newTask()]),
  ],
])('%s whose commit fails is not acknowledged', async (_name, task, submit) => {
  await expect(submit(fixture.store, task)).rejects.toThrow('refused at the commit');
  expect(await fixture.store.findTask(task.id)).toBeUndefined();
});

test('an attempt whose commit fails is not acknowledged as settled', async () => {
  const settlement = { state: 'completed', attemptsUsed: 0 } as const;
  const attempt = { outcome: 'completed', durationMs: 1 } as const;
  const settled = fixture.store.settleAttempt({ ...held, settlement, attempt });
  await expect(settled).rejects.toThrow('refused at the commit');
});

test('a transaction that goes on after a failed statement is not taken for committed', async () => {
  const work = fixture.database.transaction('submit', (transaction) =>
    transaction.query({ name: 'fail', role: 'submit', text: 'SELECT 1 / 0' }, []).catch(() => 'ignored'),
  );
  await expect(work).rejects.toThrow('expected the transaction to commit, got ROLLBACK');
});

test.each(['submit', 'claim', 'settle', 'read'] as const)(
  'a commit on a connection to %s is on disk when it is answered',
  async (role) => {
    const text = 'SHOW synchronous_commit';
    const rows = await fixture.database.query({ name: text, role, text }, []);
    expect(rows).toEqual([{ synchronous_commit: 'on' }]);
  },
);

const run = (text: string) => fixture.database.query({ name: text, role: 'read', text }, []);

async function runningTask(): Promise<{ seq: number; lease: number }> {
  const task = newTask();
  await fixture.store.submitTask(task);
  const [claimed] = await fixture.store.claimDueTasks({
    queues: [{ queue: task.queue, quota: 1, priorities: [0], version: '' }],
    scheduler: 'scheduler-1',
    exceptOrigins: [],
    originLimits: [],
    otherOriginLimit: 1,
  });
  if (claimed === undefined) throw new Error(`expected to claim ${task.id}, got none`);
  return { seq: claimed.seq, lease: claimed.lease };
}
