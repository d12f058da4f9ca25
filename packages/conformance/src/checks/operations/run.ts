import type { Check } from '../../check.ts';
import type { ApiResponse } from '../../run/api.ts';
import { instantMs, runningTask, terminalTasks } from './task-in-state.ts';

const HOUR_MS = 3_600_000;

/** What a run does in every state. */
export const RUN_CHECKS: readonly Check[] = [
  {
    id: 'run-makes-a-delayed-task-due',
    title:
      'A run of a task that is due in a day is answered with 200 and the task, due now, and delivers it.',
    covers: { 'CAN-011': '9c20d4e2', 'TIM-009': 'cfd01084' },
    profile: 'core',
    async run(t) {
      const target = await t.target();
      const { id, createdAt } = await t.submit(t.taskFor(target, { delayMs: 24 * HOUR_MS }));
      const response = await t.api.operate(id, 'run');
      t.status('CAN-011', response, 200);
      const dueInMs = instantMs(response.json.dueAt) - instantMs(createdAt);
      t.ok('CAN-011', 'the answer shows the task due now', dueInMs >= 0 && dueInMs < HOUR_MS, response.json);
      const delivery = await t.delivery(target);
      t.equal('TIM-009', 'Dispatchr-Due-At', delivery.header('dispatchr-due-at'), response.json.dueAt);
      await t.untilState(id, 'completed');
    },
  },
  {
    id: 'run-ends-the-pause-before-the-next-try',
    title:
      'A run of a task that waits an hour for its next try delivers it now, with its numbers and content as they were.',
    covers: { 'CAN-011': '9c20d4e2', 'CAN-018': '9d704313' },
    profile: 'core',
    async run(t) {
      const target = await t.target(500, 200);
      const pauseMs = Math.min(HOUR_MS, t.discovery.limits.maxBackoffMs);
      const retry = t.retry({ minBackoffMs: pauseMs, maxBackoffMs: pauseMs });
      const content = { retry, taskArgs: { a: [1] }, headers: { 'X-Own': 'kept' } };
      const { id } = await t.submit(t.taskFor(target, content));
      const before = await t.until(id, 'pending after attempt 1', isAfterAttempt1);
      t.status('CAN-011', await t.api.operate(id, 'run'), 200);
      const delivery = await t.delivery(target, 2);
      t.equal('CAN-018', 'Dispatchr-Attempt', delivery.header('dispatchr-attempt'), '2');
      t.equal('CAN-018', 'Dispatchr-Attempts-Left', delivery.header('dispatchr-attempts-left'), '3');
      t.equal('CAN-018', 'the header of the task', delivery.header('x-own'), 'kept');
      const after = await t.untilState(id, 'completed');
      t.equal('CAN-018', 'attemptsUsed', after.attemptsUsed, 1);
      for (const member of [
        'target',
        'taskName',
        'taskArgs',
        'headers',
        'queue',
        'flowKey',
        'timeoutMs',
        'retry',
      ])
        t.equal('CAN-018', member, after[member], before[member]);
    },
  },
  {
    id: 'run-keeps-a-past-due-at',
    title: 'A run of a task that is due already keeps its `dueAt`.',
    covers: { 'CAN-019': '359b2cfe' },
    profile: 'recorder',
    async run(t) {
      const dueAt = '2026-01-02T03:04:05.678Z';
      // A scheduler takes a due task at once, so the runs are sent along with the submit: some of many find it pending.
      for (let each = 0; each < 6; each += 1) {
        const id = t.newId();
        const submission = t.parked({ id, delayMs: undefined, dueAt, retry: t.retry({ maxAttempts: 1 }) });
        const submitted = t.submit(submission);
        const runs = [1, 2, 3, 4].map(async (): Promise<ApiResponse> => t.api.operate(id, 'run'));
        await submitted;
        for (const { status, json } of await Promise.all(runs))
          if (status === 200) t.equal('CAN-019', 'dueAt in the answer to a run', json.dueAt, dueAt);
        t.equal('CAN-019', 'dueAt after the runs', (await t.api.get(id)).json.dueAt, dueAt);
      }
    },
  },
  {
    id: 'run-of-running-answers-409',
    title: 'A run of a running task is answered with 409 and its state, and changes nothing.',
    covers: { 'CAN-012': '299fbe1d' },
    profile: 'core',
    async run(t) {
      const { id, target, release } = await runningTask(t);
      const { json: before } = await t.api.get(id);
      const response = await t.api.operate(id, 'run');
      t.problem('CAN-012', response, 'task-state-conflict', { members: { state: 'running' } });
      t.equal('CAN-012', 'the task is unchanged', (await t.api.get(id)).json, before);
      release(200);
      const after = await t.untilTerminal(id);
      t.matches('CAN-012', 'the task at its end', after, { state: 'completed', attempt: 1 });
      t.equal('CAN-012', 'deliveries', target.deliveries.length, 1);
    },
  },
  {
    id: 'run-of-terminal-answers-409',
    title:
      'A run of a completed, failed or cancelled task is answered with 409 and its state, and changes nothing.',
    covers: { 'CAN-012': '299fbe1d' },
    profile: 'core',
    async run(t) {
      for (const before of await terminalTasks(t)) {
        const response = await t.api.operate(before.id, 'run');
        t.problem('CAN-012', response, 'task-state-conflict', { members: { state: before.state } });
        t.equal('CAN-012', 'the task is unchanged', (await t.api.get(before.id)).json, before);
      }
    },
  },
  {
    id: 'run-passes-over-a-hold-back',
    title: 'A run delivers a task at once although its target asked to be left alone for a minute.',
    covers: { 'CAN-013': 'e7c8273e', 'CAN-011': '9c20d4e2' },
    profile: 'core',
    async run(t) {
      const busy = await t.target({ status: 503, headers: { 'Retry-After': '60' } }, 200);
      const { id } = await t.submit(t.taskFor(busy, { retry: t.retry() }));
      await t.until(id, 'pending after attempt 1', isAfterAttempt1);
      // Tasks for an origin that answered 503 may be held back; a run must not mind.
      const neighbour = await t.target();
      const held = await t.submit(t.taskFor(neighbour));
      for (const each of [held.id, id]) {
        const response = await t.api.operate(each, 'run');
        if (each === held.id) t.status('CAN-013', response, 200, 409);
        else t.status('CAN-011', response, 200);
      }
      await t.delivery(neighbour);
      await t.delivery(busy, 2);
      await t.untilState(id, 'completed');
    },
  },
];

const isAfterAttempt1 = (task: { state?: string; attempt?: number }): boolean =>
  task.state === 'pending' && task.attempt === 1;
