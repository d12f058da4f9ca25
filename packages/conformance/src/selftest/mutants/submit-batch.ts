import type { Mutant } from '../mutant.ts';

/** Faults in batches. */
export const SUBMIT_BATCH_MUTANTS = [
  {
    id: 'batch-half-stored',
    fault: 'Records the tasks of a refused batch that come before the conflict.',
    check: 'batch-with-a-conflict-records-nothing',
  },
  {
    id: 'batch-valid-part-recorded',
    fault: 'Records the first task of a batch that has a target that nobody may reach.',
    check: 'batch-with-an-invalid-task-records-nothing',
  },
  {
    id: 'batch-order-reversed',
    fault: 'Answers the tasks of a batch in the reverse order.',
    check: 'batch-lists-its-tasks-in-order',
    collateral: ['batch-keeps-each-task', 'identity-is-the-same-in-a-batch'],
  },
  {
    id: 'batch-keeps-first-args',
    fault: 'Records every task of a batch with the arguments of the first.',
    check: 'batch-keeps-each-task',
  },
  {
    id: 'batch-201-only-if-all-new',
    fault: 'Answers a batch with 200 unless all of its tasks are new.',
    check: 'batch-of-one-new-task-answers-201',
    collateral: ['batch-lists-its-tasks-in-order', 'identity-is-the-same-in-a-batch'],
  },
  {
    id: 'repeated-batch-answers-201',
    fault: 'Answers a batch of which no task is new with 201.',
    check: 'repeated-batch-answers-200',
    collateral: ['concurrent-batches-with-the-same-content-agree'],
  },
  {
    id: 'batch-conflict-without-place',
    fault: 'Reports the conflict of a batch at `/id`.',
    check: 'batch-conflict-points-at-the-id',
    collateral: ['batch-with-a-conflict-records-nothing', 'identity-differs-in-a-batch-as-alone'],
  },
  {
    id: 'batch-repeated-id-accepted',
    fault: 'Accepts a batch that has one id twice.',
    check: 'batch-with-an-id-twice-is-refused',
  },
  {
    id: 'batch-counted-from-1',
    fault: 'Counts the tasks of a batch from 1 in pointers.',
    check: 'batch-problems-point-into-the-task',
    collateral: [
      'batch-conflict-points-at-the-id',
      'batch-with-an-id-twice-is-refused',
      'batch-with-a-conflict-*',
      'identity-differs-in-a-batch-as-alone',
      'unknown-members-of-a-batch-are-refused',
    ],
  },
  {
    id: 'empty-batch-accepted',
    fault: 'Accepts a batch of no tasks.',
    check: 'batch-of-no-tasks-is-refused',
  },
  {
    id: 'batch-limit-ignored',
    fault: 'Accepts a batch of more than `limits.maxBatchTasks`.',
    check: 'batch-of-too-many-tasks-is-refused',
    collateral: ['a-batch-may-have-as-many-tasks-as-declared'],
  },
  {
    id: 'batch-key-ignored',
    fault: 'Ignores the `Idempotency-Key` of a batch.',
    check: 'batch-with-idempotency-key-is-refused',
  },
  {
    id: 'batch-wait-ignored',
    fault: 'Ignores `Prefer: wait` of a batch.',
    check: 'wait-of-a-batch-is-refused',
  },
  {
    id: 'undeclared-batch-wait-ignored',
    fault: 'Ignores `Prefer: wait` of a batch, without declaring the feature `wait`.',
    check: 'undeclared-wait-of-a-batch-is-refused',
  },
  {
    id: 'batch-conflicts-judged-early',
    fault: 'Looks for conflicts of a batch, and records it a while later without looking again.',
    check: 'concurrent-batches-with-other-content-exclude-each-other',
    collateral: ['concurrent-batches-with-the-same-content-agree', 'race-of-batches-records-each-task-once'],
  },
  {
    id: 'concurrent-batches-fail',
    fault: 'Answers a batch with 500 while another one records the same ids.',
    check: 'concurrent-batches-with-the-same-content-agree',
    collateral: [
      'concurrent-batches-with-other-content-exclude-each-other',
      'race-of-batches-records-each-task-once',
    ],
  },
  {
    id: 'batch-recorded-in-parts',
    fault: 'Records a batch in two steps.',
    check: 'batch-appears-as-a-whole',
    collateral: [
      'concurrent-batches-*',
      'killed-batch-is-whole-or-absent',
      'higher-priority-is-claimed-first',
      'earlier-due-at-is-claimed-first',
    ],
  },
  {
    id: 'batch-written-in-parts',
    fault: 'Writes a batch to the disk in two steps.',
    check: 'killed-batch-is-whole-or-absent',
  },
] as const satisfies readonly Mutant[];
