import type { Check } from '../../check.ts';
import { heldAnswer } from './held-answer.ts';
import { requireMemory } from './memory.ts';

/** What becomes of an id once its task is delivered. */
export const ID_DELIVERED_CHECKS: readonly Check[] = [
  {
    id: 'id-replay-is-not-delivered-again',
    title:
      'A repeated submit of a completed task is answered 200 with the completed task, and delivers nothing.',
    covers: { 'IDN-007': 'e199bbd2', 'IDN-014': '522d6d8c', 'IDN-015': '1abd2a89' },
    profile: 'core',
    async run(t) {
      requireMemory(t);
      const target = await t.target();
      const task = { ...t.taskFor(target), id: t.newId() };
      await t.submit(task);
      const completed = await t.untilState(task.id, 'completed');
      const replay = await t.api.submit(task);
      t.status('IDN-014', replay, 200);
      t.matches('IDN-007', 'the answer to the second submit', replay.json, {
        id: task.id,
        state: 'completed',
        attempt: 1,
        createdAt: completed.createdAt,
      });
      await t.quiet();
      t.equal('IDN-007', 'the number of deliveries', target.deliveries.length, 1);
    },
  },
  {
    id: 'id-of-a-running-task-is-taken',
    title: 'While a task runs, its id answers 200 to the same content and 409 to other content.',
    covers: { 'IDN-016': 'a9bb1502', 'IDN-014': '522d6d8c' },
    profile: 'core',
    async run(t) {
      const held = heldAnswer();
      const target = await t.target(held.answer);
      const task = { ...t.taskFor(target), id: t.newId() };
      await t.submit(task);
      await t.delivery(target);
      t.problem('IDN-016', await t.api.submit({ ...task, taskArgs: 1 }), 'task-id-conflict', {
        pointer: '/id',
      });
      const replay = await t.api.submit(task);
      t.status('IDN-014', replay, 200);
      t.matches('IDN-014', 'the answer to the same submit', replay.json, {
        id: task.id,
        state: 'running',
        attempt: 1,
      });
      held.give();
    },
  },
  {
    id: 'id-of-a-terminal-task-is-taken',
    title:
      'The id of a completed, failed or cancelled task stays taken: 200 for the same content, 409 for other.',
    covers: { 'IDN-016': 'a9bb1502', 'IDN-014': '522d6d8c', 'IDN-015': '1abd2a89' },
    profile: 'core',
    async run(t) {
      requireMemory(t);
      for (const [answer, state] of [
        [200, 'completed'],
        [422, 'failed'],
      ] as const) {
        const task = { ...t.taskFor(await t.target(answer)), id: t.newId(state) };
        await t.submit(task);
        await t.untilState(task.id, state);
        t.problem('IDN-016', await t.api.submit({ ...task, taskArgs: 1 }), 'task-id-conflict', {
          pointer: '/id',
        });
        const replay = await t.api.submit(task);
        t.status('IDN-014', replay, 200);
        t.matches('IDN-015', `the answer to the same submit of a ${state} task`, replay.json, {
          id: task.id,
          state,
        });
      }
    },
  },
  {
    id: 'id-of-a-cancelled-task-is-taken',
    title: 'The id of a cancelled task stays taken: 200 for the same content, 409 for other.',
    covers: { 'IDN-016': 'a9bb1502', 'IDN-014': '522d6d8c', 'IDN-015': '1abd2a89' },
    profile: 'recorder',
    async run(t) {
      requireMemory(t);
      const task = { ...t.parked(), id: t.newId() };
      await t.submit(task);
      t.status('IDN-014', await t.api.operate(task.id, 'cancel'), 200);
      t.problem('IDN-016', await t.api.submit({ ...task, taskArgs: 1 }), 'task-id-conflict', {
        pointer: '/id',
      });
      const replay = await t.api.submit(task);
      t.status('IDN-014', replay, 200);
      t.matches('IDN-015', 'the answer to the same submit', replay.json, { id: task.id, state: 'cancelled' });
    },
  },
  {
    id: 'id-stays-the-same-for-life',
    title: 'A task keeps its id through attempts, a retry of the operator and every read.',
    covers: { 'IDN-017': '219972d2' },
    profile: 'core',
    async run(t) {
      const target = await t.target(500, 422, 200);
      const { id } = await t.submit(t.taskFor(target, { retry: t.retry() }));
      await t.untilState(id, 'failed');
      const retried = await t.api.operate(id, 'retry');
      t.matches('IDN-017', 'the answer to a retry', retried.json, { id });
      await t.untilState(id, 'completed');
      const listed = await t.api.list({ queue: t.queue });
      t.matches('IDN-017', 'the list of the queue', listed.json?.tasks, [{ id }]);
      const sent = target.deliveries.map((delivery) => delivery.header('dispatchr-task-id'));
      t.equal('IDN-017', 'Dispatchr-Task-Id of the deliveries', sent, [id, id, id]);
    },
  },
];
