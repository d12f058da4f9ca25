import type { Check } from '../../check.ts';
import type { CheckContext } from '../../run/check-context.ts';
import { instantMs, type RunningTask, runningTask } from './task-in-state.ts';

/** What a cancel does to a task while its target keeps the answer back. */
export const CANCEL_RUNNING_CHECKS: readonly Check[] = [
  {
    id: 'cancel-of-running-answers-202',
    title:
      'A cancel of a running task is answered with 202 and the task, still `running`, with `cancelRequestedAt`.',
    covers: { 'CAN-002': '9d005f70' },
    profile: 'core',
    async run(t) {
      const { id, release } = await runningTask(t);
      const response = await t.api.operate(id, 'cancel');
      t.status('CAN-002', response, 202);
      const { json: read } = await t.api.get(id);
      for (const task of [response.json, read]) {
        t.equal('CAN-002', 'the task is still running', task.state, 'running');
        const isSet = instantMs(task.cancelRequestedAt) >= instantMs(task.startedAt);
        t.ok('CAN-002', 'cancelRequestedAt is set, not before startedAt', isSet, task);
      }
      release(200);
      await t.untilTerminal(id);
    },
  },
  {
    id: 'second-cancel-of-running-keeps-the-first-instant',
    title:
      'A repeated cancel of a running task is answered with 202 and the `cancelRequestedAt` of the first.',
    covers: { 'CAN-003': '797b9f41', 'CAN-002': '9d005f70' },
    profile: 'core',
    async run(t) {
      const { id, release } = await runningTask(t);
      const first = await t.api.operate(id, 'cancel');
      t.status('CAN-002', first, 202);
      // The clock of the implementation has gone on for certain once it shows a later instant.
      const { cancelRequestedAt } = first.json;
      await later(t, instantMs(cancelRequestedAt));
      const second = await t.api.operate(id, 'cancel');
      t.status('CAN-003', second, 202);
      t.equal('CAN-003', 'cancelRequestedAt', second.json.cancelRequestedAt, cancelRequestedAt);
      const { json: read } = await t.api.get(id);
      t.equal('CAN-003', 'cancelRequestedAt', read.cancelRequestedAt, cancelRequestedAt);
      release(200);
      await t.untilTerminal(id);
    },
  },
  {
    id: 'cancelled-while-running-and-answered-2xx-is-completed',
    title: 'A task whose target answers 2xx after a cancel is `completed`.',
    covers: { 'STA-004': 'b948e7ab', 'CAN-002': '9d005f70' },
    profile: 'core',
    async run(t) {
      const running = await runningTask(t);
      const task = await cancelThenAnswer(t, running, 200);
      t.equal('STA-004', 'the state after a 2xx', task.state, 'completed');
      const [attempt] = await t.attempts(running.id);
      t.matches('STA-004', 'the attempt', attempt, { attempt: 1, outcome: 'completed', status: 200 });
    },
  },
  {
    id: 'cancelled-while-running-and-retryable-is-cancelled',
    title:
      'A task whose target answers 5xx after a cancel is `cancelled`, with or without budget, and is not tried again.',
    covers: {
      'CAN-004': '4f62c2df',
      'CAN-007': 'd2f51307',
      'CAN-008': 'c48b4dd4',
      'CAN-002': '9d005f70',
      'STA-012': '871b930e',
    },
    profile: 'core',
    async run(t) {
      const each = await Promise.all(
        [1, 5].map(async (maxAttempts) => runningTask(t, { retry: t.retry({ maxAttempts }) })),
      );
      for (const running of each) {
        const task = await cancelThenAnswer(t, running, 500);
        t.equal('CAN-004', 'the state after a 500', task.state, 'cancelled');
        t.equal('STA-012', 'the reason of a cancelled task', task.reason, undefined);
        const [attempt] = await t.attempts(running.id);
        t.matches('CAN-008', 'the attempt', attempt, { outcome: 'retryable', status: 500 });
      }
      await t.quiet();
      for (const { target } of each)
        t.equal('CAN-007', 'deliveries, none of them after the cancel', target.deliveries.length, 1);
    },
  },
  {
    id: 'cancelled-while-running-and-rejected-is-cancelled',
    title: 'A task whose target rejects it after a cancel is `cancelled`, and its attempt is `rejected`.',
    covers: { 'CAN-004': '4f62c2df', 'CAN-008': 'c48b4dd4', 'CAN-002': '9d005f70', 'STA-012': '871b930e' },
    profile: 'core',
    async run(t) {
      const running = await runningTask(t);
      const task = await cancelThenAnswer(t, running, 422);
      t.equal('CAN-004', 'the state after a 422', task.state, 'cancelled');
      t.equal('STA-012', 'the reason of a cancelled task', task.reason, undefined);
      const [attempt] = await t.attempts(running.id);
      t.matches('CAN-008', 'the attempt', attempt, { outcome: 'rejected', status: 422 });
    },
  },
];

async function cancelThenAnswer(t: CheckContext, { id, release }: RunningTask, answer: number) {
  t.status('CAN-002', await t.api.operate(id, 'cancel'), 202);
  release(answer);
  return t.untilTerminal(id);
}

async function later(t: CheckContext, thanMs: number): Promise<void> {
  for (let createdAtMs = 0; createdAtMs <= thanMs;) {
    createdAtMs = instantMs((await t.submit(t.parked())).createdAt);
    if (Number.isNaN(createdAtMs)) return;
  }
}
