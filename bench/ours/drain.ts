import { type CpuTimes, cpuFigures } from '../world/cpu-figures.ts';
import type { Installation } from '../world/installation.ts';
import { MEMORY_FIGURE } from '../world/peak-memory.ts';
import type { Receiver } from '../world/receiver.ts';
import type { Figures } from '../world/side.ts';
import { RATE_FIGURE } from '../world/submitted-figures.ts';
import { cpuMeter } from './cpu-meter.ts';
import { untilFinished } from './until-finished.ts';

/** What is drained. */
export interface Backlog {
  readonly tasks: number;
  /** Deliveries before the clock starts: the start of the process, and code that is not compiled yet. */
  readonly warmUp: number;
}

/** A drain, and the CPU times at its two ends. */
export interface Drained {
  readonly figures: Figures;
  readonly before: CpuTimes;
  readonly after: CpuTimes;
}

/** Starts schedulers on a backlog that is recorded already, measures how they drain it, and ends them. */
export async function drain(
  installation: Installation,
  receiver: Receiver,
  schedulers: number,
  { tasks, warmUp }: Backlog,
): Promise<Drained> {
  const [first, last] = receiver.count(warmUp, warmUp + tasks);
  await installation.startSchedulers(schedulers);
  const cpuTimes = cpuMeter(installation, []);
  const ended = Promise.race(installation.schedulers().map((scheduler) => scheduler.ended)).then(() => {
    throw new Error('expected schedulers that drain, got the end of one');
  });
  // They are told to end when they have done their work.
  ended.catch(() => undefined);
  const fromMs = await Promise.race([first, ended]);
  const before = await cpuTimes();
  const untilMs = await Promise.race([last, ended]);
  const after = await cpuTimes();
  await untilFinished(installation);
  const { scheduler } = await installation.peakMemoryMb();
  await installation.endSchedulers();
  const tasksPerSecond = (tasks / (untilMs - fromMs)) * 1000;
  return {
    figures: {
      [RATE_FIGURE]: tasksPerSecond,
      ...cpuFigures(before, after, tasks),
      [MEMORY_FIGURE]: scheduler,
    },
    before,
    after,
  };
}
