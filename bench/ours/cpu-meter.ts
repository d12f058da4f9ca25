import type { CpuTimes } from '../world/cpu-figures.ts';
import { cpuTimeOf } from '../world/cpu-time.ts';
import type { Installation } from '../world/installation.ts';

/** Reads what an installation and the producers that load it have used so far; kinds without a process are left out. */
export function cpuMeter(
  installation: Installation,
  clients: readonly { readonly pid: number }[],
  inOneProcess = false,
): () => Promise<CpuTimes> {
  return async () => {
    const clientMs = await Promise.all(clients.map(({ pid }) => cpuTimeOf(pid)));
    const { recorder, scheduler, database } = await installation.cpuMs();
    return {
      ...(clients.length > 0 && { client: clientMs.reduce((sum, ms) => sum + ms, 0) }),
      [inOneProcess ? 'recorder and scheduler' : 'recorder']: recorder,
      ...(installation.schedulers().length > 0 && { scheduler }),
      database,
    };
  };
}
