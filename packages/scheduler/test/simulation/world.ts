import type { ArmedFaults } from './armed-faults.ts';
import type { History } from './history.ts';
import type { Random } from './random.ts';
import type { SimulatedDatabase } from './simulated-database.ts';
import type { SimulatedProcess } from './simulated-process.ts';
import type { TaskPlan } from './task-plans.ts';
import type { VirtualTime } from './virtual-time.ts';

/** What everything in one run shares. */
export interface World {
  readonly time: VirtualTime;
  readonly history: History;
  readonly database: SimulatedDatabase;
  readonly faults: ArmedFaults;
  /** Of the network and the targets. */
  readonly random: Random;
  /** Who listens for hints. */
  readonly listeners: Set<{ process: SimulatedProcess; onNotify: (payload: string) => void }>;
  /** What was planned for the task with this id. */
  readonly planOf: (id: string) => TaskPlan | undefined;
  /** Origins that refuse connections for now. */
  readonly outages: Set<string>;
  /** The target just wrote an answer for this task, and somebody cancels it. */
  readonly onCancelRace: (id: string) => void;
}
