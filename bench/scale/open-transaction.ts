import postgres from 'postgres';
import { untilFinished } from '../ours/until-finished.ts';
import type { Installation } from '../world/installation.ts';
import { monotonicMs } from '../world/receiver.ts';
import type { World } from '../world/world.ts';

const PER_SECOND = 100;
const BURST = 5000;

/**
 * Holds a transaction with a snapshot open and then has tasks come and go: evenly, then as a backlog, over and over.
 * No row that is gone can be vacuumed until the returned function ends the transaction.
 */
export async function churnBesideTransaction(
  world: World,
  installation: Installation,
  holdSeconds: number,
): Promise<() => Promise<void>> {
  const release = await holdTransaction(installation.databaseUrl);
  try {
    await installation.startSchedulers(1);
    const untilMs = monotonicMs() + holdSeconds * 1000;
    let tasks = 0;
    while (monotonicMs() < untilMs) {
      tasks += await comeAndGo(world, installation);
      world.note(`  ${tasks.toLocaleString('en-US')} tasks came and went beside the open transaction`);
    }
    await installation.endSchedulers();
    return release;
  } catch (error) {
    await release();
    throw error;
  }
}

async function comeAndGo({ receiver, load }: World, installation: Installation): Promise<number> {
  const url = `${installation.recorders[0]}/v1/tasks`;
  const evenly = 5 * PER_SECOND;
  await load.submit({
    url,
    target: receiver.url,
    tasks: evenly,
    batch: 1,
    inFlight: 64,
    perSecond: PER_SECOND,
  });
  await load.submit({ url: `${url}/batch`, target: receiver.url, tasks: BURST, batch: 500, inFlight: 2 });
  await untilFinished(installation);
  return evenly + BURST;
}

async function holdTransaction(databaseUrl: string): Promise<() => Promise<void>> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => undefined });
  // Not `sql.begin`: the transaction outlives this call.
  await sql.unsafe('BEGIN ISOLATION LEVEL REPEATABLE READ');
  await sql`SELECT count(*) FROM dispatchr.queues`;
  return () => sql.end();
}
