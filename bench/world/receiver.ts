import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';

/** A target in a process of its own that answers 204 at once, counts, and can tell how long tasks took to arrive. */
export interface Receiver {
  readonly url: string;
  readonly pid: number;
  /** Counts from 0 again; the promises settle with the monotonic milliseconds at which each count is reached. */
  count(first: number, last: number): readonly [Promise<number>, Promise<number>];
  /**
   * Counts from 0 again; settles after `count` arrivals with the milliseconds from each body's `sentAtMs`, of the
   * monotonic clock, to its arrival.
   */
  delays(count: number): Promise<readonly number[]>;
  close(): Promise<void>;
}

type Word = { marks: readonly number[] } | { delays: number };
type Reply = { port: number } | { mark: number; atMs: number } | { delays: readonly number[] };

/** Starts it and waits until it listens. */
export async function startReceiver(): Promise<Receiver> {
  const child = fork(fileURLToPath(import.meta.url), ['serve']);
  const [ready] = (await once(child, 'message')) as [{ port: number }];
  const say = (word: Word): void => void child.send(word);
  return {
    url: `http://127.0.0.1:${ready.port}/`,
    pid: child.pid ?? 0,
    count(first, last) {
      say({ marks: [first, last] });
      return [whenReached(child, first), whenReached(child, last)];
    },
    delays(count) {
      say({ delays: count });
      return hear(child, (reply) => ('delays' in reply ? reply.delays : undefined));
    },
    async close() {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}

/** Milliseconds of the clock that all processes of a machine share and that never steps. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

function whenReached(child: ChildProcess, mark: number): Promise<number> {
  return hear(child, (reply) => ('mark' in reply && reply.mark === mark ? reply.atMs : undefined));
}

function hear<T>(child: ChildProcess, read: (reply: Reply) => T | undefined): Promise<T> {
  return new Promise((resolve) => {
    const listen = (reply: Reply): void => {
      const value = read(reply);
      if (value === undefined) return;
      child.off('message', listen);
      resolve(value);
    };
    child.on('message', listen);
  });
}

function serve(): void {
  let [count, marks, delays, wanted] = [0, new Set<number>(), [] as number[], 0];
  const reply = (message: Reply): void => void process.send?.(message);
  const noteDelay = (body: string, atMs: number): void => {
    delays.push(atMs - Number(/"sentAtMs":([0-9.]+)/.exec(body)?.[1]));
    if (delays.length === wanted) reply({ delays });
  };
  const server = createServer((request, response) => {
    count += 1;
    if (marks.has(count)) reply({ mark: count, atMs: monotonicMs() });
    if (wanted > 0) {
      const atMs = monotonicMs();
      request.setEncoding('utf8').once('data', (body: string) => noteDelay(body, atMs));
    }
    request.resume().on('end', () => response.writeHead(204).end());
  });
  server.keepAliveTimeout = 600_000;
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1024 }, () =>
    reply({ port: (server.address() as AddressInfo).port }),
  );
  process.on('message', (word: Word) => {
    [count, delays] = [0, []];
    marks = new Set('marks' in word ? word.marks : []);
    wanted = 'delays' in word ? word.delays : 0;
  });
  process.on('disconnect', () => process.exit(0));
}

if (process.argv[2] === 'serve' && process.argv[1] === fileURLToPath(import.meta.url)) serve();
