import type { Mutant } from '../mutant.ts';

/** Faults in telling whether two submits are one task. */
export const IDENTITY_MUTANTS = [
  {
    id: 'key-replay-duplicates',
    fault: 'Records another task for an `Idempotency-Key` that was used.',
    check: 'key-replay-answers-the-first-task',
    collateral: ['key-*', 'race-of-one-key-*'],
  },
  {
    id: 'id-replay-delivers-again',
    fault: 'Delivers a task again whose submit is repeated.',
    check: 'id-replay-is-not-delivered-again',
    collateral: [
      'whole-run-tasks-follow-the-state-table',
      'whole-run-no-delivery-after-a-2xx',
      'id-of-a-terminal-task-is-taken',
    ],
  },
  {
    id: 'id-with-new-content-accepted',
    fault: 'Answers 200 for an `id` that exists with other content.',
    check: 'id-with-other-content-is-refused',
    collateral: [
      'id-*',
      'identity-*',
      'race-of-other-contents-*',
      'batch-conflict-*',
      'batch-with-a-conflict-*',
      'concurrent-batches-with-other-content-*',
      'what-was-refused-is-not-delivered',
    ],
  },
  {
    id: 'key-with-new-content-accepted',
    fault: 'Answers 200 for a key that was used with other content.',
    check: 'key-with-other-content-is-refused',
  },
  {
    id: 'member-order-matters',
    fault: 'Takes another order of members for other content.',
    check: 'identity-ignores-member-order',
    collateral: [
      'identity-holds-for-any-spelling',
      'identity-is-the-same-in-a-batch',
      'key-ignores-spelling-of-content',
    ],
  },
  {
    id: 'number-spelling-ignored',
    fault: 'Takes `1` and `1.0` for the same content.',
    check: 'identity-compares-numbers-by-text',
    collateral: ['identity-differs-in-a-batch-as-alone'],
  },
  {
    id: 'escapes-matter',
    fault: 'Takes `"a"` and `"\\u0061"` for different contents.',
    check: 'identity-compares-strings-by-value',
    collateral: [
      'identity-holds-for-any-spelling',
      'identity-is-the-same-in-a-batch',
      'key-ignores-spelling-of-content',
    ],
  },
  {
    id: 'white-space-matters',
    fault: 'Counts the white space of a submission as content.',
    check: 'identity-ignores-white-space',
    collateral: [
      'identity-holds-for-any-spelling',
      'identity-is-the-same-in-a-batch',
      'key-ignores-spelling-of-content',
    ],
  },
  {
    id: 'space-before-colon-matters',
    fault: 'Counts the white space before a colon as content.',
    check: 'identity-holds-for-any-spelling',
    collateral: ['identity-is-the-same-in-a-batch'],
  },
  {
    id: 'content-cut-short',
    fault: 'Compares the first 300 characters of the content only.',
    check: 'identity-holds-for-any-change',
  },
  {
    id: 'strings-normalised',
    fault: 'Normalises strings to NFC before it compares contents.',
    check: 'identity-normalises-no-strings',
  },
  {
    id: 'nulls-not-in-content',
    fault: 'Leaves members that are null out of the content.',
    check: 'identity-sees-every-difference',
    collateral: ['identity-counts-a-given-default'],
  },
  {
    id: 'proto-not-in-content',
    fault: 'Leaves members named `__proto__` out of the content.',
    check: 'identity-sees-members-named-proto',
  },
  {
    id: 'defaults-not-in-content',
    fault: 'Leaves a member that is given with its default out of the content.',
    check: 'identity-counts-a-given-default',
  },
  {
    id: 'headers-in-content',
    fault: 'Counts a request header as content.',
    check: 'identity-ignores-clock-and-headers',
  },
  {
    id: 'replay-shows-first-answer',
    fault: 'Answers a repeated submit with the task as it was at first.',
    check: 'id-replay-answers-the-task-as-it-is',
    collateral: ['id-*', 'key-of-a-terminal-task-is-remembered', 'whole-run-tasks-follow-the-state-table'],
  },
  {
    id: 'ids-unique-per-queue',
    fault: 'Records a task of another queue with an `id` that exists.',
    check: 'id-is-unique-in-all-queues',
  },
  {
    id: 'generated-id-accepted',
    fault: 'Answers 200 for an `id` that it generated for another task.',
    check: 'id-of-a-generated-one-cannot-be-submitted',
  },
  {
    id: 'keyed-generated-id-accepted',
    fault: 'Answers 200 for an `id` that it generated for a task with a key.',
    check: 'id-generated-for-a-keyed-task-cannot-be-submitted',
  },
  {
    id: 'ids-case-folded',
    fault: 'Takes ids that differ in case only for the same.',
    check: 'id-is-compared-by-code-unit',
  },
  {
    id: 'keys-case-folded',
    fault: 'Takes keys that differ in case only for the same.',
    check: 'key-is-compared-by-code-unit',
  },
  {
    id: 'same-content-deduplicated',
    fault: 'Takes a submit without `id` for a repetition of one with the same content.',
    check: 'id-left-out-records-a-new-task',
    collateral: ['a-body-may-be-as-large-as-declared', 'any-task-args-*'],
  },
  {
    id: 'running-ids-forgotten',
    fault: 'Forgets the `id` of a task while it runs.',
    check: 'id-of-a-running-task-is-taken',
  },
  {
    id: 'terminal-ids-forgotten',
    fault: 'Forgets the `id` of a task that is completed or failed.',
    check: 'id-of-a-terminal-task-is-taken',
    collateral: ['id-replay-is-not-delivered-again', 'whole-run-tasks-follow-the-state-table'],
  },
  {
    id: 'cancelled-ids-forgotten',
    fault: 'Forgets the `id` of a task that is cancelled.',
    check: 'id-of-a-cancelled-task-is-taken',
    collateral: ['id-replay-answers-the-task-as-it-is', 'whole-run-tasks-follow-the-state-table'],
  },
  {
    id: 'retry-answers-another-id',
    fault: 'Answers a retry of the operator with another `id` than the task has.',
    check: 'id-stays-the-same-for-life',
  },
  {
    id: 'terminal-keys-forgotten',
    fault: 'Forgets the key of a task that is terminal.',
    check: 'key-of-a-terminal-task-is-remembered',
  },
  {
    id: 'key-compares-bytes',
    fault: 'Compares the bytes of a submit with a key instead of its content.',
    check: 'key-ignores-spelling-of-content',
  },
  {
    id: 'id-and-key-mixed-up',
    fault: 'Takes an `Idempotency-Key` for an `id` of the same text.',
    check: 'key-and-id-of-one-text-are-apart',
  },
  {
    id: 'batch-content-apart',
    fault: 'Takes a task of a batch for other content than the same task alone.',
    check: 'identity-is-the-same-in-a-batch',
    collateral: ['batch-lists-its-tasks-in-order'],
  },
  {
    id: 'batch-conflict-ignored',
    fault: 'Answers a batch with an `id` that exists with other content as if it were the same.',
    check: 'identity-differs-in-a-batch-as-alone',
    collateral: ['batch-conflict-*', 'batch-with-a-conflict-*', 'concurrent-batches-with-other-content-*'],
  },
  {
    id: 'concurrent-submits-race',
    fault: 'Answers 201 to each of several submits of one id at the same time.',
    check: 'race-of-one-id-records-one-task',
    collateral: ['race-*', 'concurrent-batches-*'],
  },
  {
    id: 'concurrent-keys-race',
    fault: 'Answers 201 to each of several submits with one key at the same time.',
    check: 'race-of-one-key-records-one-task',
  },
  {
    id: 'race-loser-not-compared',
    fault: 'Answers 200 to a submit that lost a race for its `id`, whatever its content.',
    check: 'race-of-other-contents-records-one-task',
  },
  {
    id: 'opposite-batches-deadlock',
    fault: 'Fails one of two batches that have the same ids in opposite orders.',
    check: 'race-of-batches-records-each-task-once',
    collateral: ['concurrent-batches-*'],
  },
] as const satisfies readonly Mutant[];
