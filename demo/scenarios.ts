import type { Submission } from '@dispatchr/client';

/** An answer of the demo's target. */
export interface Answer {
  status: number;
  headers?: Record<string, string>;
}

/** How a task must end. */
export interface Expectation {
  state: 'completed' | 'failed' | 'cancelled';
  reason?: string;
  attempts: number;
  /** No attempt that ended the task began earlier than so many milliseconds after the submit. */
  notBeforeMs?: number;
}

/** One task of the demo: what is submitted, how its target answers each attempt, and how it must end. */
export interface Scenario {
  name: string;
  /** What the reader is to look for. */
  shows: string;
  task: Omit<Submission, 'target' | 'taskName'>;
  /** The answers to the attempts, in turn; the last one repeats. */
  answers: readonly Answer[];
  /** Where the target is asked; the task's name by default. */
  path?: string;
  /** Cancelled as soon as it is recorded. */
  isCancelled?: boolean;
  expected: Expectation;
}

const DONE: Answer = { status: 204 };

/** What the demo shows, in the order in which it is submitted. */
export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'send-receipt',
    shows: 'succeeds at once',
    task: { taskArgs: { orderId: 1842 } },
    answers: [DONE],
    expected: { state: 'completed', attempts: 1 },
  },
  {
    name: 'charge-card',
    shows: 'is rejected: 422 says that trying again would not help',
    task: { taskArgs: { orderId: 1842, card: 'expired' } },
    answers: [{ status: 422 }],
    expected: { state: 'failed', reason: 'rejected', attempts: 1 },
  },
  {
    name: 'sync-stock',
    shows: 'is tried again after 0.5 s and 1 s, as its target is away twice',
    task: { retry: { minBackoffMs: 500, jitter: 0 } },
    answers: [{ status: 503 }, { status: 503 }, DONE],
    expected: { state: 'completed', attempts: 3, notBeforeMs: 1500 },
  },
  {
    name: 'resize-image',
    shows: 'fails for good when its attempts are used up',
    task: { retry: { maxAttempts: 2, minBackoffMs: 300, jitter: 0 } },
    answers: [{ status: 500 }],
    expected: { state: 'failed', reason: 'exhausted', attempts: 2 },
  },
  {
    name: 'send-reminder',
    shows: 'waits until it is due, in 2 s',
    task: { delayMs: 2000 },
    answers: [DONE],
    expected: { state: 'completed', attempts: 1, notBeforeMs: 2000 },
  },
  {
    name: 'call-partner',
    shows: 'is asked to come back: 429 with Retry-After: 5 holds back everything for that URL',
    task: { retry: { minBackoffMs: 500 } },
    answers: [{ status: 429, headers: { 'retry-after': '5' } }, DONE],
    path: 'partner',
    expected: { state: 'completed', attempts: 2, notBeforeMs: 5000 },
  },
  {
    name: 'tell-partner',
    shows: 'goes to the same URL, and is held back with it',
    // Schedulers know of the pause within a second.
    task: { delayMs: 3000 },
    answers: [DONE],
    path: 'partner',
    expected: { state: 'completed', attempts: 1, notBeforeMs: 3500 },
  },
  {
    name: 'send-newsletter',
    shows: 'is cancelled while it waits',
    task: { delayMs: 60_000 },
    answers: [DONE],
    isCancelled: true,
    expected: { state: 'cancelled', attempts: 0 },
  },
];
