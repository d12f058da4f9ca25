import type { Mutant } from '../mutant.ts';

/** Faults in leases, in a stop, and in what a kill leaves behind. */
export const DURABILITY_MUTANTS = [
  {
    id: 'lease-of-two-seconds',
    fault: 'Takes an attempt for lost after less than two seconds, although it is in flight.',
    check: 'attempt-in-flight-is-not-started-again',
    collateral: [
      'attempt-outlasts-its-first-lease',
      'not-delivered-while-an-attempt-is-in-flight',
      'attempt-in-flight-outlives-its-expiry',
      'max-duration-spans-attempts',
      'ticks-do-not-overlap-a-running-task',
    ],
  },
  {
    id: 'lost-lease-keeps-due-at',
    fault: 'Shows the old `dueAt` of a task whose attempt was lost.',
    check: 'first-loss-costs-no-pause',
  },
  {
    id: 'lease-not-renewed',
    fault: 'Does not renew leases, so that an attempt which outlasts its lease is delivered again.',
    check: 'attempt-outlasts-its-first-lease',
  },
  {
    id: 'conflicting-task-delivered',
    fault: 'Delivers a task that it refused as conflicting.',
    check: 'what-was-refused-is-not-delivered',
  },
  {
    id: 'rejected-task-pruned-early',
    fault: 'Forgets a rejected task after less than a second.',
    check: 'finished-task-is-kept',
    collateral: ['terminal-task-stays-as-it-is'],
  },
  {
    id: 'headers-lost-on-kill',
    fault: 'Keeps the `headers` of a task in memory only.',
    check: 'task-is-whole-after-a-kill',
  },
  {
    id: 'cancel-undone-by-kill',
    fault: 'Keeps a cancel in memory only.',
    check: 'operations-survive-a-kill',
    collateral: ['whole-run-tasks-follow-the-state-table'],
  },
  {
    id: 'completed-undone-by-kill',
    fault: 'Keeps it in memory only that a task is completed.',
    check: 'completed-task-survives-a-kill',
    collateral: ['stop-leaves-time-to-attempts-in-flight', 'whole-run-tasks-follow-the-state-table'],
  },
  {
    id: 'pauses-forgotten-at-start',
    fault: 'Makes every task that waits for its next try due when it starts.',
    check: 'pause-survives-a-kill',
    collateral: ['stop-releases-what-it-breaks-off', 'released-task-is-pending-and-due-at-once'],
  },
  {
    id: 'first-loss-waits',
    fault: 'Makes a task wait for a pause after its first lost attempt.',
    check: 'first-loss-costs-no-pause',
    collateral: ['second-loss-in-a-row-costs-a-pause'],
  },
  {
    id: 'lost-attempt-without-length',
    fault: 'Shows a `durationMs` of 0 for an attempt that was lost.',
    check: 'first-loss-costs-no-pause',
  },
  {
    id: 'loss-never-waits',
    fault: 'Makes a task due at once however often its attempts are lost.',
    check: 'second-loss-in-a-row-costs-a-pause',
    collateral: ['losses-in-a-row-span-the-operators-retry'],
  },
  {
    id: 'lost-attempt-is-free',
    fault: 'Does not count an attempt that was lost.',
    check: 'lost-attempt-exhausts',
    collateral: ['second-loss-in-a-row-costs-a-pause', 'losses-in-a-row-span-the-operators-retry'],
  },
  {
    id: 'operators-retry-forgets-loss',
    fault: "Forgets at the operator's retry that the attempt before was lost.",
    check: 'losses-in-a-row-span-the-operators-retry',
  },
  {
    id: 'released-moves-due-at',
    fault: 'Moves the `dueAt` of a task that it releases.',
    check: 'stop-releases-what-it-breaks-off',
    collateral: ['released-task-is-pending-and-due-at-once'],
  },
  {
    id: 'released-can-exhaust',
    fault: 'Holds a task that it releases against `maxDurationMs`.',
    check: 'stop-releases-what-it-breaks-off',
  },
  {
    id: 'claims-while-stopping',
    fault: 'Goes on claiming tasks during its grace period.',
    check: 'stop-claims-nothing-more',
  },
  {
    id: 'no-grace',
    fault: 'Breaks attempts off at once when it is told to stop.',
    check: 'stop-leaves-time-to-attempts-in-flight',
  },
] as const satisfies readonly Mutant[];
