import type { Mutant } from '../mutant.ts';

/** Faults that only what the whole run saw shows. */
export const WHOLE_RUN_MUTANTS = [
  {
    id: 'docs-answered-203',
    fault: 'Answers `/docs` with 203.',
    check: 'every-status-is-documented',
    collateral: ['docs-load-nothing-from-elsewhere'],
  },
  {
    id: 'livez-as-text',
    fault: 'Answers `/livez` as `text/plain`.',
    check: 'every-media-type-is-documented',
  },
  {
    id: 'challenge-missing',
    fault: 'Answers 401 without `WWW-Authenticate`.',
    check: 'every-response-has-its-headers',
    collateral: ['a-token-is-asked-for'],
  },
  {
    id: 'health-status-is-a-number',
    fault: 'Answers `/livez` with a number as `status`.',
    check: 'every-body-matches-its-schema',
  },
  {
    id: 'error-media-type-wrong',
    fault: 'Sends problems as `application/json`.',
    check: 'every-error-is-a-problem',
    collateral: ['every-media-type-is-documented'],
  },
  {
    id: 'problem-of-its-own',
    fault: 'Answers an unknown path with a problem that is not in the catalogue.',
    check: 'every-problem-is-of-the-catalogue',
    collateral: [
      'a-path-that-is-not-served-is-404',
      'paths-without-an-id-are-404',
      'requests-are-judged-in-order',
    ],
  },
  {
    id: 'problem-status-differs',
    fault: 'Writes another `status` into a problem than it answers with.',
    check: 'every-problem-has-its-status',
  },
  {
    id: 'errors-missing',
    fault: 'Answers `invalid-request` without `errors` where the whole body is wrong.',
    check: 'every-invalid-request-has-errors',
    collateral: ['a-batch-needs-a-body', 'a-submit-needs-a-body', 'operations-refuse-members'],
  },
  {
    id: 'errors-in-two-places',
    fault: 'Gives a pointer beside the parameter in the errors of a query.',
    check: 'every-invalid-request-has-errors',
  },
  {
    id: 'conflict-state-missing',
    fault: 'Answers `task-state-conflict` without `state`.',
    check: 'every-problem-has-its-members',
    collateral: [
      'cancel-of-finished-answers-409',
      'delete-of-pending-answers-409',
      'delete-of-running-answers-409',
      'retry-of-pending-answers-409',
      'retry-of-running-answers-409',
      'run-of-running-answers-409',
      'run-of-terminal-answers-409',
      'state-conflicts-say-the-state',
    ],
  },
  {
    id: 'stack-shown',
    fault: 'Shows the stack of the reader in the detail of malformed JSON.',
    check: 'no-problem-shows-what-is-inside',
  },
  {
    id: 'instants-without-milliseconds',
    fault: 'Leaves out the milliseconds of an instant that are 0.',
    check: 'every-instant-is-in-utc-with-milliseconds',
    collateral: [
      'digits-beyond-milliseconds-are-dropped',
      'instants-are-of-the-years-1970-to-9999',
      'offsets-are-taken-into-account',
      'past-expiry-is-accepted',
      't-and-z-may-be-lower-case',
    ],
  },
  {
    id: 'finished-at-with-offset',
    fault: 'Writes `finishedAt` with the offset `+00:00`.',
    check: 'every-instant-is-in-utc-with-milliseconds',
  },
  {
    id: 'absent-shown-as-null',
    fault: 'Shows `cancelRequestedAt` as null in a task without it.',
    check: 'no-member-is-null',
    collateral: ['every-body-matches-its-schema', 'retry-clears-the-marks-of-the-end'],
  },
  {
    id: 'queue-header-twice',
    fault: 'Sends `Dispatchr-Queue` twice.',
    check: 'every-delivery-has-its-headers',
    collateral: ['delivery-names-its-queue'],
  },
  {
    id: 'host-twice',
    fault: 'Sends `Host` twice.',
    check: 'every-delivery-is-framed',
    collateral: [
      'delivery-is-http-1-1-with-host-and-length',
      'every-delivery-has-its-headers',
      'target-is-delivered-to-as-the-url-standard-parses-it',
    ],
  },
] as const satisfies readonly Mutant[];
