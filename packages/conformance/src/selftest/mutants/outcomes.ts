import type { Mutant } from '../mutant.ts';

/** Faults in what the end of an attempt means. */
export const OUTCOME_MUTANTS = [
  {
    id: 'no-content-fails',
    fault: 'Takes 204 for a rejection.',
    check: 'answer-204-completes',
    collateral: ['delivered-once-after-a-2xx'],
  },
  {
    id: 'unprocessable-retried',
    fault: 'Tries a task again that was answered with 422.',
    check: 'answers-of-a-wrong-request-reject',
    collateral: [
      'rejected-task-is-not-tried-again',
      'other-values-of-dispatchr-retry-are-ignored',
      'wait-answers-when-the-task-has-failed',
      'id-stays-the-same-for-life',
      'rejected-fails-at-once',
      'retry-goes-on-numbering',
      'deleted-id-begins-at-attempt-1',
      'due-at-at-the-end-is-that-of-the-last-attempt',
    ],
  },
  {
    id: 'not-found-rejected',
    fault: 'Fails a task that was answered with 404.',
    check: 'other-answers-of-4xx-are-retryable',
    collateral: ['class-of-fail-on-rejects', 'retry-after-on-every-retryable-answer'],
  },
  {
    id: 'server-error-rejected',
    fault: 'Fails a task that was answered with 5xx.',
    check: 'answers-of-5xx-are-retryable',
    collateral: ['*'],
  },
  {
    id: 'redirect-rejected',
    fault: 'Fails a task that was answered with 3xx.',
    check: 'answers-of-3xx-are-retryable',
    collateral: [
      'code-of-fail-on-rejects',
      'class-of-fail-on-rejects',
      'retry-after-on-every-retryable-answer',
    ],
  },
  {
    id: 'retry-no-ignored',
    fault: 'Ignores `Dispatchr-Retry: no`.',
    check: 'dispatchr-retry-no-rejects',
    collateral: ['dispatchr-retry-no-is-read-in-any-case', 'dispatchr-retry-no-beats-retry-on'],
  },
  {
    id: 'fail-on-ignored',
    fault: 'Ignores `failOn`.',
    check: 'code-of-fail-on-rejects',
    collateral: [
      'code-of-fail-on-beats-class-of-retry-on',
      'code-of-retry-on-beats-class-of-fail-on',
      'class-of-fail-on-rejects',
    ],
  },
  {
    id: 'retry-on-ignored',
    fault: 'Ignores `retryOn`.',
    check: 'code-of-retry-on-is-retryable',
    collateral: [
      'code-of-fail-on-beats-class-of-retry-on',
      'code-of-retry-on-beats-class-of-fail-on',
      'class-of-retry-on-is-retryable',
    ],
  },
  {
    id: 'class-beats-code',
    fault: 'Lets a class of `failOn` beat a code of `retryOn`.',
    check: 'code-of-retry-on-beats-class-of-fail-on',
  },
  {
    id: 'reset-is-success',
    fault: 'Completes a task whose connection was reset.',
    check: 'connection-that-breaks-unanswered-is-reset',
    collateral: [
      'connection-that-breaks-in-the-headers-is-reset',
      'connection-that-breaks-after-interim-responses-is-reset',
      'attempt-without-an-answer-shows-an-error-code',
    ],
  },
  {
    id: 'refused-rejected',
    fault: 'Fails a task for good whose target refuses the connection.',
    check: 'refused-connection-is-retryable',
  },
  {
    id: 'unresolved-rejected',
    fault: 'Fails a task for good whose target has no address.',
    check: 'unresolved-name-is-retryable',
  },
  {
    id: 'unusual-success-retried',
    fault: 'Takes a 2xx other than 200, 201, 202 and 204 for retryable.',
    check: 'answers-of-2xx-complete',
  },
  {
    id: 'retry-no-beats-2xx',
    fault: 'Lets `Dispatchr-Retry: no` reject a 2xx.',
    check: 'answers-of-2xx-complete-whatever-else-they-say',
  },
  {
    id: 'beyond-599-rejected',
    fault: 'Fails a task that was answered with 600 or above.',
    check: 'answers-beyond-599-are-retryable',
  },
  {
    id: 'rejected-tried-once-more',
    fault: 'Delivers a rejected task once more.',
    check: 'rejected-task-is-not-tried-again',
    collateral: ['retry-of-terminal-delivers-anew', 'retry-goes-on-numbering'],
  },
  {
    id: 'retry-no-read-by-case',
    fault: 'Reads `Dispatchr-Retry: no` in lower case only.',
    check: 'dispatchr-retry-no-is-read-in-any-case',
  },
  {
    id: 'retry-on-beats-retry-no',
    fault: 'Lets `retryOn` beat `Dispatchr-Retry: no`.',
    check: 'dispatchr-retry-no-beats-retry-on',
  },
  {
    id: 'any-dispatchr-retry-rejects',
    fault: 'Rejects an answer with `Dispatchr-Retry` of any value.',
    check: 'other-values-of-dispatchr-retry-are-ignored',
  },
  {
    id: 'retry-on-before-fail-on',
    fault: 'Lets a class of `retryOn` beat a code of `failOn`.',
    check: 'code-of-fail-on-beats-class-of-retry-on',
  },
  {
    id: 'class-of-fail-on-ignored',
    fault: 'Ignores the classes in `failOn`.',
    check: 'class-of-fail-on-rejects',
    collateral: ['code-of-retry-on-beats-class-of-fail-on'],
  },
  {
    id: 'class-of-retry-on-ignored',
    fault: 'Ignores the classes in `retryOn`.',
    check: 'class-of-retry-on-is-retryable',
    collateral: ['code-of-fail-on-beats-class-of-retry-on'],
  },
] as const satisfies readonly Mutant[];
