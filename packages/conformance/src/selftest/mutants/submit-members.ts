import type { Mutant } from '../mutant.ts';

/** Faults in which members of a submission go together, and within which limits. */
export const SUBMIT_MEMBERS_MUTANTS = [
  {
    id: 'task-name-optional',
    fault: 'Records a task with neither `taskName` nor `request`.',
    check: 'task-name-or-request-is-required',
    collateral: ['batch-problems-point-into-the-task', 'the-task-of-a-schedule-is-judged-as-a-submit'],
  },
  {
    id: 'args-beside-request-accepted',
    fault: 'Accepts `taskArgs` beside `request`.',
    check: 'arguments-beside-request-are-refused',
  },
  {
    id: 'label-lost',
    fault: 'Drops a `taskName` beside `request`.',
    check: 'task-name-is-a-label-beside-request',
  },
  {
    id: 'base64-unjudged',
    fault: 'Decodes as much of a `request.body` as it can.',
    check: 'body-that-is-not-base64-is-refused',
  },
  {
    id: 'due-at-beside-delay-accepted',
    fault: 'Accepts `dueAt` beside `delayMs`.',
    check: 'due-at-beside-delay-is-refused',
    collateral: ['refused-submit-records-nothing', 'batch-problems-point-into-the-task'],
  },
  {
    id: 'far-due-at-accepted',
    fault: 'Accepts a `dueAt` of any year.',
    check: 'due-at-beyond-ten-years-is-refused',
  },
  {
    id: 'expiry-at-due-at-accepted',
    fault: 'Accepts an `expiresAt` that is the `dueAt`.',
    check: 'expiry-not-after-due-at-is-refused',
  },
  {
    id: 'past-expiry-refused',
    fault: 'Refuses an `expiresAt` that is past.',
    check: 'past-expiry-is-accepted',
    collateral: [
      'past-expiry-fails-the-task',
      'retry-clears-an-expiry-that-has-come',
      'expired-task-is-not-delivered',
    ],
  },
  {
    id: 'past-expiry-exhausts',
    fault: 'Fails a task whose `expiresAt` was past at the submit with the reason `exhausted`.',
    check: 'past-expiry-fails-the-task',
    collateral: ['expired-task-is-not-delivered', 'whole-run-tasks-follow-the-state-table'],
  },
  {
    id: 'backoff-order-unjudged',
    fault: 'Accepts a `maxBackoffMs` below the `minBackoffMs` beside it.',
    check: 'backoff-limits-in-the-wrong-order-are-refused',
  },
  {
    id: 'backoff-defaults-unjudged',
    fault: 'Does not compare a backoff limit with the default of the other one.',
    check: 'backoff-limits-are-compared-with-defaults',
  },
  {
    id: 'rules-in-both-lists-accepted',
    fault: 'Accepts a code in both `retryOn` and `failOn`.',
    check: 'rules-in-both-lists-are-refused',
  },
  {
    id: 'max-attempts-limit-ignored',
    fault: 'Accepts more attempts than `limits.maxAttempts`.',
    check: 'members-beyond-declared-limits-are-refused',
    collateral: ['numbers-out-of-range-are-refused', 'what-is-beyond-the-limits-is-refused'],
  },
  {
    id: 'limits-exclusive',
    fault: 'Refuses a `timeoutMs` of exactly `limits.maxTimeoutMs`.',
    check: 'members-at-declared-limits-are-accepted',
    collateral: ['what-the-limits-allow-is-accepted'],
  },
  {
    id: 'header-names-unjudged',
    fault: 'Accepts names of headers that are no tokens.',
    check: 'header-names-are-tokens',
    collateral: ['batch-problems-point-into-the-task', 'pointers-are-escaped'],
  },
  {
    id: 'line-breaks-in-headers-accepted',
    fault: 'Accepts line breaks in the values of headers.',
    check: 'header-values-are-of-latin-1',
  },
  {
    id: 'latin-1-headers-refused',
    fault: 'Refuses characters beyond ASCII in the values of headers.',
    check: 'header-values-of-latin-1-are-kept',
    collateral: ['header-bytes-are-counted-in-latin-1', 'own-headers-are-sent-in-iso-8859-1'],
  },
  {
    id: 'hop-headers-accepted',
    fault: 'Accepts `headers` that belong to the connection.',
    check: 'connection-headers-are-refused',
    collateral: ['refused-submit-records-nothing', 'the-task-of-a-schedule-is-judged-as-a-submit'],
  },
  {
    id: 'dispatchr-headers-accepted',
    fault: 'Accepts `headers` that begin with `Dispatchr-` or `webhook-`.',
    check: 'headers-of-the-protocol-are-refused',
  },
  {
    id: 'header-in-two-cases-accepted',
    fault: 'Accepts one header in two cases.',
    check: 'headers-that-differ-by-case-are-refused',
  },
  {
    id: 'header-count-ignored',
    fault: 'Accepts more headers than `limits.maxHeaders`.',
    check: 'too-many-headers-are-refused',
    collateral: ['what-is-beyond-the-limits-is-refused'],
  },
  {
    id: 'header-bytes-ignored',
    fault: 'Accepts headers of more bytes than `limits.maxHeaderBytes`.',
    check: 'too-large-headers-are-refused',
    collateral: ['what-is-beyond-the-limits-is-refused'],
  },
  {
    id: 'header-bytes-in-utf8',
    fault: 'Counts the bytes of headers in UTF-8.',
    check: 'header-bytes-are-counted-in-latin-1',
  },
] as const satisfies readonly Mutant[];
