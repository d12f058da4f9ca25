import type { Mutant } from '../mutant.ts';

/** Faults in how a delivery uses its connection, and in how attempts follow on each other. */
export const CONNECTION_MUTANTS = [
  { id: 'redirect-followed', fault: 'Follows a redirect.', check: 'redirects-are-not-followed' },
  {
    id: 'broken-attempt-sent-again',
    fault: 'Sends a request whose connection broke once more within the attempt.',
    check: 'one-request-for-an-attempt',
    collateral: ['one-request-for-an-attempt-of-any-method'],
  },
  {
    id: 'idempotent-methods-sent-again',
    fault: 'Sends a GET, PUT or DELETE whose connection broke once more within the attempt.',
    check: 'one-request-for-an-attempt-of-any-method',
  },
  {
    id: 'certificate-not-verified',
    fault: 'Delivers to an `https` target with any certificate.',
    check: 'untrusted-certificate-is-refused',
  },
  {
    id: 'cookies-kept',
    fault: 'Sends the cookies that a target has set back to it.',
    check: 'cookies-are-not-kept',
  },
  {
    id: 'attempts-overlap',
    fault: 'Sends a delivery again while the attempt is in flight.',
    check: 'not-delivered-while-an-attempt-is-in-flight',
    collateral: [
      'attempt-in-flight-is-not-started-again',
      'attempt-outlasts-its-first-lease',
      'retry-counts-max-duration-anew',
      'one-request-for-an-attempt',
      'one-request-for-an-attempt-of-any-method',
      'rejected-task-is-not-tried-again',
      'attempts-left-are-counted-anew-after-a-retry',
      'delivery-counts-the-attempts-left',
      'whole-run-no-delivery-after-a-2xx',
      'cancelled-while-running-and-retryable-is-cancelled',
      'delivery-numbers-its-attempt',
      'delivery-says-when-it-was-due',
    ],
  },
  {
    id: 'delivered-again-after-2xx',
    fault: 'Delivers a task once more after it was completed.',
    check: 'delivered-once-after-a-2xx',
    collateral: [
      'attempt-in-flight-is-not-started-again',
      'whole-run-no-delivery-after-a-2xx',
      'id-replay-is-not-delivered-again',
      'id-stays-the-same-for-life',
      'retry-of-terminal-delivers-anew',
    ],
  },
] as const satisfies readonly Mutant[];
