import type { Mutant } from '../mutant.ts';
import { SUBMIT_BATCH_MUTANTS } from './submit-batch.ts';
import { SUBMIT_MEMBERS_MUTANTS } from './submit-members.ts';
import { SUBMIT_TARGET_MUTANTS } from './submit-target.ts';

/** Faults in what a submit and discovery answer and accept. */
export const SUBMIT_MUTANTS = [
  {
    id: 'created-answers-200',
    fault: 'Answers a submit that records a task with 200.',
    check: 'submit-answers-201-with-location',
    collateral: ['*'],
  },
  {
    id: 'ack-before-commit',
    fault: 'Answers a second before anything is durable.',
    check: 'acknowledged-tasks-survive-a-kill',
    collateral: [
      'released-task-is-pending-and-due-at-once',
      'task-is-whole-after-a-kill',
      'killed-batch-is-whole-or-absent',
      'completed-task-survives-a-kill',
      'pause-survives-a-kill',
      'task-in-flight-at-a-kill-is-delivered-again',
      'stop-*',
    ],
  },
  {
    id: 'location-wrong',
    fault: 'Answers a submit with a Location at which nothing is.',
    check: 'submit-answers-201-with-location',
    collateral: ['repeated-submit-answers-200-with-location'],
  },
  {
    id: 'location-missing',
    fault: 'Answers a submit without Location.',
    check: 'submit-answers-201-with-location',
    collateral: ['repeated-submit-answers-200-with-location', 'every-response-has-its-headers'],
  },
  {
    id: 'replay-without-location',
    fault: 'Answers a submit that is repeated without Location.',
    check: 'repeated-submit-answers-200-with-location',
    collateral: ['every-response-has-its-headers'],
  },
  {
    id: 'defaults-not-resolved',
    fault: 'Leaves `timeoutMs` and `queue` out of the summary if they were.',
    check: 'submit-resolves-defaults',
    collateral: ['every-body-matches-its-schema'],
  },
  {
    id: 'partial-retry-not-filled-in',
    fault: 'Takes `jitter` as 0 if a retry policy leaves it out.',
    check: 'submit-fills-in-a-partial-retry-policy',
    collateral: ['retry-defaults-are-shown'],
  },
  {
    id: 'flow-key-is-the-host',
    fault: 'Takes the host of the target, without its scheme, as the default of `flowKey`.',
    check: 'flow-key-is-the-origin-by-default',
  },
  {
    id: 'ids-repeat-under-load',
    fault: 'Makes the same id again when it makes more than eight in a millisecond.',
    check: 'generated-ids-are-unique',
    collateral: [
      'batch-keeps-each-task',
      'pages-tell-tasks-of-one-instant-apart',
      'higher-priority-is-claimed-first',
      'earlier-due-at-is-claimed-first',
    ],
  },
  { id: 'ids-random', fault: 'Makes ids that do not sort by time.', check: 'generated-ids-sort-by-time' },
  {
    id: 'refused-task-recorded',
    fault: 'Records a task before it judges the target, and leaves it there when it refuses it.',
    check: 'refused-submit-records-nothing',
    collateral: ['requests-are-judged-in-order'],
  },
  {
    id: 'refused-key-used-up',
    fault: 'Remembers the `Idempotency-Key` of a submit whose target it refuses.',
    check: 'refused-submit-leaves-its-key-free',
  },
  {
    id: 'unquoted-key-accepted',
    fault: 'Takes an `Idempotency-Key` that is no quoted string as it stands.',
    check: 'malformed-idempotency-key-is-refused',
    collateral: ['headers-are-named-as-parameters'],
  },
  {
    id: 'key-counted-with-escapes',
    fault: 'Counts the escapes of an `Idempotency-Key` as characters of it.',
    check: 'idempotency-key-of-any-printable-text-is-accepted',
  },
  {
    id: 'id-beside-key-accepted',
    fault: 'Accepts an `Idempotency-Key` beside an `id`.',
    check: 'id-beside-idempotency-key-is-refused',
  },
  {
    id: 'other-preferences-refused',
    fault: 'Refuses a submit with a preference that it does not know.',
    check: 'other-preferences-are-ignored',
    collateral: ['identity-ignores-clock-and-headers', 'what-needs-no-feature-is-accepted'],
  },
  {
    id: 'wait-declared-not-served',
    fault: 'Declares the feature `wait` and answers at once.',
    check: 'wait-answers-when-the-task-is-terminal',
    collateral: ['wait-*'],
  },
  {
    id: 'wait-answers-after-its-time',
    fault: 'Answers a submit that waits only when all of its time is over.',
    check: 'wait-answers-when-the-task-is-terminal',
    collateral: ['wait-*'],
  },
  {
    id: 'failure-ends-no-wait',
    fault: 'Goes on waiting when the task has failed.',
    check: 'wait-answers-when-the-task-has-failed',
  },
  {
    id: 'wait-in-milliseconds',
    fault: 'Takes the N of `wait=N` as milliseconds.',
    check: 'wait-ends-after-its-seconds',
    collateral: ['wait-*'],
  },
  {
    id: 'wait-cap-tripled',
    fault: 'Waits three times as long as `limits.maxWaitMs`.',
    check: 'wait-is-capped',
  },
  {
    id: 'undeclared-wait-ignored',
    fault: 'Does not declare the feature `wait`, and ignores `Prefer: wait`.',
    check: 'undeclared-wait-is-refused',
    collateral: ['refused-submit-records-nothing'],
  },
  {
    id: 'tracestate-lost',
    fault: 'Keeps `traceparent` alone.',
    check: 'trace-headers-are-kept',
    collateral: [
      'trace-context-is-sent',
      'own-trace-header-counts-for-itself',
      'trace-context-of-a-batch-is-sent',
    ],
  },
  {
    id: 'malformed-trace-kept',
    fault: 'Keeps a `traceparent` that is malformed.',
    check: 'malformed-trace-headers-are-dropped',
    collateral: ['no-trace-context-is-made-up'],
  },
  {
    id: 'lone-tracestate-kept',
    fault: 'Keeps a `tracestate` that came without `traceparent`.',
    check: 'tracestate-alone-is-dropped',
    collateral: ['no-trace-context-is-made-up'],
  },
  ...SUBMIT_MEMBERS_MUTANTS,
  ...SUBMIT_BATCH_MUTANTS,
  ...SUBMIT_TARGET_MUTANTS,
] as const satisfies readonly Mutant[];
