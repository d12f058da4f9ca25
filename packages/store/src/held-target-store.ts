import type { Database } from './database/database.ts';
import { endProbe, type EndedProbe, keepProbe } from './statements/end-probe.ts';
import { findHeldTargets, type HeldTargets } from './statements/find-held-targets.ts';
import { holdTarget } from './statements/hold-target.ts';
import { forgetScheduler, noteScheduler } from './statements/note-scheduler.ts';
import { openCircuit } from './statements/open-circuit.ts';
import { parkTasks } from './statements/park-tasks.ts';
import { removeEndedHolds } from './statements/remove-ended-holds.ts';
import { type TakenProbe, takeProbe } from './statements/take-probe.ts';
import { type ReturningKey, unparkTasks } from './statements/unpark-tasks.ts';

/** What schedulers do about targets that they cannot deliver to. */
export interface HeldTargetStore {
  findHeldTargets(): Promise<HeldTargets>;
  /** Holds an origin or a URL (`key`) back; never shortens what holds already, and closes no circuit. */
  holdTarget(hold: { key: string; origin: string; holdMs: number }): Promise<void>;
  /** Opens a circuit, the first probe in `pauseMs`; false when it was open already. */
  openCircuit(circuit: {
    origin: string;
    failures: number;
    lastError: string;
    pauseMs: number;
  }): Promise<boolean>;
  /** Takes the probe of an open circuit if it is time; answers with what ends it. */
  takeProbe(probe: { origin: string; leaseMs: number }): Promise<TakenProbe | undefined>;
  /** Keeps others from probing for `leaseMs` more. */
  keepProbe(probe: { origin: string; probe: number; leaseMs: number }): Promise<void>;
  /** Ends a probe; false when it was another's by then. */
  endProbe(probe: EndedProbe): Promise<boolean>;
  /** Forgets hold-backs that are over, and origins that have been returning for `returnMs`. */
  removeEndedHolds(ended: { returnMs: number }): Promise<void>;
  /** Moves due tasks of what is held out of the way of claims; answers with how many. */
  parkTasks(step: { limit: number }): Promise<number>;
  /** Lets go of tasks whose target is held no longer; answers with how many. */
  unparkTasks(step: { limit: number; returning: readonly ReturningKey[] }): Promise<number>;
  /** Writes down that a scheduler is alive. */
  noteScheduler(id: string): Promise<void>;
  forgetScheduler(id: string): Promise<void>;
}

/** The part of the store that concerns the health of targets. */
export function createHeldTargetStore(database: Database): HeldTargetStore {
  return {
    findHeldTargets: () => findHeldTargets(database),
    holdTarget: (hold) => holdTarget(database, hold),
    openCircuit: (circuit) => openCircuit(database, circuit),
    takeProbe: (probe) => takeProbe(database, probe),
    keepProbe: (probe) => keepProbe(database, probe),
    endProbe: (probe) => endProbe(database, probe),
    removeEndedHolds: (ended) => removeEndedHolds(database, ended),
    parkTasks: (step) => parkTasks(database, step),
    unparkTasks: (step) => unparkTasks(database, step),
    noteScheduler: (id) => noteScheduler(database, id),
    forgetScheduler: (id) => forgetScheduler(database, id),
  };
}
