import { setTimeout as sleep } from 'node:timers/promises';
import type { Check } from '../../check.ts';
import { instantMs, runningTask, terminalTasks } from './task-in-state.ts';

/** The state table from the submit to the claim, and what makes a task completed. */
export const STATE_CHECKS: readonly Check[] = [
  {
    id: 'submitted-task-is-pending-without-attempts',
    title:
      'A task that is recorded is `pending` with `attempt` 0 and `attemptsUsed` 0, and has neither begun nor ended.',
    covers: { 'STA-002': '85e5eac2', 'STA-012': '871b930e', 'STA-013': 'f7848d1e' },
    profile: 'recorder',
    async run(t) {
      const submitted = await t.submit(t.parked());
      const { json: read } = await t.api.get(submitted.id);
      for (const task of [submitted, read]) {
        t.matches('STA-002', 'the task', task, { state: 'pending', attempt: 0, attemptsUsed: 0 });
        t.equal('STA-002', 'startedAt', task.startedAt, undefined);
        t.equal('STA-012', 'reason', task.reason, undefined);
        t.equal('STA-013', 'finishedAt', task.finishedAt, undefined);
      }
      t.equal('STA-002', 'its attempts', await t.attempts(submitted.id), []);
    },
  },
  {
    id: 'claim-makes-a-task-running',
    title: 'While its target has it, a task is `running` with the next attempt number and `startedAt`.',
    covers: { 'STA-003': 'c41aacaf', 'STA-024': '1ff0762f' },
    profile: 'core',
    async run(t) {
      const { id, delivery, release } = await runningTask(t);
      const { json: task } = await t.api.get(id);
      t.matches('STA-003', 'the task', task, { state: 'running', attempt: 1, attemptsUsed: 0 });
      t.equal('STA-003', 'Dispatchr-Attempt', delivery.header('dispatchr-attempt'), '1');
      const isStarted = instantMs(task.startedAt) >= instantMs(task.createdAt);
      t.ok('STA-003', 'startedAt is there, not before createdAt', isStarted, task);
      t.equal('STA-024', 'attempts that have ended', await t.attempts(id), []);
      release(200);
      await t.untilState(id, 'completed');
    },
  },
  {
    id: 'completed-only-after-the-answer',
    title: 'A task is never shown as completed, or as ended in any way, before its target has answered.',
    covers: { 'STA-014': '92b26f36', 'STA-001': '77b7188d' },
    profile: 'core',
    async run(t) {
      const { id, release } = await runningTask(t);
      const until = performance.now() + Math.max(300, 2 * t.timing.latencyMs);
      while (performance.now() < until) {
        const [{ json: task }, { json: page }] = await Promise.all([
          t.api.get(id),
          t.api.list({ queue: t.queue }),
        ]);
        for (const each of [task, ...page.tasks]) {
          t.ok(
            'STA-014',
            'not completed while the target keeps its answer',
            each.state !== 'completed',
            each,
          );
          t.equal('STA-001', 'the state while the target keeps its answer', each.state, 'running');
        }
        await sleep(10);
      }
      release(200);
      t.matches('STA-014', 'after the answer', await t.untilTerminal(id), { state: 'completed', attempt: 1 });
    },
  },
  {
    id: 'state-and-attempt-become-visible-together',
    title:
      'The new state of a task and the attempt that led to it are seen together: never one without the other.',
    covers: { 'STA-015': '0121d8c1' },
    profile: 'core',
    async run(t) {
      for (const answer of [200, 422, 500, 200, 422, 500]) {
        const { id, release } = await runningTask(t, { retry: t.retry({ maxAttempts: 1 }) });
        release(answer);
        const isAttemptFirst = answer !== 200;
        await t.until(id, 'settled', () => true);
        for (let isOver = false; !isOver;) {
          // Whichever is read first: once it shows the end, the other one must.
          const attemptsBefore = isAttemptFirst ? await t.attempts(id) : [];
          const { json: task } = await t.api.get(id);
          const attempts = isAttemptFirst ? attemptsBefore : await t.attempts(id);
          const isEnded = task.state !== 'running';
          if (isAttemptFirst && attempts.length > 0)
            t.ok('STA-015', 'the attempt has ended, and so has its task', isEnded, task);
          if (!isAttemptFirst && isEnded)
            t.equal('STA-015', 'attempts of the task that has ended', attempts.length, 1);
          isOver = isEnded && attempts.length > 0;
        }
      }
    },
  },
  {
    id: 'terminal-task-stays-as-it-is',
    title: 'A completed, failed or cancelled task does not change by itself.',
    covers: { 'STA-011': '4142c07d' },
    profile: 'core',
    async run(t) {
      const before = await terminalTasks(t);
      await t.quiet();
      for (const task of before) {
        const { json: after } = await t.api.get(task.id);
        t.equal('STA-011', `the ${task.state} task`, after, task);
      }
    },
  },
];
