import type { Mutant } from '../mutant.ts';

/** Faults in the order of the reasons, and in when they are shown. */
export const WAITING_ORDER_MUTANTS = [
  {
    id: 'waiting-not-shown',
    fault: 'Does not show why a task waits.',
    check: 'waiting-shows-what-is-not-due',
    collateral: ['waiting-*'],
  },
  {
    id: 'until-not-shown',
    fault: 'Does not show until when a task waits.',
    check: 'waiting-shows-what-is-not-due',
    collateral: ['waiting-*'],
  },
  {
    id: 'always-ready',
    fault: 'Shows every pending task as ready.',
    check: 'waiting-shows-a-paused-queue',
    collateral: ['waiting-*'],
  },
  {
    id: 'waiting-while-running',
    fault: 'Shows a reason to wait for a running task.',
    check: 'waiting-is-not-shown-while-running',
    collateral: ['*'],
  },
  {
    id: 'run-shows-what-it-passes',
    fault: 'Shows what a run passes over as the reason why its task waits.',
    check: 'waiting-passes-over-what-a-run-does',
    collateral: ['waiting-*'],
  },
  {
    id: 'limits-shown-before-a-pause',
    fault: 'Shows a limit as the reason although the queue is paused.',
    check: 'waiting-shows-a-pause-before-a-limit',
    collateral: ['waiting-*'],
  },
  {
    id: 'limits-shown-before-the-target',
    fault: 'Shows a limit as the reason although the target is held back.',
    check: 'waiting-shows-the-target-before-a-limit',
    collateral: ['waiting-*'],
  },
  {
    id: 'flow-limits-shown-first',
    fault: 'Shows the limit of a flow key as the reason before that of its queue.',
    check: 'waiting-shows-the-first-of-several-limits',
    collateral: ['waiting-*'],
  },
  {
    id: 'hold-back-shown-before-the-circuit',
    fault: 'Shows a URL that is held back as the reason although the circuit is open.',
    check: 'waiting-shows-a-circuit-before-a-hold-back',
    collateral: ['waiting-*'],
  },
  {
    id: 'waiting-when-all-is-over',
    fault: 'Shows a reason to wait for tasks that have ended.',
    check: 'waiting-is-shown-while-pending-alone',
    collateral: ['*'],
  },
  {
    id: 'next-try-shown-as-due',
    fault: 'Shows a task that waits for its next try as one that is due.',
    check: 'waiting-shows-the-pause-before-the-next-try',
    collateral: ['waiting-*'],
  },
  {
    id: 'idle-scheduler-missed',
    fault: 'Takes a scheduler for gone that delivers nothing for a while.',
    check: 'waiting-misses-no-scheduler-that-runs',
    collateral: ['*'],
  },
  {
    id: 'before-not-counted',
    fault: 'Shows every task that is ready as the next one.',
    check: 'waiting-counts-what-goes-before',
  },
] as const satisfies readonly Mutant[];
