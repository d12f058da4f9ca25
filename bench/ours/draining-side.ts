import { openInstallation } from '../world/installation.ts';
import type { Side } from '../world/side.ts';
import type { World } from '../world/world.ts';
import { type Backlog, drain } from './drain.ts';

/** Schedulers that find a backlog when they start. */
export async function openDrainingSide(
  { serverUrl, receiver, load }: World,
  backlog: Backlog,
): Promise<Side> {
  const installation = await openInstallation({ serverUrl, recorders: 1, schedulers: 0 });
  const url = `${installation.recorders[0]}/v1/tasks/batch`;
  return {
    name: 'dispatchr',
    async play() {
      await installation.empty();
      const tasks = backlog.warmUp + backlog.tasks;
      await load.submit({ url, target: receiver.url, tasks, batch: 500, inFlight: 2 });
      await installation.settle();
      return (await drain(installation, receiver, 1, backlog)).figures;
    },
    close: () => installation.close(),
  };
}
