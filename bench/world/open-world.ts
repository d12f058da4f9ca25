import { startPostgresServer } from '@dispatchr/testkit';
import { startLoad } from './load.ts';
import { startReceiver } from './receiver.ts';
import type { World } from './world.ts';

/** A world to be closed, and what its server has logged. */
export interface OpenedWorld extends World {
  /** In pieces as they came; of a server that was only borrowed, nothing. */
  readonly serverLog: readonly string[];
  close(): Promise<void>;
}

/**
 * Starts PostgreSQL (or borrows the one of TEST_DATABASE_URL), a receiver and a producer.
 * @param settings - of the server, by name; one that was only borrowed keeps its own.
 */
export async function openWorld(settings: Readonly<Record<string, string>> = {}): Promise<OpenedWorld> {
  const postgres = await startPostgresServer(settings);
  const [receiver, load] = await Promise.all([startReceiver(), startLoad()]);
  return {
    serverUrl: postgres.url,
    serverLog: postgres.log,
    receiver,
    load,
    note: (text) => void process.stderr.write(`${text}\n`),
    async close() {
      await Promise.all([load.close(), receiver.close()]);
      await postgres.stop();
    },
  };
}
