import type { Attempt, Task } from '@dispatchr/client';
import { describe, expect, it } from 'vitest';
import { taskPage } from './task-page.ts';

const now = new Date(2026, 10, 22, 12, 0).getTime();
const at = (differenceMs: number): string => new Date(now + differenceMs).toISOString();
const plain = { width: undefined, colours: false };

const task: Task = {
  id: 'order-1842',
  state: 'running',
  target: 'http://127.0.0.1:9999/',
  taskName: 'send-\u001b[2Jreceipt',
  queue: 'critical',
  flowKey: 'tenant-17',
  priority: 0,
  dueAt: at(-2000),
  timeoutMs: 30_000,
  retry: {
    maxAttempts: 5,
    minBackoffMs: 2000,
    maxBackoffMs: 3_600_000,
    multiplier: 2,
    jitter: 0.2,
    retryOn: ['404'],
    failOn: [],
  },
  createdAt: at(-60_000),
  attempt: 2,
  attemptsUsed: 1,
  startedAt: at(-1200),
  headers: { 'X-Tenant': '17' },
  taskArgs: { orderId: 1842 },
};

const attempt: Attempt = {
  attempt: 1,
  scheduler: 'app-1',
  startedAt: at(-5000),
  endedAt: at(-4900),
  durationMs: 12,
  outcome: 'retryable',
  status: 503,
  responseBody: 'busy\n',
};

describe('taskPage', () => {
  it('says where a task stands, what it is, and what became of each attempt', () => {
    expect(taskPage(task, [attempt], plain, now)).toEqual([
      'order-1842',
      'attempt 2 of 5 has been running for 1.2 s',
      '',
      '  state         running',
      String.raw`  name          send-\u001b[2Jreceipt`,
      '  target        http://127.0.0.1:9999/',
      '  queue         critical',
      '  flow key      tenant-17',
      '  priority      0',
      '  submitted     11:59 (1 min ago)',
      '  due           11:59 (2 s ago)',
      '  last claimed  11:59 (1.2 s ago)',
      '  timeout       30 s',
      '  retry         1 of 5 attempts used; backoff 2 s to 1 h, times 2; retries on 404',
      '  header        X-Tenant: 17',
      '  args          {"orderId":1842}',
      '',
      'Attempts',
      '  1  11:59:55.000  got 503 after 12 ms (retryable, by app-1)',
      String.raw`     busy\u000a`,
      '  2  11:59:58.800  in flight',
    ]);
  });

  it('says so when there was no attempt, and cuts arguments that fill the screen', () => {
    const waiting: Task = {
      ...task,
      state: 'pending',
      attempt: 0,
      attemptsUsed: 0,
      taskArgs: 'x'.repeat(5000),
    };
    const lines = taskPage(waiting, [], plain, now);
    expect(lines.at(-1)).toBe('No attempts yet.');
    expect(lines.find((line) => line.startsWith('  args'))).toMatch(
      /x… \(5002 characters; --json shows all\)$/,
    );
  });
});
