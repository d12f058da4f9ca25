import { createArmedFaults } from './armed-faults.ts';
import type { Rules } from './database/rules.ts';
import { createHistory, type History } from './history.ts';
import { createRandom } from './random.ts';
import { SimulatedDatabase } from './simulated-database.ts';
import { LAST_PUTS, putsOf, type PlannedChange } from './settings-changes.ts';
import { startOperators } from './simulated-operators.ts';
import { startProducers } from './simulated-producers.ts';
import { superviseScheduler, type StoreWrapper } from './simulated-schedulers.ts';
import { strike, type Strike } from './strikes.ts';
import { planNumberOf, planTask, type TaskPlan } from './task-plans.ts';
import { createVirtualTime } from './virtual-time.ts';
import type { World } from './world.ts';

/** What a run is made of; the rest follows from the seed. */
export interface Scenario {
  readonly seed: number;
  readonly schedulers: number;
  readonly tasks: number;
  /** Milliseconds over which tasks are submitted and faults strike. */
  readonly spreadMs: number;
  readonly strikes: readonly Strike[];
  readonly changes: readonly PlannedChange[];
}

/** A fault planted into the program's world, to see that it is noticed. */
export interface Planted {
  readonly rules?: Partial<Rules>;
  readonly store?: StoreWrapper;
}

/** How long the schedulers have to finish everything once faults have ended, in milliseconds. */
const PATIENCE_MS = 20 * 60_000;

/** Runs schedulers, producers and targets in virtual time, heals all faults, drains, and answers with the logs. */
export async function simulate(scenario: Scenario, planted: Planted = {}): Promise<History> {
  const { seed, tasks, spreadMs, strikes, changes } = scenario;
  const history = createHistory();
  const time = createVirtualTime();
  const plans = Array.from({ length: tasks }, (_, number) => planTask(seed, number, spreadMs));
  const world: World = {
    time,
    history,
    database: new SimulatedDatabase(time, createRandom(seed, 'database'), history, planted.rules),
    faults: createArmedFaults(),
    random: createRandom(seed, 'network'),
    listeners: new Set(),
    outages: new Set(),
    planOf: (id) => plans[planNumberOf(id)],
    onCancelRace: (id) => producers.cancel(id),
  };
  const spare = plans.filter(({ submitAtMs }) => submitAtMs === undefined);
  const producers = startProducers(world, plans, seed);
  const schedulers = Array.from({ length: scenario.schedulers }, (_, place) =>
    superviseScheduler(world, place, seed, planted.store),
  );
  const takeSpare = (count: number, fits: (plan: TaskPlan) => boolean): TaskPlan[] => {
    const taken = spare.filter(fits).slice(0, count);
    for (const plan of taken) spare.splice(spare.indexOf(plan), 1);
    return taken;
  };
  const targets = { world, schedulers, producers, takeSpare };
  for (const struck of strikes) time.in(struck.atMs, () => strike(targets, struck));
  const operators = startOperators(world, () => producers.recorder());
  for (const put of changes.flatMap(putsOf)) time.in(put.atMs, () => operators.put(put));
  await time.runUntil(() => false, spreadMs);
  heal(world);
  for (const { process } of schedulers) process.resume();
  for (const put of LAST_PUTS) operators.put(put);
  for (const plan of spare.splice(0)) producers.submitNow(plan);
  const isOver = (): boolean =>
    producers.isDone() && operators.isDone() && world.database.tables.unfinished.size === 0;
  await time.runUntil(isOver, time.nowMs() + PATIENCE_MS);
  history.endedMs = time.nowMs();
  history.unfinished = [...world.database.tables.unfinished.values()].map(({ id, unfinished }) => ({
    id,
    state: unfinished.state,
  }));
  return history;
}

/** No new faults; what lasts ends by itself. */
function heal({ database, faults, history, time, outages }: World): void {
  faults.clear();
  outages.clear();
  database.heal();
  history.healedMs = time.nowMs();
}
