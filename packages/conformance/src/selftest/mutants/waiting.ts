import type { Mutant } from '../mutant.ts';

/** Faults in the reasons that tasks show, one for each reason and for what goes before it. */
export const WAITING_MUTANTS = [
  {
    id: 'queue-concurrency-not-shown',
    fault: 'Shows a task of a queue that is full as ready.',
    check: 'waiting-shows-a-full-queue',
    collateral: ['waiting-*'],
  },
  {
    id: 'flow-concurrency-not-shown',
    fault: 'Shows a task of a flow key that is full as ready.',
    check: 'waiting-shows-a-full-flow-key',
    collateral: ['waiting-shows-the-first-of-several-limits'],
  },
  {
    id: 'queue-rate-not-shown',
    fault: 'Shows a task of a queue that is out of rate as ready.',
    check: 'waiting-shows-the-rate-of-a-queue',
    collateral: ['waiting-shows-the-first-of-several-limits'],
  },
  {
    id: 'flow-rate-not-shown',
    fault: 'Shows a task of a flow key that is out of rate as ready.',
    check: 'waiting-shows-the-rate-of-a-flow-key',
    collateral: ['waiting-shows-the-first-of-several-limits'],
  },
  {
    id: 'target-held-back-not-shown',
    fault: 'Shows a task whose target is held back as ready.',
    check: 'waiting-shows-a-target-that-is-held-back',
    collateral: ['waiting-*'],
  },
  {
    id: 'circuit-open-not-shown',
    fault: 'Shows a task that waits for an open circuit as ready.',
    check: 'waiting-shows-an-open-circuit',
    collateral: ['waiting-shows-a-circuit-before-a-hold-back'],
  },
  {
    id: 'hold-back-shown-before-a-pause',
    fault: 'Shows that the target is held back although the queue is paused.',
    check: 'waiting-shows-a-pause-before-the-target',
  },
  {
    id: 'run-shows-the-hold-back',
    fault: 'Shows a hold-back as the reason why a task that is run waits.',
    check: 'waiting-passes-over-a-hold-back-that-a-run-does',
  },
] as const satisfies readonly Mutant[];
