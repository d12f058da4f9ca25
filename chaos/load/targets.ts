import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { Received, TargetEvent } from '../events.ts';
import { type Reaction, reactionTo } from './behaviours.ts';
import { react } from './exchange.ts';
import type { Log } from './log-writer.ts';
import { TARGET_NAMES, type TargetName } from './plans.ts';
import { isSigned } from './signature.ts';

/** A delivery that is to kill the scheduler that makes it. */
export type Poison = Pick<Received, 'token' | 'taskId' | 'attempt'>;

/** The targets of a run: HTTP servers on loopback that do with a request what its path says. */
export interface Targets {
  /** `http://127.0.0.1:port` of a target. */
  origin(name: TargetName): string;
  /** Tasks that were answered with a 2xx, each counted once. */
  delivered(): number;
  /** Refuses connections and cuts those there are, or listens again at the same port. */
  setDown(name: TargetName, isDown: boolean): Promise<void>;
  /** Called for each delivery of a poison task, which then hangs; until then such a task is answered with 200. */
  onPoison(hook: (poison: Poison) => void): void;
  /** Called for each request that arrived whole. */
  onReceived(hook: (received: Received) => void): void;
  /** Cuts all connections; settles when every end is logged. */
  close(): Promise<void>;
}

/** What the servers of a run share. */
interface Run {
  readonly log: Log<TargetEvent>;
  readonly delivered: Set<string>;
  readonly underWay: Set<Promise<void>>;
  exchanges: number;
  poison?: (poison: Poison) => void;
  received?: (received: Received) => void;
}

/** Starts every target on a free port of 127.0.0.1 and logs what they see and answer. */
export async function startTargets(log: Log<TargetEvent>): Promise<Targets> {
  const run: Run = { log, delivered: new Set(), underWay: new Set(), exchanges: 0 };
  const servers = await Promise.all(
    TARGET_NAMES.map(async (name) => [name, await startServer(run)] as const),
  );
  const byName = new Map<TargetName, TargetServer>(servers);
  return {
    origin: (name) => byName.get(name)!.origin,
    delivered: () => run.delivered.size,
    setDown: (name, isDown) => (isDown ? byName.get(name)!.stop() : byName.get(name)!.start()),
    onPoison: (hook) => void (run.poison = hook),
    onReceived: (hook) => void (run.received = hook),
    async close() {
      await Promise.all(servers.map(([, server]) => server.stop()));
      await Promise.all(run.underWay);
    },
  };
}

interface TargetServer {
  readonly origin: string;
  /** True from a stop to the next start: connections that end then were cut by the target. */
  readonly isDown: boolean;
  start(): Promise<void>;
  stop(): Promise<void>;
}

async function startServer(run: Run): Promise<TargetServer> {
  const server = createServer((request, response) => {
    const exchange = serve(request, response, run, () => target.isDown).finally(() =>
      run.underWay.delete(exchange),
    );
    run.underWay.add(exchange);
  });
  // What a path says decides alone when a connection ends.
  server.requestTimeout = 0;
  server.keepAliveTimeout = 60_000;
  const listen = async (port: number): Promise<void> => {
    server.listen({ port, host: '127.0.0.1', backlog: 1024 });
    await once(server, 'listening');
  };
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const target = {
    origin: `http://127.0.0.1:${port}`,
    isDown: false,
    async start() {
      if (!target.isDown) return;
      await listen(port);
      target.isDown = false;
    },
    async stop() {
      if (target.isDown) return;
      target.isDown = true;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
  return target;
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  run: Run,
  isDown: () => boolean,
): Promise<void> {
  // Without its end the other side went away in the middle of the request.
  const body = await buffer(request).catch(() => undefined);
  if (body === undefined) return;
  run.exchanges += 1;
  const received = describe(request, body, run.exchanges);
  run.log.write(received);
  run.received?.(received);
  const end = await react(reactionOf(received, run), response);
  const how = end.how === 'cut' && isDown() ? 'reset' : end.how;
  const { token, exchange } = received;
  run.log.write({ kind: 'answered', at: Date.now(), token, exchange, ...end, how });
  if (how === 'answered' && end.status! < 300) run.delivered.add(token);
}

function reactionOf(received: Received, { poison }: Run): Reaction {
  const reaction = reactionTo(received.path, received.attempt);
  if (reaction.do !== 'poison') return reaction;
  poison?.(received);
  return poison === undefined ? { do: 'answer', status: 200, afterMs: 0 } : reaction;
}

function describe(request: IncomingMessage, body: Buffer, exchange: number): Received {
  const { headers, method = '', url = '' } = request;
  return {
    kind: 'received',
    at: Date.now(),
    token: String(headers['chaos-token']),
    exchange,
    taskId: String(headers['dispatchr-task-id']),
    attempt: Number(headers['dispatchr-attempt']),
    attemptsLeft: Number(headers['dispatchr-attempts-left']),
    method,
    path: url,
    bodySha256: createHash('sha256').update(body).digest('hex'),
    signatureIsValid: isSigned(headers, body),
  };
}
