import type { Check } from '../../check.ts';
import { held } from '../../receiver/held.ts';

/** What a stop of the scheduler makes of a running task. */
export const RELEASED_CHECKS: readonly Check[] = [
  {
    id: 'released-task-is-pending-and-due-at-once',
    title: 'An attempt that a stop breaks off leaves its task pending, due at once and with its budget.',
    covers: { 'STA-010': 'd522e91d', 'STA-023': 'c2973d29' },
    profile: 'core',
    needs: ['control'],
    runs: 'alone',
    async run(t) {
      const target = await t.target(held().answer, 200);
      const { id, dueAt } = await t.submit(t.taskFor(target, { timeoutMs: 120_000, retry: t.retry() }));
      await t.delivery(target);
      await t.control.stop();
      await t.control.start();
      await t.delivery(target, 2);
      const task = await t.untilState(id, 'completed');
      const [first] = await t.attempts(id);
      t.equal('STA-010', 'the outcome of the attempt that was broken off', first.outcome, 'released');
      t.equal('STA-010', 'dueAt, which a release keeps', task.dueAt, dueAt);
      t.matches('STA-023', 'the numbers', task, { attempt: 2, attemptsUsed: 0 });
    },
  },
];
