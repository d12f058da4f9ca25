import type { CpuTimes } from '../world/cpu-figures.ts';
import { type Installation, openInstallation } from '../world/installation.ts';
import type { Figures, Side } from '../world/side.ts';
import type { World } from '../world/world.ts';
import { cpuMeter } from './cpu-meter.ts';
import { untilFinished } from './until-finished.ts';

/** A recorder and a scheduler that run while they are measured. */
export interface Live {
  readonly installation: Installation;
  /** Where single tasks are posted. */
  readonly url: string;
  readonly cpuTimes: () => Promise<CpuTimes>;
}

export const IN_ONE_PROCESS = 'dispatchr, one process';
export const IN_TWO_PROCESSES = 'dispatchr, two processes';

/** A recorder and a scheduler, in one process or in two. */
export async function openLiveSide(
  { serverUrl, load }: World,
  inOneProcess: boolean,
  measure: (live: Live) => Promise<Figures>,
): Promise<Side> {
  const installation = await openInstallation({ serverUrl, recorders: 1, schedulers: 1, inOneProcess });
  const cpuTimes = cpuMeter(installation, [load], inOneProcess);
  const live: Live = { installation, url: `${installation.recorders[0]}/v1/tasks`, cpuTimes };
  return {
    name: inOneProcess ? IN_ONE_PROCESS : IN_TWO_PROCESSES,
    async play() {
      await untilFinished(installation);
      await installation.empty();
      return measure(live);
    },
    close: () => installation.close(),
  };
}
