import { parseTargetPolicy } from '@dispatchr/lifecycle';
import { createTaskStore, type TaskStore } from '@dispatchr/store';
import type { Logger } from '../../src/logger.ts';
import { createScheduler, type Scheduler } from '../../src/scheduler.ts';
import type { SchedulerOptions } from '../../src/options.ts';
import { createRandom, type Random } from './random.ts';
import { SimulatedConnections } from './simulated-network.ts';
import { SimulatedProcess, type Skew } from './simulated-process.ts';
import { createSimulatedDeliverer } from './simulated-targets.ts';
import type { World } from './world.ts';

/** A mutant of what a scheduler asks of its store. */
export type StoreWrapper = (store: TaskStore, process: SimulatedProcess) => TaskStore;

/** A place for one process, which a supervisor starts again whenever it ended. */
export interface ProcessSlot {
  readonly process: SimulatedProcess;
  /** SIGTERM, and a second one after `againMs` milliseconds. */
  terminate(graceMs: number, againMs?: number): void;
}

const SILENT: Logger = { debug() {}, info() {}, warn() {}, error() {} };

/** Starts a scheduler that is started again, under a new name, until `isOver`. */
export function superviseScheduler(
  world: World,
  place: number,
  seed: number,
  wrap: StoreWrapper = (store) => store,
): ProcessSlot {
  let generation = 0;
  let process: SimulatedProcess;
  let scheduler: Scheduler;
  const start = (): void => {
    generation += 1;
    const name = `scheduler-${place}.${generation}`;
    const random = createRandom(seed, name);
    process = new SimulatedProcess(name, world.time, world.history, skewOf(world, name, random));
    const connections = new SimulatedConnections(world, process);
    const store = wrap(createTaskStore(connections, { origin: name, ...process.clock }), process);
    scheduler = createScheduler(
      {
        ...settingsOf(random),
        store,
        clock: process.clock,
        random: random.next,
        schedulerId: name,
        ...FIXED,
      },
      createSimulatedDeliverer(world, process),
    );
    process.onEnd(() =>
      world.time.in(world.history.healedMs < Infinity ? 100 : random.between(50, 12_000), start),
    );
    void scheduler.start();
  };
  start();
  return {
    get process() {
      return process;
    },
    terminate(graceMs, againMs) {
      const [stopping, terminated] = [scheduler, process];
      // A second signal ends it at once, which is a fault of its own.
      if (terminated.isTold) return;
      terminated.isTold = true;
      terminated.receive(() => {
        terminated.life.toldToStopMs ??= world.time.nowMs();
        void stopping.stop({ graceMs }).then(() => terminated.receive(() => terminated.end()));
      });
      if (againMs !== undefined) world.time.in(againMs, () => terminated.receive(() => void stopping.stop()));
    },
  };
}

const FIXED = {
  logger: SILENT,
  version: '1.0.0',
  targetPolicy: parseTargetPolicy({ allow: [], listensOnLoopback: false }),
};

function settingsOf(random: Random): Partial<SchedulerOptions> {
  return {
    concurrency: random.pick([5, 30, 30]),
    pollIntervalMs: random.pick([1000, 2000]),
    reconnectIntervalMs: random.pick([100, 500]),
    reconnectMaxIntervalMs: random.pick([500, 3000]),
    retentionCompletedMs: random.pick([20_000, 60_000]),
    retentionFailedMs: random.pick([20_000, 60_000]),
  };
}

function skewOf({ history, time }: World, whom: string, random: Random): Skew {
  const isSkewed = random.chance(0.6);
  if (!isSkewed) return { rate: 1, wallAheadMs: 0 };
  const fromMs = time.nowMs();
  history.faults.push({ kind: 'clock-skewed', whom, fromMs, untilMs: fromMs });
  return { rate: random.between(0.97, 1.03), wallAheadMs: random.pick([-3_600_000, 3_600_000, 40_000]) };
}
