import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A target that answers 204 at once and counts the deliveries of each task by its number. */
export interface CountingTarget {
  /** Where tasks go. */
  readonly url: string;
  /** Tasks that were delivered, each counted once. */
  delivered(): number;
  /** Deliveries beyond the first of each task. */
  duplicates(): number;
  /** Settles once so many tasks were delivered. */
  reached(count: number): Promise<void>;
  close(): Promise<void>;
}

/** Starts it for tasks that are numbered from 0 to `count` - 1 in the header `chaos-token`. */
export async function startCountingTarget(count: number): Promise<CountingTarget> {
  const seen = new Uint8Array(count);
  const waiting = new Set<{ count: number; resolve: () => void }>();
  let delivered = 0;
  let duplicates = 0;
  const record = (number: number): void => {
    const times = seen[number];
    if (times === undefined) throw new Error(`expected a number below ${count}, got ${number}`);
    if (times > 0) {
      duplicates += 1;
      return;
    }
    seen[number] = 1;
    delivered += 1;
    for (const waiter of waiting) {
      if (delivered < waiter.count) continue;
      waiting.delete(waiter);
      waiter.resolve();
    }
  };
  const server = createServer((request, response) => {
    record(Number(request.headers['chaos-token']));
    request.resume().on('end', () => response.writeHead(204).end());
  });
  server.keepAliveTimeout = 60_000;
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1024 });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    delivered: () => delivered,
    duplicates: () => duplicates,
    reached: (wanted) =>
      delivered >= wanted
        ? Promise.resolve()
        : new Promise((resolve) => void waiting.add({ count: wanted, resolve })),
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
