import { Queue, Worker } from 'bullmq';
import { CONCURRENCY, type Peer, QUEUE } from './peer.ts';
import { openRedisStore } from './redis-store.ts';

/** Sends what comes at the same time in one write, and keeps nothing of finished jobs. */
export const bullmq: Peer = {
  name: 'BullMQ',
  module: import.meta.url,
  openStore: () => openRedisStore(COUNTED_LISTS),
  async connect(url) {
    const queue = new Queue(QUEUE, { connection: { url, enableAutoPipelining: true } });
    queue.on('error', fail);
    await queue.waitUntilReady();
    return {
      addOne: (data) => queue.add(QUEUE, data),
      addMany: (data) => queue.addBulk(data.map((each) => ({ name: QUEUE, data: each }))),
    };
  },
  async startWorker(url, deliver) {
    const worker = new Worker(QUEUE, (job) => deliver(job.data), {
      connection: { url, maxRetriesPerRequest: null },
      concurrency: CONCURRENCY,
      removeOnComplete: { count: 0 },
    });
    worker.on('error', fail);
    await worker.waitUntilReady();
  },
};

/** Where it keeps jobs that wait, and those that are worked on. */
const COUNTED_LISTS = [`bull:${QUEUE}:wait`, `bull:${QUEUE}:active`];

function fail(error: Error): void {
  process.stderr.write(`BullMQ: ${String(error)}\n`);
  process.exit(1);
}
