import { Redis } from 'ioredis';
import { cpuTimeOf } from '../world/cpu-time.ts';
import type { Store } from './peer.ts';
import { startRedisServer } from './redis-server.ts';

/**
 * Starts a Redis.
 * @param lists - keys of the lists that hold what is not finished.
 */
export async function openRedisStore(lists: readonly string[]): Promise<Store> {
  const server = await startRedisServer();
  // Tries again until the server listens.
  const redis = new Redis(server.url, { maxRetriesPerRequest: 100 });
  redis.on('error', () => undefined);
  await redis.ping();
  return {
    url: server.url,
    empty: async () => void (await redis.flushall()),
    settle: () => Promise.resolve(),
    async countUnfinished() {
      const counts = await Promise.all(lists.map((list) => redis.llen(list)));
      return counts.reduce((sum, count) => sum + count, 0);
    },
    cpuMs: async () => ({ database: await cpuTimeOf(server.pid) }),
    async close() {
      redis.disconnect();
      await server.stop();
    },
  };
}
