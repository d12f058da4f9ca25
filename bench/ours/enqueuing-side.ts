import postgres from 'postgres';
import { measureSubmits, taskArgsOf } from '../world/load.ts';
import type { Figures, Side } from '../world/side.ts';
import type { World } from '../world/world.ts';
import { type Live, openLiveSide } from './live-side.ts';
import { delayFigures } from './start-delay.ts';

const PER_SECOND = 100;
const SECONDS = 10;
const CONNECTIONS = 16;

/** A producer that enqueues tasks in transactions of its own. */
export async function openEnqueuingSide(world: World): Promise<Side> {
  const side = await openLiveSide(world, false, (live) => measureEnqueues(world, live));
  return { ...side, name: 'dispatchr.enqueue' };
}

/** Enqueues evenly for some seconds, and measures from the begin of each transaction to the arrival of its task. */
async function measureEnqueues({ receiver }: World, { installation }: Live): Promise<Figures> {
  const producer = postgres(installation.databaseUrl, { max: CONNECTIONS });
  const tasks = PER_SECOND * SECONDS;
  const delays = receiver.delays(tasks);
  await measureSubmits({ tasks, batch: 1, inFlight: CONNECTIONS, perSecond: PER_SECOND }, async (number) => {
    const taskArgs = JSON.stringify(taskArgsOf(number));
    await producer.begin(
      (transaction) =>
        transaction`SELECT dispatchr.enqueue(${receiver.url}, 'bench', ${taskArgs}::text::json)`,
    );
  });
  const figures = delayFigures(await delays);
  await producer.end();
  return figures;
}
