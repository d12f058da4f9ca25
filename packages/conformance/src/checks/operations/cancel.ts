import type { Check } from '../../check.ts';
import { completedTask, failedTask } from './task-in-state.ts';

/** What a cancel does to a task that is not running. */
export const CANCEL_CHECKS: readonly Check[] = [
  {
    id: 'cancel-of-pending-cancels-at-once',
    title: 'A cancel of a pending task is answered with 200 and makes it `cancelled`.',
    covers: { 'CAN-001': '09f9d59d', 'STA-012': '871b930e', 'STA-013': 'f7848d1e' },
    profile: 'recorder',
    async run(t) {
      const { id } = await t.submit(t.parked());
      const response = await t.api.operate(id, 'cancel');
      t.status('CAN-001', response, 200);
      const { json: read } = await t.api.get(id);
      for (const task of [response.json, read]) {
        t.matches('CAN-001', 'the task is cancelled', task, { id, state: 'cancelled' });
        t.ok('STA-013', 'a cancelled task has finishedAt', typeof task.finishedAt === 'string', task);
        t.equal('STA-012', 'a cancelled task has no reason', task.reason, undefined);
      }
    },
  },
  {
    id: 'cancel-of-cancelled-changes-nothing',
    title: 'A cancel of a cancelled task is answered with 200 and the task, unchanged.',
    covers: { 'CAN-005': '6cdd4de0', 'CAN-001': '09f9d59d' },
    profile: 'recorder',
    async run(t) {
      const { id } = await t.submit(t.parked());
      t.status('CAN-001', await t.api.operate(id, 'cancel'), 200);
      const { json: before } = await t.api.get(id);
      const again = await t.api.operate(id, 'cancel');
      t.status('CAN-005', again, 200);
      t.matches('CAN-005', 'the answer has the task as it was', before, again.json);
      t.equal('CAN-005', 'the task is unchanged', (await t.api.get(id)).json, before);
    },
  },
  {
    id: 'cancel-of-finished-answers-409',
    title: 'A cancel of a completed or failed task is answered with 409 and its state, and changes nothing.',
    covers: { 'CAN-006': 'f15552b1' },
    profile: 'core',
    async run(t) {
      for (const before of await Promise.all([completedTask(t), failedTask(t)])) {
        const response = await t.api.operate(before.id, 'cancel');
        t.problem('CAN-006', response, 'task-state-conflict', { members: { state: before.state } });
        const { json: after } = await t.api.get(before.id);
        t.equal('CAN-006', `the ${before.state} task is unchanged`, after, before);
      }
    },
  },
  {
    id: 'cancelled-before-due-is-not-delivered',
    title: 'A task that is cancelled before it is due is never delivered.',
    covers: { 'CAN-007': 'd2f51307', 'CAN-001': '09f9d59d' },
    profile: 'core',
    async run(t) {
      const target = await t.target();
      const delayMs = Math.ceil(Math.max(500, 4 * t.timing.latencyMs));
      const { id } = await t.submit(t.taskFor(target, { delayMs }));
      t.status('CAN-001', await t.api.operate(id, 'cancel'), 200);
      // Once a task that is due later has come, the cancelled one would have.
      const later = await t.target();
      await t.submit(t.taskFor(later, { delayMs }));
      await t.delivery(later);
      await t.quiet();
      t.equal('CAN-007', 'deliveries of the cancelled task', target.deliveries.length, 0);
      t.matches('CAN-007', 'the task stays cancelled', (await t.api.get(id)).json, { state: 'cancelled' });
    },
  },
  {
    id: 'cancelled-between-tries-is-not-tried-again',
    title:
      'A task that is cancelled while it waits for its next try is `cancelled`, and not delivered again.',
    covers: { 'CAN-007': 'd2f51307', 'CAN-001': '09f9d59d' },
    profile: 'core',
    async run(t) {
      const pauseMs = Math.ceil(Math.max(500, 4 * t.timing.latencyMs, t.timing.backoffMs));
      const retry = t.retry({ minBackoffMs: pauseMs, maxBackoffMs: pauseMs });
      const target = await t.target(500);
      const { id } = await t.submit(t.taskFor(target, { retry }));
      await t.until(id, 'pending after attempt 1', (task) => task.state === 'pending' && task.attempt === 1);
      t.status('CAN-001', await t.api.operate(id, 'cancel'), 200);
      const later = await t.target();
      await t.submit(t.taskFor(later, { delayMs: pauseMs }));
      await t.delivery(later);
      await t.quiet();
      t.equal('CAN-007', 'deliveries, all before the cancel', target.deliveries.length, 1);
      const { json: task } = await t.api.get(id);
      t.matches('CAN-001', 'the task', task, { state: 'cancelled', attempt: 1, attemptsUsed: 1 });
    },
  },
];
