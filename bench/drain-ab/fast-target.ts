import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';

/** A target in a process of its own that answers 204 at once and counts. */
export interface FastTarget {
  readonly url: string;
  /** Counts from 0 again; the promises settle with the monotonic milliseconds at which each count is reached. */
  count(first: number, last: number): readonly [Promise<number>, Promise<number>];
  close(): Promise<void>;
}

type Word = { marks: readonly number[] };
type Reply = { port: number } | { mark: number; atMs: number };

/** Starts it and waits until it listens. */
export async function startFastTarget(): Promise<FastTarget> {
  const child = fork(fileURLToPath(import.meta.url), ['serve']);
  const [ready] = (await once(child, 'message')) as [{ port: number }];
  return {
    url: `http://127.0.0.1:${ready.port}/`,
    count(first, last) {
      child.send({ marks: [first, last] } satisfies Word);
      return [whenReached(child, first), whenReached(child, last)];
    },
    async close() {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}

function whenReached(child: ChildProcess, mark: number): Promise<number> {
  return new Promise((resolve) => {
    const hear = (reply: Reply): void => {
      if (!('mark' in reply) || reply.mark !== mark) return;
      child.off('message', hear);
      resolve(reply.atMs);
    };
    child.on('message', hear);
  });
}

function serve(): void {
  let [count, marks] = [0, new Set<number>()];
  const reply = (message: Reply): void => void process.send?.(message);
  const server = createServer((request, response) => {
    count += 1;
    if (marks.has(count)) reply({ mark: count, atMs: Number(process.hrtime.bigint()) / 1e6 });
    request.resume().on('end', () => response.writeHead(204).end());
  });
  server.keepAliveTimeout = 600_000;
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1024 }, () =>
    reply({ port: (server.address() as AddressInfo).port }),
  );
  process.on('message', (word: Word) => ([count, marks] = [0, new Set(word.marks)]));
  process.on('disconnect', () => process.exit(0));
}

if (process.argv[2] === 'serve' && process.argv[1] === fileURLToPath(import.meta.url)) serve();
