import type { Attempt } from '@dispatchr/client';
import { FAILURE_REASONS, TASK_STATES } from '@dispatchr/contract';
import { describe, expect, it } from 'vitest';
import { whereItStands } from './where-it-stands.ts';
import type { ShownTask } from './where-it-stands.ts';

const now = new Date(2026, 10, 22, 8).getTime();
const at = (differenceMs: number): string => new Date(now + differenceMs).toISOString();
const HOUR = 3_600_000;

const retry = { maxAttempts: 100, minBackoffMs: 2000, maxBackoffMs: 3_600_000, multiplier: 2, jitter: 0.2 };

function task(members: Partial<ShownTask>): ShownTask {
  return {
    id: 'order-1842',
    state: 'pending',
    target: 'http://127.0.0.1:9999/receipts',
    queue: 'critical',
    flowKey: 'tenant-17',
    priority: 0,
    dueAt: at(-10),
    timeoutMs: 30_000,
    retry: { ...retry, retryOn: [], failOn: [] },
    createdAt: at(-10),
    attempt: 0,
    attemptsUsed: 0,
    ...members,
  };
}

function attempt(members: Partial<Attempt>): Attempt {
  return {
    attempt: 2,
    scheduler: 'a',
    startedAt: at(-100),
    endedAt: at(-88),
    durationMs: 12,
    outcome: 'retryable',
    ...members,
  };
}

const tried = { attempt: 2, attemptsUsed: 2 } as const;
const got503 = attempt({ status: 503 });
type Case = [Partial<ShownTask>, Attempt | undefined, string];

describe('whereItStands says of a pending task', () => {
  it.each<Case>([
    [{ dueAt: at(4 * HOUR) }, undefined, 'waits until 12:00 (in 4 h)'],
    [{ dueAt: at(4 * HOUR), waiting: { reason: 'not-due' } }, undefined, 'waits until 12:00 (in 4 h)'],
    [{}, undefined, 'due, not yet claimed'],
    [{ ...tried, dueAt: at(3100) }, got503, 'attempt 2 of 100 got 503 after 12 ms; next try in 3.1 s'],
    [{ ...tried, dueAt: at(3100) }, undefined, 'attempt 2 of 100 is over; next try in 3.1 s'],
    [{ ...tried }, got503, 'attempt 2 of 100 got 503 after 12 ms; next try is due'],
    [
      { attempt: 102, attemptsUsed: 2, dueAt: at(3100) },
      attempt({ attempt: 102, status: 503 }),
      'attempt 102 (2 of 100 count) got 503 after 12 ms; next try in 3.1 s',
    ],
    [
      { attempt: 1, attemptsUsed: 0 },
      attempt({ attempt: 1, outcome: 'released', errorCode: 'released' }),
      'attempt 1 (0 of 100 count) was given back by a scheduler that shut down; next try is due',
    ],
  ])('%o', (members, last, sentence) => {
    expect(whereItStands(task(members), last, now)).toBe(sentence);
  });
});

describe('whereItStands says what a due task waits for', () => {
  it.each<[NonNullable<ShownTask['waiting']>, Attempt | undefined, string]>([
    [{ reason: 'no-scheduler' }, undefined, 'waits for a scheduler: none has been alive lately'],
    [{ reason: 'queue-paused' }, undefined, 'waits: its queue critical is paused'],
    [
      { reason: 'circuit-open', until: at(20_000) },
      undefined,
      'held back: http://127.0.0.1:9999 failed too often in a row; probed again in 20 s',
    ],
    [
      { reason: 'target-held-back', until: at(20_000) },
      attempt({ attempt: 0, status: 503 }),
      'held back: http://127.0.0.1:9999 answered 503; tried again in 20 s',
    ],
    [
      { reason: 'target-held-back', until: at(20_000) },
      attempt({ attempt: 0, status: 429 }),
      'held back: http://127.0.0.1:9999/receipts answered 429; tried again in 20 s',
    ],
    [{ reason: 'target-held-back' }, undefined, 'held back: http://127.0.0.1:9999 asked for a pause'],
    [
      { reason: 'queue-concurrency' },
      undefined,
      'waits: its queue critical has as many attempts in flight as it may have',
    ],
    [
      { reason: 'flow-concurrency' },
      undefined,
      'waits: its flow key tenant-17 has as many attempts in flight as it may have',
    ],
    [
      { reason: 'queue-rate', until: at(2000) },
      undefined,
      'waits: its queue critical has started as many deliveries as it may for now; goes on in 2 s',
    ],
    [
      { reason: 'flow-rate', until: at(2000) },
      undefined,
      'waits: its flow key tenant-17 has started as many deliveries as it may for now; goes on in 2 s',
    ],
    [{ reason: 'ready' }, undefined, 'waits for its turn'],
    [{ reason: 'ready', before: 0 }, undefined, 'waits for its turn, next of its flow key'],
    [{ reason: 'ready', before: 1 }, undefined, 'waits for its turn; 1 task of its flow key first'],
    [
      { reason: 'ready', before: 10_000 },
      undefined,
      'waits for its turn; 10,000 or more tasks of its flow key first',
    ],
    [{ reason: 'full-moon', until: at(HOUR) }, undefined, 'waits: full-moon; goes on in 1 h'],
  ])('%o', (waiting, last, sentence) => {
    expect(whereItStands(task({ waiting }), last, now)).toBe(sentence);
  });

  it('after what became of the last attempt', () => {
    const waiting = { reason: 'target-held-back', until: at(20_000) };
    expect(whereItStands(task({ ...tried, waiting }), got503, now)).toBe(
      'attempt 2 of 100 got 503 after 12 ms; held back: http://127.0.0.1:9999 answered 503; tried again in 20 s',
    );
  });
});

describe('whereItStands says of a running task', () => {
  const running = { state: 'running', attempt: 3, attemptsUsed: 2, startedAt: at(-1200) } as const;

  it.each<[Partial<ShownTask>, string]>([
    [running, 'attempt 3 of 100 has been running for 1.2 s'],
    [{ ...running, startedAt: at(500) }, 'attempt 3 of 100 has been running for 0 ms'],
    [{ ...running, attemptsUsed: 0 }, 'attempt 3 (1 of 100 count) has been running for 1.2 s'],
    [
      { ...running, cancelRequestedAt: at(-100) },
      'attempt 3 of 100 has been running for 1.2 s; cancelled unless it completes',
    ],
  ])('%o', (members, sentence) => {
    expect(whereItStands(task(members), got503, now)).toBe(sentence);
  });
});

describe('whereItStands says of a task that ended', () => {
  const completed = { state: 'completed', attempt: 3, startedAt: at(-60), finishedAt: at(-10) } as const;
  const failed = { state: 'failed', attempt: 2, attemptsUsed: 2 } as const;
  const limited = { ...task({}).retry, maxDurationMs: HOUR };

  it.each<Case>([
    [completed, attempt({ outcome: 'completed', durationMs: 45 }), 'completed on attempt 3 after 45 ms'],
    [completed, undefined, 'completed on attempt 3 after 50 ms'],
    [
      { ...failed, reason: 'rejected' },
      attempt({ status: 422 }),
      'failed: the target said not to retry (422)',
    ],
    [{ ...failed, reason: 'rejected' }, undefined, 'failed: the target said not to retry'],
    [
      { ...failed, reason: 'exhausted', attempt: 100, attemptsUsed: 100 },
      attempt({ attempt: 100, status: 503 }),
      'failed: all 100 attempts are used up; attempt 100 got 503 after 12 ms',
    ],
    [
      { ...failed, reason: 'exhausted', attemptsUsed: 1, retry: { ...limited, maxAttempts: 1 } },
      undefined,
      'failed: its only attempt is used up',
    ],
    [
      { ...failed, reason: 'exhausted', retry: limited },
      got503,
      'failed: its time for retries (1 h) is over after 2 attempts; attempt 2 got 503 after 12 ms',
    ],
    [
      { ...failed, reason: 'expired', attempt: 0, expiresAt: at(-120_000) },
      undefined,
      'failed: it expired at 07:58 (2 min ago) before its first attempt',
    ],
    [
      { ...failed, reason: 'expired', expiresAt: at(120_000) },
      got503,
      'failed: it expires at 08:02 (in 2 min), before the next try; attempt 2 got 503 after 12 ms',
    ],
    [
      { ...failed, reason: 'target-blocked' },
      attempt({ outcome: 'target-blocked', errorCode: 'target-blocked' }),
      'failed: the target policy forbids the address of http://127.0.0.1:9999/receipts',
    ],
    [{ ...failed, reason: 'bored' }, undefined, 'failed: bored'],
    [{ state: 'cancelled' }, undefined, 'cancelled before its first attempt'],
    [{ state: 'cancelled', ...tried }, got503, 'cancelled after attempt 2, which got 503 after 12 ms'],
    [{ state: 'cancelled', ...tried }, undefined, 'cancelled after attempt 2'],
    [{ state: 'frozen' }, undefined, 'frozen'],
  ])('%o', (members, last, sentence) => {
    expect(whereItStands(task(members), last, now)).toBe(sentence);
  });
});

describe('whereItStands says what became of an attempt', () => {
  it.each<[Partial<Attempt>, string]>([
    [{ errorCode: 'connection-refused' }, 'was refused the connection after 12 ms'],
    [{ errorCode: 'connection-reset' }, 'lost its connection after 12 ms'],
    [{ errorCode: 'connection-failed' }, 'could not connect after 12 ms'],
    [{ errorCode: 'name-not-resolved' }, 'could not look up the host name after 12 ms'],
    [{ errorCode: 'tls-failed' }, 'could not agree on TLS after 12 ms'],
    [{ errorCode: 'timeout', durationMs: 30_000 }, 'got no answer after 30 s'],
    [{ errorCode: 'not-http' }, 'got an answer that is not HTTP after 12 ms'],
    [{ errorCode: 'response-too-large' }, 'got a header section that is too large after 12 ms'],
    [{ errorCode: 'invalid-request' }, 'could not be sent as the task describes it after 12 ms'],
    [{ errorCode: 'target-blocked' }, 'was blocked by the target policy after 12 ms'],
    [{ errorCode: 'struck-by-lightning' }, 'ended with struck-by-lightning after 12 ms'],
    [{ outcome: 'lease-lost', errorCode: 'lease-lost' }, 'was lost with its scheduler'],
    [{}, 'ended with retryable after 12 ms'],
  ])('%o', (members, words) => {
    expect(whereItStands(task({ ...tried }), attempt(members), now)).toBe(
      `attempt 2 of 100 ${words}; next try is due`,
    );
  });
});

describe('every word of the contract has a sentence of its own', () => {
  it('for each state', () => {
    const sentences = TASK_STATES.map((state) => whereItStands(task({ state }), undefined, now));
    expect(new Set(sentences).size).toBe(TASK_STATES.length);
  });

  it('for each reason of a failure', () => {
    const sentences = FAILURE_REASONS.map((reason) =>
      whereItStands(task({ state: 'failed', reason }), undefined, now),
    );
    for (const [index, sentence] of sentences.entries()) {
      expect(sentence).not.toBe(`failed: ${FAILURE_REASONS[index]}`);
    }
  });
});
