import type { Mutant } from '../mutant.ts';

/** Faults in queues and flow keys. */
export const FLOW_CONTROL_MUTANTS = [
  {
    id: 'undeclared-queues-served',
    fault: 'Serves the operations on queues although it does not declare them.',
    check: 'undeclared-queues-is-refused',
  },
  {
    id: 'undeclared-flow-keys-served',
    fault: 'Serves the operations on flow keys although it does not declare them.',
    check: 'undeclared-flow-keys-is-refused',
  },
  {
    id: 'name-pages-skip',
    fault: 'Skips the first name of every page but the first.',
    check: 'a-list-of-queues-is-cut-into-pages',
    collateral: ['targets-are-listed-by-origin', 'queues-are-listed-by-name', 'schedules-are-listed-by-name'],
  },
  {
    id: 'rate-saved-up',
    fault: 'Lets a queue that was idle start all that its rate would have allowed by then.',
    check: 'a-rate-is-not-saved-up',
  },
  {
    id: 'half-the-rate',
    fault: 'Lets a queue have half of its rate.',
    check: 'a-queue-gets-what-its-rate-allows',
    collateral: [
      'a-queue-keeps-its-rate',
      'a-rate-is-not-saved-up',
      'a-flow-key-keeps-its-rate',
      'waiting-shows-the-rate-of-a-*',
    ],
  },
  {
    id: 'resumed-late',
    fault: 'Resumes a queue two seconds after it says so.',
    check: 'a-resumed-queue-is-delivered-soon',
    collateral: ['a-second-pause-changes-nothing', 'a-paused-queue-is-not-delivered'],
  },
  {
    id: 'one-weight-for-all',
    fault: 'Gives every queue the default weight 3.',
    check: 'the-usual-queues-have-weights-of-their-own',
  },
  {
    id: 'delete-keeps-flow-limits',
    fault: 'Keeps the limits of the flow keys of a queue that is deleted.',
    check: 'delete-forgets-the-limits-of-flow-keys',
  },
  {
    id: 'purge-counts-running',
    fault: 'Counts running tasks among those that a purge cancelled.',
    check: 'what-runs-is-counted-and-not-purged',
  },
  {
    id: 'running-not-counted',
    fault: 'Shows no task of a queue as running.',
    check: 'what-runs-is-counted-and-not-purged',
  },
  {
    id: 'usual-queues-not-listed',
    fault: 'Leaves `critical`, `default` and `low` out of the list of queues.',
    check: 'queues-are-listed-by-name',
  },
  {
    id: 'unknown-queue-200',
    fault: 'Answers a queue that nobody knows with 200.',
    check: 'an-unknown-queue-is-404',
    collateral: ['delete-forgets-the-settings-of-a-queue'],
  },
  {
    id: 'only-due-counted',
    fault: 'Counts only the due tasks as pending.',
    check: 'a-queue-counts-its-tasks',
    collateral: ['flow-keys-are-listed'],
  },
  {
    id: 'oldest-is-the-newest',
    fault: 'Shows the latest `dueAt` as the oldest.',
    check: 'a-queue-counts-its-tasks',
  },
  {
    id: 'purge-leaves-delayed',
    fault: 'Leaves tasks that are not due when a queue is purged.',
    check: 'purge-cancels-what-is-pending',
    collateral: ['purge-can-count-only'],
  },
  {
    id: 'dry-run-cancels',
    fault: 'Cancels tasks at a purge that is to count only.',
    check: 'purge-can-count-only',
  },
  {
    id: 'delete-keeps-settings',
    fault: 'Keeps the settings of a queue that is deleted.',
    check: 'delete-forgets-the-settings-of-a-queue',
  },
  {
    id: 'queue-in-use-deleted',
    fault: 'Deletes the settings of a queue with unfinished tasks.',
    check: 'a-queue-with-tasks-is-not-deleted',
  },
  {
    id: 'put-replaces-settings',
    fault: 'Forgets the settings that a put does not name.',
    check: 'put-changes-what-it-names',
    collateral: ['a-rate-is-not-saved-up', 'flow-keys-are-served-in-turn', 'waiting-*'],
  },
  {
    id: 'null-keeps-the-setting',
    fault: 'Keeps a setting that is put as null.',
    check: 'null-brings-the-default-back',
  },
  {
    id: 'refused-put-kept',
    fault: 'Keeps the valid part of a put that it refuses.',
    check: 'a-put-that-is-not-valid-changes-nothing',
  },
  {
    id: 'queue-settings-lost-at-restart',
    fault: 'Keeps the settings of queues in memory only.',
    check: 'settings-of-a-queue-survive-a-restart',
  },
  {
    id: 'queue-defaults-ignored',
    fault: "Does not give a queue's defaults to its tasks.",
    check: 'a-queue-gives-defaults-to-its-tasks',
  },
  {
    id: 'pause-ignored',
    fault: 'Delivers what is in a paused queue.',
    check: 'a-paused-queue-is-not-delivered',
    collateral: [
      'a-queue-counts-its-tasks',
      'waiting-shows-a-paused-queue',
      'a-run-passes-over-a-pause',
      'flow-keys-are-served-in-turn',
    ],
  },
  {
    id: 'second-pause-409',
    fault: 'Refuses to pause a queue that is paused.',
    check: 'a-second-pause-changes-nothing',
  },
  {
    id: 'run-waits-for-resume',
    fault: 'Has a task that is run wait for its paused queue.',
    check: 'a-run-passes-over-a-pause',
  },
  {
    id: 'queue-concurrency-ignored',
    fault: 'Ignores the concurrency of a queue.',
    check: 'a-queue-keeps-its-concurrency',
    collateral: [
      'a-run-keeps-to-the-concurrency',
      'flow-keys-are-served-in-turn',
      'waiting-is-not-shown-while-running',
    ],
  },
  {
    id: 'run-passes-concurrency',
    fault: 'Runs a task past the concurrency of its queue.',
    check: 'a-run-keeps-to-the-concurrency',
  },
  {
    id: 'queue-rate-ignored',
    fault: 'Ignores the rate of a queue.',
    check: 'a-queue-keeps-its-rate',
  },
  {
    id: 'queues-drained-in-turn',
    fault: 'Delivers a few at a time, all of one queue before the next.',
    check: 'another-queue-does-not-wait',
    collateral: ['*'],
  },
  {
    id: 'flow-concurrency-ignored',
    fault: 'Ignores the concurrency of a flow key.',
    check: 'a-flow-key-keeps-its-concurrency',
  },
  {
    id: 'full-flow-key-blocks-queue',
    fault: 'Claims nothing behind a task whose flow key is full.',
    check: 'a-flow-key-keeps-its-concurrency',
    collateral: ['*'],
  },
  {
    id: 'flow-rate-ignored',
    fault: 'Ignores the rate of a flow key.',
    check: 'a-flow-key-keeps-its-rate',
  },
  {
    id: 'own-flow-limits-ignored',
    fault: "Has the queue's limits count for a flow key with its own.",
    check: 'a-flow-key-keeps-its-rate',
    collateral: [
      'a-put-of-a-flow-key-changes-what-it-names',
      'flow-keys-are-listed',
      'limits-of-a-flow-key-survive-a-restart',
    ],
  },
  {
    id: 'flow-keys-not-in-turn',
    fault: 'Serves the flow keys of a queue by the age of their tasks.',
    check: 'flow-keys-are-served-in-turn',
  },
  {
    id: 'idle-flow-keys-not-listed',
    fault: 'Leaves out flow keys that have limits and no tasks.',
    check: 'flow-keys-are-listed',
  },
  {
    id: 'flow-keys-show-the-queue',
    fault: 'Shows the counts of the queue for each flow key.',
    check: 'flow-keys-are-listed',
  },
  {
    id: 'put-replaces-flow-limits',
    fault: 'Forgets the limits of a flow key that a put does not name.',
    check: 'a-put-of-a-flow-key-changes-what-it-names',
  },
  {
    id: 'flow-limits-lost-at-restart',
    fault: 'Keeps the limits of flow keys in memory only.',
    check: 'limits-of-a-flow-key-survive-a-restart',
  },
  {
    id: 'limited-task-spends-an-attempt',
    fault: 'Spends an attempt of a task that waits for a limit.',
    check: 'a-queue-keeps-its-concurrency',
    collateral: ['*'],
  },
  {
    id: 'defaults-for-new-tasks-only',
    fault: "Gives a queue's defaults only to tasks that are submitted later.",
    check: 'a-queue-gives-defaults-to-its-tasks',
  },
  {
    id: 'queue-defaults-beat-the-task',
    fault: "Has a queue's retry policy count instead of what a task gave itself.",
    check: 'a-queue-gives-defaults-to-its-tasks',
  },
  {
    id: 'run-waits-for-rate',
    fault: 'Has a task that is run wait for the rate of its queue.',
    check: 'a-run-passes-over-a-rate',
  },
] as const satisfies readonly Mutant[];
