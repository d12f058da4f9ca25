import type { Check } from '../../check.ts';
import { cancelledTask, completedTask, failedTask, runningTask } from './task-in-state.ts';

/** What a delete does in every state, and what is left afterwards. */
export const DELETE_CHECKS: readonly Check[] = [
  {
    id: 'delete-of-cancelled-removes-it',
    title:
      'A delete of a cancelled task is answered with 204, and every read and operation of it with 404 from then on.',
    covers: { 'CAN-021': '8e37afe6', 'CAN-023': '90edd343' },
    profile: 'recorder',
    async run(t) {
      const { id } = await cancelledTask(t);
      t.status('CAN-021', await t.api.delete(id), 204);
      t.problem('CAN-023', await t.api.get(id), 'task-not-found');
      t.problem('CAN-021', await t.api.attempts(id), 'task-not-found');
      t.problem('CAN-021', await t.api.delete(id), 'task-not-found');
      t.problem('CAN-021', await t.api.operate(id, 'retry'), 'task-not-found');
      const { json: page } = await t.api.list({ queue: t.queue });
      t.equal('CAN-021', 'tasks of the queue in the list', page.tasks, []);
    },
  },
  {
    id: 'delete-of-completed-or-failed-removes-it',
    title: 'A delete of a completed or failed task removes it with its attempts.',
    covers: { 'CAN-021': '8e37afe6', 'CAN-023': '90edd343' },
    profile: 'core',
    async run(t) {
      for (const { id } of await Promise.all([completedTask(t), failedTask(t)])) {
        t.status('CAN-021', await t.api.delete(id), 204);
        t.problem('CAN-023', await t.api.get(id), 'task-not-found');
        t.problem('CAN-021', await t.api.attempts(id), 'task-not-found');
      }
    },
  },
  {
    id: 'delete-of-pending-answers-409',
    title: 'A delete of a pending task is answered with 409 and its state, and changes nothing.',
    covers: { 'CAN-022': 'add7569e' },
    profile: 'recorder',
    async run(t) {
      const { id } = await t.submit(t.parked());
      const { json: before } = await t.api.get(id);
      const response = await t.api.delete(id);
      t.problem('CAN-022', response, 'task-state-conflict', { members: { state: 'pending' } });
      t.equal('CAN-022', 'the task is unchanged', (await t.api.get(id)).json, before);
    },
  },
  {
    id: 'delete-of-running-answers-409',
    title: 'A delete of a running task is answered with 409 and its state, and changes nothing.',
    covers: { 'CAN-022': 'add7569e' },
    profile: 'core',
    async run(t) {
      const { id, release } = await runningTask(t);
      const { json: before } = await t.api.get(id);
      const response = await t.api.delete(id);
      t.problem('CAN-022', response, 'task-state-conflict', { members: { state: 'running' } });
      t.equal('CAN-022', 'the task is unchanged', (await t.api.get(id)).json, before);
      release(200);
      await t.untilState(id, 'completed');
    },
  },
  {
    id: 'deleted-id-is-free',
    title: 'A submit with the id of a deleted task records a new task, whatever its content.',
    covers: { 'CAN-024': 'dd915175', 'CAN-021': '8e37afe6' },
    profile: 'recorder',
    async run(t) {
      const id = t.newId();
      for (const taskArgs of ['first', 'second', 'second']) {
        const response = await t.api.submit(t.parked({ id, taskArgs }));
        t.status('CAN-024', response, 201);
        t.matches('CAN-024', 'the new task', response.json, { id, state: 'pending', attempt: 0 });
        t.equal('CAN-024', 'its arguments', (await t.api.get(id)).json.taskArgs, taskArgs);
        t.status('CAN-021', await t.api.operate(id, 'cancel'), 200);
        t.status('CAN-021', await t.api.delete(id), 204);
      }
    },
  },
  {
    id: 'deleted-id-begins-at-attempt-1',
    title: 'A new task with the id of a deleted one is delivered, and has no attempts of the old one.',
    covers: { 'CAN-024': 'dd915175', 'CAN-021': '8e37afe6', 'STA-002': '85e5eac2' },
    profile: 'core',
    async run(t) {
      const id = t.newId();
      await failedTask(t, { id });
      t.status('CAN-021', await t.api.delete(id), 204);
      const target = await t.target();
      const created = await t.submit(t.taskFor(target, { id }));
      t.matches('STA-002', 'the new task', created, { attempt: 0, attemptsUsed: 0 });
      const delivery = await t.delivery(target);
      t.equal('CAN-024', 'Dispatchr-Attempt', delivery.header('dispatchr-attempt'), '1');
      await t.untilState(id, 'completed');
      const attempts = await t.attempts(id);
      const shown = attempts.map(({ attempt, outcome }) => ({ attempt, outcome }));
      t.equal('CAN-024', 'its attempts', shown, [{ attempt: 1, outcome: 'completed' }]);
    },
  },
];
