import type { Mutant } from '../mutant.ts';

/** Faults in what a read and a list of tasks show. */
export const READING_MUTANTS = [
  {
    id: 'openapi-yaml-is-empty',
    fault: 'Serves an empty document as `/openapi.yaml`.',
    check: 'openapi-document-is-served',
  },
  {
    id: 'docs-from-elsewhere',
    fault: 'Serves a page at `/docs` that loads a script from another origin.',
    check: 'docs-load-nothing-from-elsewhere',
  },
  {
    id: 'headers-not-shown',
    fault: 'Does not show the `headers` of a task.',
    check: 'get-shows-every-member-given',
    collateral: ['header-values-of-latin-1-are-kept', 'proto-may-be-a-header', 'task-is-whole-after-a-kill'],
  },
  {
    id: 'request-shown-as-post',
    fault: 'Shows every `request` with the method POST.',
    check: 'get-shows-request-as-given',
  },
  {
    id: 'key-shown-as-sent',
    fault: 'Shows `idempotencyKey` with its quotes and escapes.',
    check: 'get-shows-the-key-itself',
  },
  {
    id: 'attempts-of-unknown-empty',
    fault: 'Answers the attempts of an id that no task has with an empty list.',
    check: 'get-attempts-answers-404-for-an-unknown-id',
    collateral: ['delete-of-*', 'paths-without-an-id-are-404'],
  },
  {
    id: 'path-id-decoded-in-part',
    fault: 'Decodes only `%3A` in the id of a path.',
    check: 'get-decodes-the-id-in-the-path',
  },
  {
    id: 'flow-key-index-lags',
    fault: 'Finds a task by its flow key 200 ms after its submit only.',
    check: 'get-finds-a-task-as-soon-as-it-is-answered',
    collateral: ['list-filter*', 'pages-keep-the-filters', 'flow-keys-are-labels-at-least'],
  },
  {
    id: 'args-unescaped',
    fault: 'Writes letters of `taskArgs` that were escaped as themselves.',
    check: 'spelling-of-task-args-is-kept',
    collateral: ['get-keeps-any-task-args', 'any-task-args-*'],
  },
  {
    id: 'falsy-args-lost',
    fault: 'Takes `taskArgs` of 0, false and "" for none.',
    check: 'task-args-may-be-any-value',
    collateral: [
      'get-keeps-any-task-args',
      'any-task-args-*',
      'batch-keeps-each-task',
      'concurrent-batches-*',
    ],
  },
  {
    id: 'empty-names-renamed',
    fault: 'Renames members of `taskArgs` whose name is empty.',
    check: 'get-keeps-any-task-args',
    collateral: ['order-of-members-is-kept', 'task-args-may-be-any-value'],
  },
  {
    id: 'created-after-exclusive',
    fault: 'Excludes the instant of `createdAfter`.',
    check: 'list-filters-by-created-after-and-before',
    collateral: ['list-filters-are-joined-by-and', 'offsets-count-in-filters'],
  },
  {
    id: 'created-before-inclusive',
    fault: 'Includes the instant of `createdBefore`.',
    check: 'list-filters-by-created-after-and-before',
    collateral: ['list-filters-are-joined-by-and', 'offsets-count-in-filters'],
  },
  {
    id: 'queue-filter-by-prefix',
    fault: 'Lists the tasks of every queue whose name begins with the filter.',
    check: 'list-filter-queue-compares-whole',
  },
  {
    id: 'flow-key-filter-ignores-case',
    fault: 'Ignores the case of the filter `flowKey`.',
    check: 'list-filter-flow-key-compares-whole',
  },
  {
    id: 'task-name-filter-is-a-pattern',
    fault: 'Takes `_` and `%` in the filter `taskName` for a pattern.',
    check: 'list-filter-task-name-compares-whole',
  },
  {
    id: 'target-filter-by-prefix',
    fault: 'Lists every task whose target begins with the filter `target`.',
    check: 'list-filter-target-compares-whole',
    collateral: ['list-filters-are-joined-by-and'],
  },
  {
    id: 'filters-beyond-two-ignored',
    fault: 'Ignores all but the first two filters.',
    check: 'list-filters-are-joined-by-and',
  },
  {
    id: 'cancelled-listed-as-failed',
    fault: 'Lists cancelled tasks with the filter `state=failed`.',
    check: 'list-filter-state-of-parked-tasks',
  },
  {
    id: 'running-not-listed',
    fault: 'Lists no running task with the filter `state=running`.',
    check: 'list-filter-state-of-delivered-tasks',
  },
  {
    id: 'default-flow-key-not-found',
    fault: 'Does not find a task by a flow key that it was given by default.',
    check: 'list-filters-by-the-flow-key-that-is-shown',
  },
  {
    id: 'target-filter-normalised',
    fault: 'Compares the filter `target` with targets as URLs.',
    check: 'list-filters-by-the-target-that-is-shown',
  },
  {
    id: 'listed-by-due-at',
    fault: 'Lists the task that is due last first.',
    check: 'list-has-the-newest-first',
  },
] as const satisfies readonly Mutant[];
