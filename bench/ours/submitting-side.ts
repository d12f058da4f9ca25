import { cpuFigures } from '../world/cpu-figures.ts';
import { openInstallation } from '../world/installation.ts';
import type { Submission } from '../world/load.ts';
import { MEMORY_FIGURE } from '../world/peak-memory.ts';
import type { Side } from '../world/side.ts';
import { submittedFigures } from '../world/submitted-figures.ts';
import type { World } from '../world/world.ts';
import { cpuMeter } from './cpu-meter.ts';

/** A recorder that takes submits while no scheduler runs. */
export async function openSubmittingSide(
  { serverUrl, receiver, load }: World,
  work: Pick<Submission, 'tasks' | 'batch' | 'inFlight'>,
): Promise<Side> {
  const installation = await openInstallation({ serverUrl, recorders: 1, schedulers: 0 });
  const cpuTimes = cpuMeter(installation, [load]);
  const url = `${installation.recorders[0]}/v1/tasks${work.batch === 1 ? '' : '/batch'}`;
  return {
    name: 'dispatchr',
    async play() {
      await installation.empty();
      const before = await cpuTimes();
      const submitted = await load.submit({ ...work, url, target: receiver.url });
      const after = await cpuTimes();
      const { recorder } = await installation.peakMemoryMb();
      return {
        ...submittedFigures(submitted),
        ...cpuFigures(before, after, work.tasks),
        [MEMORY_FIGURE]: recorder,
      };
    },
    close: () => installation.close(),
  };
}
