import { openInstallation } from '../world/installation.ts';
import type { Side } from '../world/side.ts';
import type { World } from '../world/world.ts';
import { type Fill, fill } from './fill.ts';
import { measureDrain } from './measured-drain.ts';
import { SMALL_WARM_UP } from './situation.ts';

/** A backlog of a certain shape that is laid down and drained each round. */
export interface ShapedBacklog {
  readonly name: string;
  readonly schedulers: number;
  readonly rows: Omit<Fill, 'target' | 'state'>;
}

/** Drains the whole backlog with schedulers that start on it. */
export async function openBacklogSide(
  { serverUrl, receiver, note }: World,
  { name, schedulers, rows }: ShapedBacklog,
): Promise<Side> {
  const installation = await openInstallation({ serverUrl, recorders: 1, schedulers: 0 });
  const warmUp = Math.round(rows.tasks * SMALL_WARM_UP);
  return {
    name,
    async play() {
      await installation.empty();
      await fill(installation.sql, { ...rows, target: receiver.url, state: 'due' }, note);
      await installation.settle();
      return measureDrain(installation, receiver, schedulers, { tasks: rows.tasks - warmUp, warmUp });
    },
    close: () => installation.close(),
  };
}
