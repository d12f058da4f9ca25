import { cpuFigures } from '../world/cpu-figures.ts';
import { monotonicMs } from '../world/receiver.ts';
import type { Figures } from '../world/side.ts';
import { RATE_FIGURE } from '../world/submitted-figures.ts';
import type { World } from '../world/world.ts';
import type { Live } from './live-side.ts';

/** Submits as fast as it goes while tasks are delivered; the clock runs from the first submit to the last arrival. */
export async function measureTogether(
  { receiver, load }: World,
  { url, cpuTimes }: Live,
  tasks: number,
): Promise<Figures> {
  const [, last] = receiver.count(1, tasks);
  const before = await cpuTimes();
  const fromMs = monotonicMs();
  const submitted = await load.submit({ url, target: receiver.url, tasks, batch: 1, inFlight: 64 });
  const untilMs = await last;
  return {
    [RATE_FIGURE]: (tasks / (untilMs - fromMs)) * 1000,
    'submitted a second': submitted.tasksPerSecond,
    ...cpuFigures(before, await cpuTimes(), tasks),
  };
}
