import { DYING, TARGET_NAMES } from '../load/plans.ts';
import { type FaultKind, pause } from './fault-kind.ts';

/** Ten seconds of work due in one millisecond. */
const BURST = 2000;

/** What targets and producers can do to the service. */
export const LOAD_FAULTS: readonly FaultKind[] = [
  {
    name: 'burst-due-at-once',
    part: 'load',
    weight: 2,
    async strike({ load }) {
      await load.burst(BURST);
      return `${BURST} tasks`;
    },
  },
  {
    name: 'target-outlives-lease',
    part: 'load',
    weight: 2,
    async strike({ load }) {
      await load.outliveLease(20);
      return '20 tasks';
    },
  },
  {
    name: 'target-down',
    part: 'targets',
    weight: 3,
    async strike({ load }, _victim, random) {
      const name = random.pick(TARGET_NAMES.filter((target) => target !== DYING));
      await load.setTargetDown(name, true);
      await pause(random.between(1000, 8000));
      await load.setTargetDown(name, false);
      return name;
    },
  },
  {
    name: 'target-dead',
    part: 'dying-target',
    weight: 3,
    isLong: true,
    async strike({ load, heal }, _victim, random) {
      await load.setTargetDown(DYING, true);
      await pause(random.between(20_000, 40_000), heal);
      await load.setTargetDown(DYING, false);
      // Its tasks come back before it dies again.
      await pause(random.between(5000, 15_000), heal);
      return DYING;
    },
  },
  {
    name: 'poison-task',
    part: 'load',
    weight: 2,
    isTrap: true,
    async strike({ load }) {
      await load.submitMore(1, { target: 'unsteady', path: '/poison/2', schedule: {} });
      return 'submitted';
    },
  },
];
