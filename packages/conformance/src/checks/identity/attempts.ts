import type { Check } from '../../check.ts';
import { type Answer, close, hang, raw, reset } from '../../receiver/delivery.ts';
import type { Json } from '../../run/api.ts';
import type { CheckContext } from '../../run/check-context.ts';
import { completedTask } from './completed-task.ts';
import { heldAnswer } from './held-answer.ts';
import { walk } from './walk.ts';

/** What the list of a task's attempts shows. */
export const ATTEMPT_CHECKS: readonly Check[] = [
  {
    id: 'attempts-are-listed-oldest-first',
    title: 'The attempts of a task are listed by number, one item for each that has ended.',
    covers: { 'REC-060': 'd0e07b82', 'REC-061': 'b5033430' },
    profile: 'core',
    async run(t) {
      const id = await completedTask(t, 500, 404, 200);
      const attempts = await t.attempts(id);
      const numbers: number[] = attempts.map(({ attempt }) => attempt);
      t.equal(
        'REC-061',
        'the numbers of the attempts, sorted',
        numbers.toSorted((a, b) => a - b),
        [1, 2, 3],
      );
      t.equal('REC-060', 'the numbers of the attempts', numbers, [1, 2, 3]);
      const outcomes = attempts.map(({ outcome, status }) => `${outcome} ${status}`);
      t.equal('REC-061', 'the outcomes of the attempts', outcomes, [
        'retryable 500',
        'retryable 404',
        'completed 200',
      ]);
    },
  },
  {
    id: 'attempts-of-a-task-before-its-first-are-none',
    title: 'The list of attempts is empty before the first attempt.',
    covers: { 'REC-061': 'b5033430' },
    profile: 'recorder',
    async run(t) {
      const { id } = await t.submit(t.parked());
      t.equal('REC-061', 'the attempts of a task that is not due', await walkAttempts(t, id), []);
    },
  },
  {
    id: 'attempts-in-flight-are-not-listed',
    title: 'An attempt in flight is not in the list of attempts, and is there once the task has moved on.',
    covers: { 'REC-061': 'b5033430' },
    profile: 'core',
    async run(t) {
      const held = heldAnswer();
      const target = await t.target(held.answer);
      const { id } = await t.submit(t.taskFor(target));
      await t.delivery(target);
      t.equal('REC-061', 'the attempts while the first is in flight', await t.attempts(id), []);
      held.give();
      await t.untilState(id, 'completed');
      t.matches('REC-061', 'the attempts once the task is completed', await t.attempts(id), [{ attempt: 1 }]);
    },
  },
  {
    id: 'attempts-that-a-stop-broke-off-are-listed',
    title: 'An attempt that ended because its scheduler was stopped is in the list of attempts.',
    covers: { 'REC-061': 'b5033430' },
    profile: 'core',
    needs: ['control'],
    runs: 'alone',
    async run(t) {
      const target = await t.target(hang, 200);
      const { id } = await t.submit(t.taskFor(target, { retry: t.retry() }));
      await t.delivery(target);
      await t.control.stop();
      await t.control.start();
      await t.untilState(id, 'completed');
      const numbers = (await t.attempts(id)).map(({ attempt }) => attempt);
      t.equal('REC-061', 'the numbers of the attempts, the first of which was broken off', numbers, [1, 2]);
    },
  },
  {
    id: 'attempt-shows-the-status-that-decided',
    title: 'An attempt that an answer decided shows its status and no error code, whatever the status.',
    covers: { 'REC-062': 'b8951255' },
    profile: 'core',
    async run(t) {
      const statuses = [302, 404, 422, 500, 599, 202];
      const attempts = await Promise.all(statuses.map((status) => onlyAttempt(t, status)));
      t.equal(
        'REC-062',
        'the statuses',
        attempts.map(({ status }) => status),
        statuses,
      );
      t.equal(
        'REC-062',
        'the error codes',
        attempts.filter(({ errorCode }) => errorCode !== undefined),
        [],
      );
    },
  },
  {
    id: 'attempt-without-an-answer-shows-an-error-code',
    title: 'An attempt that no answer decided shows an error code and no status.',
    covers: { 'REC-062': 'b8951255' },
    profile: 'core',
    async run(t) {
      const answers = {
        reset,
        close,
        'half an answer': raw('HTTP/1.1 200 OK\r\nContent-Le'),
        'no HTTP': raw('no\r\n\r\n'),
      };
      const judge = async ([name, answer]: [string, Answer]): Promise<void> => {
        const { status, errorCode } = await onlyAttempt(t, answer);
        t.ok('REC-062', `there is an error code after ${name}`, typeof errorCode === 'string', errorCode);
        t.equal('REC-062', `the status after ${name}, which is no answer`, status, undefined);
      };
      await Promise.all(Object.entries(answers).map(judge));
    },
  },
];

function walkAttempts(t: CheckContext, id: string): Promise<unknown[]> {
  return walk(t, 'REC-061', {}, { items: 'attempts', path: `/v1/tasks/${id}/attempts` });
}

/** Delivers a task that is tried once, and answers its attempt. */
async function onlyAttempt(t: CheckContext, answer: Answer): Promise<Json> {
  const { id } = await t.submit(t.taskFor(await t.target(answer), { retry: t.retry({ maxAttempts: 1 }) }));
  await t.untilTerminal(id);
  const attempts = await t.attempts(id);
  t.equal('REC-062', 'the number of attempts', attempts.length, 1);
  return attempts[0];
}
