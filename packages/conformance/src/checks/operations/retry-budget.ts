import type { Check } from '../../check.ts';
import { completedTask, instantMs } from './task-in-state.ts';

/** The numbers and the budget of a task that an operator retries. */
export const RETRY_BUDGET_CHECKS: readonly Check[] = [
  {
    id: 'retry-gives-a-fresh-budget',
    title: 'After a retry a task has all of its attempts again: it is exhausted after `maxAttempts` more.',
    covers: { 'CAN-015': '5fcb667e', 'STA-022': '96fc61ed', 'STA-008': '0dad4700' },
    profile: 'core',
    async run(t) {
      const target = await t.target(500);
      const { id } = await t.submit(t.taskFor(target, { retry: t.retry({ maxAttempts: 2 }) }));
      t.matches('STA-008', 'the first end', await t.untilTerminal(id), { state: 'failed', attemptsUsed: 2 });
      const response = await t.api.operate(id, 'retry');
      t.status('CAN-015', response, 200);
      const third = await t.delivery(target, 3);
      t.equal('CAN-015', 'Dispatchr-Attempts-Left', third.header('dispatchr-attempts-left'), '1');
      const { state, reason, attemptsUsed } = await t.until(id, 'terminal after attempt 4', isOverAfter4);
      const expected = { state: 'failed', reason: 'exhausted', attemptsUsed: 2 };
      t.equal('STA-022', 'the second end', { state, reason, attemptsUsed }, expected);
    },
  },
  {
    id: 'retry-goes-on-numbering',
    title: 'After a retry the next attempt has the next number, and no number is used twice.',
    covers: { 'STA-021': 'c2511e70', 'CAN-015': '5fcb667e', 'STA-020': 'd6787342' },
    profile: 'core',
    async run(t) {
      const target = await t.target(422, 200);
      const { id } = await t.submit(t.taskFor(target));
      await t.untilTerminal(id);
      t.status('CAN-015', await t.api.operate(id, 'retry'), 200);
      const second = await t.delivery(target, 2);
      t.equal('STA-021', 'Dispatchr-Attempt', second.header('dispatchr-attempt'), '2');
      const { attempt } = await t.untilState(id, 'completed');
      t.equal('CAN-015', 'attempt', attempt, 2);
      const numbers = (await t.attempts(id)).map((each) => each.attempt);
      t.equal('STA-020', 'the numbers of the attempts', numbers, [1, 2]);
    },
  },
  {
    id: 'retry-keeps-started-at',
    title: 'The answer to a retry shows `startedAt` and `attempt` of the last claim, and `attemptsUsed` 0.',
    covers: { 'CAN-025': '473202c9', 'CAN-015': '5fcb667e' },
    profile: 'core',
    async run(t) {
      const before = await completedTask(t);
      const { json: task, ...response } = await t.api.operate(before.id, 'retry');
      t.status('CAN-015', { ...response, json: task }, 200);
      t.equal('CAN-015', 'attemptsUsed', task.attemptsUsed, 0);
      // A scheduler may have claimed it since, with a number of its own.
      if (task.attempt > before.attempt) return;
      t.equal('CAN-015', 'attempt', task.attempt, before.attempt);
      t.equal('CAN-025', 'startedAt', task.startedAt, before.startedAt);
    },
  },
  {
    id: 'retry-counts-max-duration-anew',
    title: '`maxDurationMs` is counted from the first claim after the latest retry.',
    covers: { 'CAN-020': '968eb4b1' },
    profile: 'core',
    async run(t) {
      const maxDurationMs = 800 + 2 * t.timing.backoffMs;
      // The first attempt takes as long as the task may; the two after the retry must have that time again.
      const target = await t.target({ status: 422, afterMs: maxDurationMs }, 500, 200);
      const { id } = await t.submit(
        t.taskFor(target, { timeoutMs: maxDurationMs + 30_000, retry: t.retry({ maxDurationMs }) }),
      );
      const { startedAt, finishedAt } = await t.untilTerminal(id);
      const tookMs = instantMs(finishedAt) - instantMs(startedAt);
      t.ok('CAN-020', 'the first attempt took its time', tookMs >= maxDurationMs - 25, tookMs);
      t.status('CAN-020', await t.api.operate(id, 'retry'), 200);
      await t.delivery(target, 2);
      const task = await t.until(id, 'terminal', isOverAfter2);
      t.matches('CAN-020', 'the task after its second try since the retry', task, {
        state: 'completed',
        attempt: 3,
      });
    },
  },
];

interface Seen {
  readonly state: string;
  readonly attempt: number;
}

const isTerminal = ({ state }: Seen): boolean => ['completed', 'failed', 'cancelled'].includes(state);
const isOverAfter4 = (task: Seen): boolean => isTerminal(task) && task.attempt >= 4;
const isOverAfter2 = (task: Seen): boolean => isTerminal(task) && task.attempt >= 2;
