import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** One request, as the target saw it. */
export interface Arrival {
  /** The path without its first slash: what the scenario named it by. */
  readonly name: string;
  /** On the monotonic clock of this process, in milliseconds. */
  readonly atMs: number;
}

/** What a target does with a request. */
export interface Behaviour {
  /** 204 unless told. */
  readonly status?: number;
  /** Milliseconds until the answer; Infinity: none. */
  readonly afterMs?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A target in this process that writes down when each request arrives, and counts those in flight. */
export interface RecordingTarget {
  /** `http://127.0.0.1:port`, as schedulers know the origin. */
  readonly origin: string;
  url(name: string): string;
  /** Oldest first. */
  readonly arrivals: readonly Arrival[];
  /** The most that were in flight at once, of all names and of one. */
  readonly most: { readonly inAll: number; readonly byName: number };
  /** How many are in flight now. */
  inFlight(): number;
  /** Whether it cuts every connection as soon as it is made, which a target does whose process is gone. */
  isDead: boolean;
  /** Connections it has cut, as monotonic milliseconds. */
  readonly cutAtMs: readonly number[];
  close(): Promise<void>;
}

/** Starts it on a free port of 127.0.0.1. */
export async function startRecordingTarget(
  behave: (name: string) => Behaviour = () => ({}),
): Promise<RecordingTarget> {
  const arrivals: Arrival[] = [];
  const cutAtMs: number[] = [];
  const inFlight = createInFlightCount();
  const server = createServer((request, response) => {
    const name = (request.url ?? '').slice(1);
    arrivals.push({ name, atMs: performance.now() });
    answer(request, response, behave(name), inFlight.add(name));
  });
  server.keepAliveTimeout = 600_000;
  server.requestTimeout = 0;
  server.prependListener('connection', (socket: Socket) => {
    if (!target.isDead) return;
    cutAtMs.push(performance.now());
    socket.resetAndDestroy();
  });
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1024 });
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const target: RecordingTarget = {
    origin,
    url: (name) => `${origin}/${name}`,
    arrivals,
    most: inFlight.most,
    inFlight: inFlight.now,
    isDead: false,
    cutAtMs,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
  return target;
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { status = 204, afterMs = 0, headers = {} }: Behaviour,
  leave: () => void,
): void {
  response.on('close', leave);
  const send = (): void => {
    if (response.destroyed) return;
    // Before the answer: the scheduler may send the next one as soon as it has it.
    leave();
    response.writeHead(status, headers).end();
  };
  request.resume().on('end', () => {
    if (afterMs !== Infinity) setTimeout(send, afterMs);
  });
}

function createInFlightCount() {
  const counts = new Map<string, number>();
  const most = { inAll: 0, byName: 0 };
  let all = 0;
  const change = (name: string, by: number): number => {
    all += by;
    const count = (counts.get(name) ?? 0) + by;
    counts.set(name, count);
    return count;
  };
  return {
    most,
    now: () => all,
    /** Answers with what takes it off again, once. */
    add(name: string): () => void {
      most.byName = Math.max(most.byName, change(name, 1));
      most.inAll = Math.max(most.inAll, all);
      let isIn = true;
      return () => {
        if (isIn) change(name, -1);
        isIn = false;
      };
    },
  };
}
