import type { Mutant } from '../mutant.ts';

/** Faults in pages, in the list of attempts and in what is said of the server. */
export const PAGING_MUTANTS = [
  {
    id: 'attempts-limit-ignored',
    fault: 'Puts more than `limit` attempts into a page.',
    check: 'page-of-attempts-has-at-most-limit-items',
  },
  {
    id: 'cursor-missing-before-last',
    fault: 'Gives no cursor when a single task follows.',
    check: 'page-has-a-cursor-while-more-follow',
    collateral: ['pages-*'],
  },
  {
    id: 'empty-list-404',
    fault: 'Answers a list without any task with 404.',
    check: 'page-of-an-empty-list-is-a-page',
    collateral: [
      'a-refused-request-breaks-nothing',
      'list-*',
      'delete-of-cancelled-removes-it',
      'offsets-count-in-filters',
      'instants-of-filters-*',
      'the-scheme-may-be-in-any-case',
      'every-status-is-documented',
    ],
  },
  { id: 'cursor-in-base64', fault: 'Makes cursors with `=`.', check: 'page-cursor-is-safe-in-a-query' },
  {
    id: 'limit-clamped',
    fault: 'Takes a `limit` out of bounds for the nearest that is allowed.',
    check: 'page-limit-out-of-bounds-is-refused',
    collateral: ['parameters-outside-of-their-schema-are-refused', 'what-is-beyond-the-limits-is-refused'],
  },
  {
    id: 'largest-limit-refused',
    fault: 'Refuses a `limit` of `limits.maxPageSize`.',
    check: 'page-limit-within-bounds-is-accepted',
    collateral: ['what-the-limits-allow-is-accepted'],
  },
  { id: 'default-limit-100', fault: 'Takes a missing `limit` as 100.', check: 'page-limit-left-out-is-50' },
  {
    id: 'cursor-is-an-offset',
    fault: 'Counts the tasks that were listed instead of remembering the last one.',
    check: 'pages-stand-while-tasks-are-inserted',
    collateral: ['pages-stand-*'],
  },
  {
    id: 'cursor-needs-its-task',
    fault: 'Ends a list when the last task of the page before was deleted.',
    check: 'pages-stand-while-tasks-are-deleted',
  },
  {
    id: 'cursor-needs-its-filter',
    fault: 'Ends a list when the last task of the page before no longer matches.',
    check: 'pages-stand-while-tasks-leave-the-filter',
    collateral: ['pages-stand-while-tasks-are-deleted'],
  },
  {
    id: 'cursor-by-created-at',
    fault: 'Begins a page after the instant of the last task of the page before.',
    check: 'pages-tell-tasks-of-one-instant-apart',
    collateral: ['pages-*', 'page-has-a-cursor-*', 'list-*'],
  },
  {
    id: 'filters-forgotten-after-first-page',
    fault: 'Keeps the filter `queue` alone after the first page.',
    check: 'pages-keep-the-filters',
    collateral: ['pages-stand-while-tasks-leave-the-filter'],
  },
  {
    id: 'attempts-page-skips',
    fault: 'Leaves out an attempt at the beginning of every page but the first.',
    check: 'pages-of-attempts-hold-every-one-once',
  },
  {
    id: 'attempts-before-first-404',
    fault: 'Answers the attempts of a task that was never claimed with 404.',
    check: 'attempts-of-a-task-before-its-first-are-none',
    collateral: [
      'get-*',
      'page-*',
      'submitted-task-is-pending-without-attempts',
      'batch-is-an-id-like-any-other',
      'what-needs-no-feature-is-accepted',
    ],
  },
  {
    id: 'attempt-in-flight-listed',
    fault: 'Lists the attempt that is in flight.',
    check: 'attempts-in-flight-are-not-listed',
    collateral: ['claim-makes-a-task-running'],
  },
  {
    id: 'released-not-listed',
    fault: 'Does not list attempts that were released.',
    check: 'attempts-that-a-stop-broke-off-are-listed',
    collateral: ['released-task-is-pending-and-due-at-once', 'stop-releases-what-it-breaks-off'],
  },
  {
    id: 'error-code-beside-status',
    fault: 'Shows an error code beside the status of an answer.',
    check: 'attempt-shows-the-status-that-decided',
  },
  {
    id: 'reset-shown-as-502',
    fault: 'Shows the status 502 for an attempt whose connection was reset.',
    check: 'attempt-without-an-answer-shows-an-error-code',
    collateral: ['connection-that-breaks-*'],
  },
  {
    id: 'response-body-whole',
    fault: 'Shows the body of an answer as far as it read it.',
    check: 'response-body-is-cut-when-it-is-long',
    collateral: ['response-body-is-*', 'every-body-matches-its-schema'],
  },
  {
    id: 'response-body-cut-in-a-character',
    fault: 'Cuts a long body within a character.',
    check: 'response-body-is-cut-between-characters',
  },
  {
    id: 'response-body-counted-before-repair',
    fault: 'Counts the bytes of a body before those that are no UTF-8 are replaced.',
    check: 'response-body-is-counted-after-repair',
  },
  {
    id: 'response-body-nul-kept',
    fault: 'Shows U+0000 of a body as it came.',
    check: 'response-body-is-repaired',
  },
  {
    id: 'empty-response-body-shown',
    fault: 'Shows an empty `responseBody` where the answer had none.',
    check: 'response-body-is-absent-without-a-body',
  },
  {
    id: 'response-body-of-2xx-shown',
    fault: 'Shows the body of an answer 2xx.',
    check: 'response-body-of-a-completed-attempt-is-not-shown',
  },
  {
    id: 'response-body-with-chunk-sizes',
    fault: 'Shows the framing of a body that came in chunks.',
    check: 'response-body-is-read-from-chunks',
  },
  {
    id: 'response-body-first-part-only',
    fault: 'Shows what came of a body together with its header section.',
    check: 'response-body-that-comes-in-parts-is-shown-whole',
  },
  {
    id: 'rejection-body-awaited',
    fault: 'Waits for the end of a body before it settles.',
    check: 'response-body-that-never-ends-is-shown-so-far',
  },
  {
    id: 'broken-body-loses-text',
    fault: 'Shows nothing of a body that broke off.',
    check: 'response-body-that-breaks-off-is-shown-so-far',
  },
  {
    id: 'livez-fails',
    fault: 'Answers `/livez` with 500.',
    check: 'livez-answers-200',
    collateral: ['head-is-served-or-refused', 'probes-need-no-token'],
  },
  {
    id: 'health-503',
    fault: 'Answers `/health` with 503 while the database answers.',
    check: 'health-answers-200',
    collateral: ['probes-need-no-token'],
  },
] as const satisfies readonly Mutant[];
