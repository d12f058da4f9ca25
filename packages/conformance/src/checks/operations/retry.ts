import type { Check } from '../../check.ts';
import { held } from '../../receiver/held.ts';
import { cancelledTask, instantIn, instantMs, runningTask } from './task-in-state.ts';

/** What the operator's retry does in every state. */
export const RETRY_CHECKS: readonly Check[] = [
  {
    id: 'retry-of-terminal-delivers-anew',
    title:
      'A retry of a completed, failed or cancelled task is answered with 200 and the task, due now, and delivers it.',
    covers: { 'CAN-014': '0b70e090', 'CAN-015': '5fcb667e' },
    profile: 'core',
    async run(t) {
      const [completed, failed, cancelled] = await Promise.all([
        t.target(200),
        t.target(422, 200),
        t.target(200),
      ]);
      const ids = await Promise.all([
        t.submit(t.taskFor(completed)),
        t.submit(t.taskFor(failed)),
        t.submit(t.taskFor(cancelled, { delayMs: 3_600_000 })),
      ]);
      t.status('CAN-014', await t.api.operate(ids[2].id, 'cancel'), 200);
      for (const [at, target, before] of [
        [0, completed, 1],
        [1, failed, 1],
        [2, cancelled, 0],
      ] as const) {
        const task = await t.untilTerminal(ids[at].id);
        const response = await t.api.operate(task.id, 'retry');
        t.status('CAN-014', response, 200);
        const isDue = instantMs(response.json.dueAt) - instantMs(task.finishedAt) < 600_000;
        t.ok('CAN-014', 'the answer shows the task due now', isDue, response.json);
        const delivery = await t.delivery(target, before + 1);
        t.equal('CAN-015', 'Dispatchr-Attempt', delivery.header('dispatchr-attempt'), String(before + 1));
        await t.untilState(task.id, 'completed');
      }
    },
  },
  {
    id: 'retry-of-cancelled-is-pending-and-due',
    title: 'A retry of a cancelled task makes it due now, without a mark of the cancel.',
    covers: { 'CAN-014': '0b70e090', 'CAN-016': 'bfab994e' },
    profile: 'recorder',
    async run(t) {
      const before = await cancelledTask(t);
      const response = await t.api.operate(before.id, 'retry');
      t.status('CAN-014', response, 200);
      const { json: task } = response;
      // A scheduler may have it already; its target is not to be found.
      t.ok('CAN-014', 'it is not cancelled any more', ['pending', 'running'].includes(task.state), task);
      const dueInMs = instantMs(task.dueAt) - instantMs(before.finishedAt);
      t.ok('CAN-014', 'it is due now, not in a day', dueInMs >= 0 && dueInMs < 3_600_000, task);
      t.equal('CAN-016', 'finishedAt', task.finishedAt, undefined);
    },
  },
  {
    id: 'retry-clears-the-marks-of-the-end',
    title:
      'A retry clears `reason`, `finishedAt` and `cancelRequestedAt`, and the next attempt is not cancelled.',
    covers: { 'CAN-016': 'bfab994e' },
    profile: 'core',
    async run(t) {
      const again = held();
      const first = held();
      const target = await t.target(first.answer, again.answer);
      const { id } = await t.submit(t.taskFor(target));
      await t.delivery(target);
      t.status('CAN-016', await t.api.operate(id, 'cancel'), 202);
      first.release(422);
      await t.untilState(id, 'cancelled');
      const failing = await t.target(422, again.answer);
      const { id: failed } = await t.submit(t.taskFor(failing));
      await t.untilState(failed, 'failed');
      for (const [each, at] of [
        [id, target],
        [failed, failing],
      ] as const) {
        t.status('CAN-016', await t.api.operate(each, 'retry'), 200);
        await t.delivery(at, 2);
        const { json: task } = await t.api.get(each);
        const { reason, finishedAt, cancelRequestedAt } = task;
        t.equal('CAN-016', 'what is left of the end', { reason, finishedAt, cancelRequestedAt }, {});
      }
      again.release(422);
      const { state, reason } = await t.untilTerminal(id);
      t.equal(
        'CAN-016',
        'the end of the next attempt',
        { state, reason },
        { state: 'failed', reason: 'rejected' },
      );
    },
  },
  {
    id: 'retry-clears-an-expiry-that-has-come',
    title: 'A retry of a task whose `expiresAt` has come clears it, and delivers the task.',
    covers: { 'CAN-016': 'bfab994e', 'CAN-014': '0b70e090' },
    profile: 'core',
    features: ['expiry'],
    async run(t) {
      const target = await t.target();
      const expiresAt = await instantIn(t, -1000);
      const { id } = await t.submit(t.taskFor(target, { expiresAt }));
      await t.until(
        id,
        'failed',
        ({ state }) => state === 'failed',
        Math.min(60_000 + t.timing.patienceMs, 5 * t.timing.patienceMs),
      );
      const response = await t.api.operate(id, 'retry');
      t.status('CAN-014', response, 200);
      t.equal('CAN-016', 'expiresAt', response.json.expiresAt, undefined);
      await t.delivery(target);
      await t.untilState(id, 'completed');
    },
  },
  {
    id: 'retry-keeps-an-expiry-to-come',
    title: 'A retry keeps an `expiresAt` that has not come.',
    covers: { 'CAN-016': 'bfab994e', 'CAN-014': '0b70e090' },
    profile: 'recorder',
    features: ['expiry'],
    async run(t) {
      const expiresAt = await instantIn(t, 3_600_000);
      const { id } = await cancelledTask(t, { expiresAt });
      const response = await t.api.operate(id, 'retry');
      t.status('CAN-014', response, 200);
      t.equal('CAN-016', 'expiresAt', response.json.expiresAt, expiresAt);
    },
  },
  {
    id: 'retry-of-pending-answers-409',
    title: 'A retry of a pending task is answered with 409 and its state, and changes nothing.',
    covers: { 'CAN-017': '7082d374' },
    profile: 'recorder',
    async run(t) {
      const { id } = await t.submit(t.parked());
      const { json: before } = await t.api.get(id);
      const response = await t.api.operate(id, 'retry');
      t.problem('CAN-017', response, 'task-state-conflict', { members: { state: 'pending' } });
      t.equal('CAN-017', 'the task is unchanged', (await t.api.get(id)).json, before);
    },
  },
  {
    id: 'retry-of-running-answers-409',
    title: 'A retry of a running task is answered with 409 and its state, and changes nothing.',
    covers: { 'CAN-017': '7082d374' },
    profile: 'core',
    async run(t) {
      const { id, release } = await runningTask(t);
      const { json: before } = await t.api.get(id);
      const response = await t.api.operate(id, 'retry');
      t.problem('CAN-017', response, 'task-state-conflict', { members: { state: 'running' } });
      t.equal('CAN-017', 'the task is unchanged', (await t.api.get(id)).json, before);
      release(200);
      t.matches('CAN-017', 'its end', await t.untilTerminal(id), { state: 'completed', attempt: 1 });
    },
  },
];
