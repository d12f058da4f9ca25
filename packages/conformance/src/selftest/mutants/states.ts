import type { Mutant } from '../mutant.ts';

/** Faults in the states of tasks, in their numbers and instants, and in when they are due. */
export const STATES_MUTANTS = [
  {
    id: 'started-before-the-claim',
    fault: 'Shows `startedAt` before the first claim.',
    check: 'submitted-task-is-pending-without-attempts',
    collateral: ['whole-run-tasks-show-*'],
  },
  {
    id: 'started-at-only-at-the-end',
    fault: 'Shows `startedAt` only once the attempt has ended.',
    check: 'claim-makes-a-task-running',
    collateral: ['cancel-of-running-*', 'whole-run-tasks-show-*'],
  },
  {
    id: 'completed-before-answer',
    fault: 'Lists a task as completed before its target has answered.',
    check: 'completed-only-after-the-answer',
  },
  {
    id: 'attempt-visible-late',
    fault: 'Shows the attempt of a completed task 60 ms after its state.',
    check: 'state-and-attempt-become-visible-together',
    collateral: [
      'cancelled-while-running-and-answered-2xx-*',
      'deleted-id-begins-*',
      'leftover-bytes-are-no-answer',
    ],
  },
  {
    id: 'archived-in-whole-seconds',
    fault: 'Cuts `finishedAt` down to whole seconds a while after the end.',
    check: 'terminal-task-stays-as-it-is',
    collateral: ['cancel-of-cancelled-*', 'cancel-of-finished-*', 'run-of-terminal-*', 'id-replay-answers-*'],
  },
  {
    id: 'rejection-counts',
    fault: 'Counts a rejected attempt against `maxAttempts`.',
    check: 'rejected-fails-at-once',
    collateral: ['retry-after-on-a-final-answer-is-ignored'],
  },
  {
    id: 'blocked-called-rejected',
    fault: 'Gives the reason `rejected` to a task whose target is blocked.',
    check: 'target-blocked-fails-at-once',
    collateral: ['names-of-forbidden-addresses-*'],
  },
  {
    id: 'due-at-of-the-last-attempt-while-waiting',
    fault: 'Shows the `dueAt` of the last attempt while the task waits for the next.',
    check: 'retryable-waits-in-pending',
    collateral: [
      'backoff-*',
      'jitter-*',
      'pause-*',
      '*retry-after-*',
      'retry-defaults-*',
      '*losses-in-a-row-*',
      'second-loss-*',
    ],
  },
  {
    id: 'exhausted-called-rejected',
    fault: 'Gives the reason `rejected` to an exhausted task.',
    check: 'last-attempt-exhausts',
    collateral: [
      'retry-gives-*',
      'max-attempts-*',
      'max-duration-*',
      'exhausted-before-expired',
      'lost-attempt-exhausts',
    ],
  },
  {
    id: 'attempt-recorded-twice',
    fault: 'Records an attempt that is tried again twice.',
    check: 'attempts-are-numbered-without-gaps',
    collateral: [
      'instants-of-a-task-*',
      'pages-of-attempts-*',
      'attempt*',
      'max-attempts-*',
      'task-in-flight-at-a-kill-*',
    ],
  },
  {
    id: 'completion-counts',
    fault: 'Counts the attempt that completed against `maxAttempts`.',
    check: 'attempts-used-counts-what-is-tried-again',
    collateral: [
      'run-ends-the-pause-*',
      'released-task-*',
      'retry-after-on-a-final-answer-is-ignored',
      'task-in-flight-at-a-kill-*',
      'stop-releases-*',
    ],
  },
  {
    id: 'finished-by-another-clock',
    fault: 'Takes `finishedAt` from a clock that is five seconds fast.',
    check: 'instants-of-a-task-are-in-order',
  },
  {
    id: 'delay-in-whole-seconds',
    fault: 'Rounds `delayMs` down to whole seconds.',
    check: 'delay-counts-from-the-submit',
    collateral: ['cancelled-before-due-*'],
  },
  {
    id: 'due-a-moment-later',
    fault: 'Makes a task without `dueAt` due 100 ms after its submit.',
    check: 'task-without-due-at-is-due-at-once',
  },
  {
    id: 'past-due-at-moved-to-now',
    fault: 'Replaces a past `dueAt` by the instant of the submit.',
    check: 'past-due-at-is-kept-and-delivered-at-once',
    collateral: ['run-keeps-a-past-due-at', 'delivery-says-when-it-was-due', 'instants-are-of-the-years-*'],
  },
  {
    id: 'due-at-of-the-end',
    fault: 'Sets `dueAt` to the instant at which a task completes.',
    check: 'due-at-at-the-end-is-that-of-the-last-attempt',
    collateral: [
      'not-delivered-before-due-at',
      'past-due-at-*',
      'released-task-*',
      'delivery-says-when-it-was-due',
    ],
  },
  {
    id: 'expiry-seen-when-due',
    fault: 'Lets a task expire only once it is due.',
    check: 'task-expires-before-it-is-due',
    collateral: ['expiry-is-not-compared-*'],
  },
  {
    id: 'expiry-compared-with-delay',
    fault: 'Refuses `expiresAt` beside `delayMs`.',
    check: 'expiry-is-not-compared-with-the-delay',
    collateral: [
      'retry-keeps-an-expiry-to-come',
      'task-expires-*',
      'past-expiry-is-accepted',
      'declared-features-are-served',
    ],
  },
  {
    id: 'expiry-beats-2xx',
    fault: 'Fails a task as expired whose 2xx comes after its `expiresAt`.',
    check: 'attempt-in-flight-outlives-its-expiry',
  },
  {
    id: 'expiry-awaited-in-pending',
    fault: 'Leaves a task pending whose next try is after its `expiresAt`.',
    check: 'next-try-beyond-the-expiry-expires-at-once',
  },
  {
    id: 'expiry-forbids-retries',
    fault: 'Never tries a task again that has an `expiresAt`.',
    check: 'next-try-before-the-expiry-is-made',
  },
  {
    id: 'due-order-ignored',
    fault: 'Claims tasks of one priority in the order of their submit.',
    check: 'earlier-due-at-is-claimed-first',
  },
  {
    id: 'released-waits',
    fault: 'Makes a released task due five seconds later.',
    check: 'released-task-is-pending-and-due-at-once',
    collateral: ['attempts-that-a-stop-*', 'stop-releases-*'],
  },
  {
    id: 'completed-with-a-reason',
    fault: 'Leaves a reason on a task that completed after a retry.',
    check: 'whole-run-tasks-show-what-their-state-has',
  },
  {
    id: 'completion-clears-attempts-used',
    fault: 'Sets `attemptsUsed` to 0 when a task completes.',
    check: 'whole-run-tasks-follow-the-state-table',
    collateral: ['attempts-used-*', 'run-ends-the-pause-*', 'task-in-flight-at-a-kill-*'],
  },
  {
    id: 'delivered-again-after-a-retry',
    fault: 'Delivers a task once more that completed in its second attempt.',
    check: 'whole-run-no-delivery-after-a-2xx',
    collateral: ['completed-task-survives-a-kill'],
  },
] as const satisfies readonly Mutant[];
