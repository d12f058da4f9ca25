import type { Check } from '../../check.ts';
import { UNREACHABLE_NAMES } from '../submit/dial-policy.ts';
import { instantMs } from './task-in-state.ts';

const HOUR_MS = 3_600_000;

/** The state table from the answer on, and the numbers of the attempts. */
export const ATTEMPT_CHECKS: readonly Check[] = [
  {
    id: 'rejected-fails-at-once',
    title:
      'A rejected attempt makes its task `failed` with the reason `rejected`, and costs nothing of the budget.',
    covers: { 'STA-005': '7dc7c5cd', 'STA-023': 'c2973d29', 'STA-012': '871b930e', 'STA-013': 'f7848d1e' },
    profile: 'core',
    async run(t) {
      const target = await t.target(500, 422);
      const { id } = await t.submit(t.taskFor(target, { retry: t.retry() }));
      const task = await t.untilTerminal(id);
      t.equal('STA-005', 'the state', task.state, 'failed');
      t.equal('STA-012', 'the reason', task.reason, 'rejected');
      t.matches('STA-023', 'the numbers', task, { attempt: 2, attemptsUsed: 1 });
      t.ok(
        'STA-013',
        'finishedAt is not before startedAt',
        instantMs(task.finishedAt) >= instantMs(task.startedAt),
        task,
      );
    },
  },
  {
    id: 'target-blocked-fails-at-once',
    title:
      'A task whose target is blocked when it is dialled is `failed` with the reason `target-blocked`, and costs nothing of the budget.',
    covers: { 'STA-006': 'd0699d4d', 'STA-023': 'c2973d29', 'STA-012': '871b930e' },
    profile: 'core',
    async run(t) {
      for (const name of UNREACHABLE_NAMES) {
        const { id } = await t.submit(t.taskFor(`http://${name}:9/`, { retry: t.retry({ maxAttempts: 2 }) }));
        const task = await t.untilTerminal(id);
        const attempts = await t.attempts(id);
        if (attempts.some(({ outcome }) => outcome !== 'target-blocked')) continue;
        t.equal('STA-006', 'the state', task.state, 'failed');
        t.equal('STA-012', 'the reason', task.reason, 'target-blocked');
        t.matches('STA-023', 'the numbers', task, { attempt: 1, attemptsUsed: 0 });
        return;
      }
      t.skip('the implementation resolves none of the names of forbidden addresses');
    },
  },
  {
    id: 'retryable-waits-in-pending',
    title: 'A retryable attempt makes its task `pending` again, with the instant of the next try in `dueAt`.',
    covers: { 'STA-007': '4a953879', 'TIM-009': 'cfd01084', 'STA-012': '871b930e', 'STA-013': 'f7848d1e' },
    profile: 'core',
    async run(t) {
      const pauseMs = Math.min(HOUR_MS, t.discovery.limits.maxBackoffMs);
      const retry = t.retry({ minBackoffMs: pauseMs, maxBackoffMs: pauseMs });
      const target = await t.target(500);
      const { id } = await t.submit(t.taskFor(target, { retry }));
      const task = await t.until(
        id,
        'not running after attempt 1',
        ({ state, attempt }) => attempt === 1 && state !== 'running',
      );
      t.matches('STA-007', 'the task', task, { state: 'pending', attempt: 1, attemptsUsed: 1 });
      const [{ startedAt, endedAt }] = await t.attempts(id);
      const inMs = instantMs(task.dueAt) - instantMs(endedAt);
      t.ok(
        'TIM-009',
        `dueAt is ${pauseMs} ms after the end of the attempt`,
        Math.abs(inMs - pauseMs) < 10_000,
        inMs,
      );
      t.equal('STA-007', 'startedAt, the instant of the last claim', task.startedAt, startedAt);
      t.equal('STA-012', 'reason', task.reason, undefined);
      t.equal('STA-013', 'finishedAt', task.finishedAt, undefined);
    },
  },
  {
    id: 'last-attempt-exhausts',
    title:
      'The retryable attempt that uses up `maxAttempts` makes its task `failed` with the reason `exhausted`.',
    covers: { 'STA-008': '0dad4700', 'STA-025': 'c2cadf28', 'STA-012': '871b930e' },
    profile: 'core',
    async run(t) {
      const target = await t.target(500);
      const { id } = await t.submit(t.taskFor(target, { retry: t.retry({ maxAttempts: 2 }) }));
      const task = await t.untilTerminal(id);
      t.equal('STA-008', 'the state', task.state, 'failed');
      t.equal('STA-012', 'the reason', task.reason, 'exhausted');
      t.equal('STA-025', 'attemptsUsed', task.attemptsUsed, 2);
    },
  },
  {
    id: 'attempts-are-numbered-without-gaps',
    title:
      'The attempts of a task are numbered 1, 2, 3, at the target and in the list, each recorded once with its times and outcome.',
    covers: { 'STA-020': 'd6787342', 'STA-024': '1ff0762f' },
    profile: 'core',
    async run(t) {
      const target = await t.target(500, 503, 200);
      const { id } = await t.submit(t.taskFor(target, { retry: t.retry() }));
      await t.untilState(id, 'completed');
      const sent = target.deliveries.map((delivery) => delivery.header('dispatchr-attempt'));
      t.equal('STA-020', 'Dispatchr-Attempt of the deliveries', sent, ['1', '2', '3']);
      const attempts = await t.attempts(id);
      const shown = attempts.map(({ attempt, outcome, status }) => ({ attempt, outcome, status }));
      t.equal('STA-024', 'the attempts', shown, [
        { attempt: 1, outcome: 'retryable', status: 500 },
        { attempt: 2, outcome: 'retryable', status: 503 },
        { attempt: 3, outcome: 'completed', status: 200 },
      ]);
      for (const each of attempts) {
        const isNamed = typeof each.scheduler === 'string' && each.scheduler !== '';
        t.ok('STA-024', 'each has its scheduler', isNamed, each);
        t.ok(
          'STA-024',
          'none ended before it started',
          instantMs(each.endedAt) >= instantMs(each.startedAt),
          each,
        );
      }
    },
  },
  {
    id: 'attempts-used-counts-what-is-tried-again',
    title: '`attemptsUsed` counts the retryable attempts, and not the one that completed.',
    covers: { 'STA-022': '96fc61ed', 'STA-023': 'c2973d29' },
    profile: 'core',
    async run(t) {
      const target = await t.target(500, 500, 200);
      const { id } = await t.submit(t.taskFor(target, { retry: t.retry() }));
      const third = await t.delivery(target, 3);
      t.equal(
        'STA-022',
        'Dispatchr-Attempts-Left of the third',
        third.header('dispatchr-attempts-left'),
        '2',
      );
      const { attempt, attemptsUsed } = await t.untilState(id, 'completed');
      t.equal(
        'STA-023',
        'the numbers at the end',
        { attempt, attemptsUsed },
        { attempt: 3, attemptsUsed: 2 },
      );
    },
  },
  {
    id: 'instants-of-a-task-are-in-order',
    title:
      'The instants of a task and of its attempts are those of one clock: each is where it belongs among the others.',
    covers: { 'TIM-004': 'b681e99d' },
    profile: 'core',
    async run(t) {
      const target = await t.target(500, { status: 200, afterMs: 100 });
      const { id } = await t.submit(t.taskFor(target, { retry: t.retry() }));
      const { createdAt, startedAt, finishedAt } = await t.untilState(id, 'completed');
      const [first, second] = await t.attempts(id);
      const order = [createdAt, first.startedAt, first.endedAt, second.startedAt, second.endedAt];
      const isOrdered = order.every(
        (instant, at) => at === 0 || instantMs(instant) >= instantMs(order[at - 1]),
      );
      t.ok('TIM-004', 'createdAt, then start and end of each attempt', isOrdered, order);
      t.equal('TIM-004', 'startedAt of the task, and of its last attempt', startedAt, second.startedAt);
      const apartMs = Math.abs(instantMs(finishedAt) - instantMs(second.endedAt));
      t.ok('TIM-004', 'finishedAt is the end of the last attempt', apartMs < 1000, { finishedAt, second });
    },
  },
];
