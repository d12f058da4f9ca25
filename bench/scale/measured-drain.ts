import { cpuMeter } from '../ours/cpu-meter.ts';
import { cpuFigures } from '../world/cpu-figures.ts';
import type { Installation } from '../world/installation.ts';
import type { Receiver } from '../world/receiver.ts';
import type { Figures } from '../world/side.ts';

/** Part of a backlog that is drained: what is left stays for the next round. */
export interface Part {
  readonly tasks: number;
  readonly warmUp: number;
}

/** Starts schedulers on a backlog, measures between two marks of the receiver, and ends them, which settles what is in flight. */
export async function measureDrain(
  installation: Installation,
  receiver: Receiver,
  schedulers: number,
  { tasks, warmUp }: Part,
): Promise<Figures> {
  const [first, last] = receiver.count(warmUp, warmUp + tasks);
  await installation.startSchedulers(schedulers);
  const cpuTimes = cpuMeter(installation, []);
  const fromMs = await first;
  const before = await cpuTimes();
  const untilMs = await last;
  const after = await cpuTimes();
  await installation.endSchedulers();
  const cpu = cpuFigures(before, after, tasks);
  return {
    'drain: tasks a second': (tasks / (untilMs - fromMs)) * 1000,
    'drain: CPU µs a task, scheduler': cpu['CPU µs a task, scheduler'] ?? Number.NaN,
    'drain: CPU µs a task, database': cpu['CPU µs a task, database'] ?? Number.NaN,
  };
}
