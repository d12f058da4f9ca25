import type { Mutant } from '../mutant.ts';

/** Faults in reading tasks and in operating them. */
export const OPERATIONS_MUTANTS = [
  {
    id: 'unknown-id-200',
    fault: 'Answers 200 for an id that no task has.',
    check: 'get-answers-404-for-an-unknown-id',
    collateral: [
      'refused-submit-records-nothing',
      'batch-*',
      'wait-of-a-batch-is-refused',
      'delete-of-cancelled-removes-it',
      'paths-without-an-id-are-404',
      'a-token-is-asked-for',
      'every-body-matches-its-schema',
    ],
  },
  {
    id: 'page-repeats',
    fault: 'Begins a page with the last item of the page before.',
    check: 'pages-hold-every-task-once',
    collateral: ['page*', 'list-*'],
  },
  {
    id: 'page-skips',
    fault: 'Leaves out the first item of every page but the first.',
    check: 'pages-hold-every-task-once',
    collateral: ['page*', 'list-*'],
  },
  {
    id: 'limit-ignored',
    fault: 'Puts more than `limit` items into a page.',
    check: 'page-has-at-most-limit-items',
    collateral: ['page-limit-left-out-is-50'],
  },
  {
    id: 'foreign-cursor-accepted',
    fault: 'Answers a cursor that it did not make with the first page.',
    check: 'page-with-a-foreign-cursor-is-refused',
  },
  {
    id: 'filter-ignored',
    fault: 'Ignores the filter `queue`.',
    check: 'list-filter-queue-compares-whole',
    collateral: [
      'list-*',
      'page*',
      'race-*',
      'key-*',
      'id-stays-*',
      'delete-of-cancelled-removes-it',
      'a-get-with-a-body-*',
      'offsets-count-in-filters',
    ],
  },
  {
    id: 'oldest-first',
    fault: 'Lists the oldest task first.',
    check: 'list-has-the-newest-first',
    collateral: ['page*'],
  },
  { id: 'list-shows-content', fault: 'Shows `taskArgs` in lists.', check: 'list-shows-no-content' },
  {
    id: 'attempts-newest-first',
    fault: 'Lists the attempts of a task newest first.',
    check: 'attempts-are-listed-oldest-first',
    collateral: ['attempt*', 'pages-of-attempts-*', 'response-body-is-shown-*'],
  },
  {
    id: 'response-body-lost',
    fault: 'Does not show the body of an answer that is not 2xx.',
    check: 'response-body-is-shown-for-every-status',
    collateral: ['response-body-*'],
  },
] as const satisfies readonly Mutant[];
