import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { createStatementReader, type StatementReader } from './statement-reader.ts';

/** Stands between one process and the database, and does to their connections what networks do. */
export interface DatabaseProxy {
  readonly port: number;
  /** Holds every chunk back by so many milliseconds, in both directions; 0 is none. */
  delay(ms: number): void;
  /** Lets nothing through, and says nothing of it: connections stay open, new ones are accepted. `pass` ends it. */
  blackhole(): void;
  /** What was held back goes on. */
  pass(): void;
  /** Cuts every connection there is; answers with their number. */
  cut(): number;
  /** Of the next answers of the database, each on another connection, half is passed on before the connection is cut. */
  truncate(count: number): void;
  /**
   * The next statements that write are done, and committed, but their answers are swallowed and the connections cut.
   * Nobody but the database knows then whether they were done.
   */
  swallowAnswers(count: number): void;
  close(): Promise<void>;
}

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
  readonly statements: StatementReader;
}

/** Starts a proxy on a free port of 127.0.0.1. */
export async function startProxy(databasePort: number): Promise<DatabaseProxy> {
  const pairs = new Set<Pair>();
  const state = { delayMs: 0, isBlackhole: false, truncate: 0, swallow: 0 };
  const server = createServer((client) => {
    const pair = { client, server: connect(databasePort, '127.0.0.1'), statements: createStatementReader() };
    pairs.add(pair);
    for (const socket of [pair.client, pair.server]) {
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        end(pair);
        pairs.delete(pair);
      });
      if (state.isBlackhole) socket.pause();
    }
    pass(pair.client, pair.server, state, (chunk) => {
      pair.statements.read(chunk);
      return chunk;
    });
    pass(pair.server, pair.client, state, (chunk) => answerToPass(chunk, pair, state));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const each = (act: (socket: Socket) => void): void => {
    for (const pair of pairs) {
      act(pair.client);
      act(pair.server);
    }
  };
  return {
    port: (server.address() as AddressInfo).port,
    delay: (ms) => void (state.delayMs = ms),
    blackhole() {
      state.isBlackhole = true;
      each((socket) => socket.pause());
    },
    pass() {
      state.isBlackhole = false;
      each((socket) => socket.resume());
    },
    cut() {
      const { size } = pairs;
      for (const pair of pairs) end(pair);
      return size;
    },
    truncate: (count) => void (state.truncate = count),
    swallowAnswers: (count) => void (state.swallow = count),
    async close() {
      server.close();
      for (const pair of pairs) end(pair);
      await once(server, 'close');
    },
  };
}

/** Chunks keep their order, whatever the delay was when each of them came. */
function pass(
  from: Socket,
  to: Socket,
  state: { readonly delayMs: number },
  select: (chunk: Buffer) => Buffer | undefined,
): void {
  let lastAt = 0;
  from.on('data', (chunk: Buffer) => {
    const selected = select(chunk);
    if (selected === undefined) return;
    const at = Math.max(lastAt, performance.now() + state.delayMs);
    if (at <= performance.now()) return void to.write(selected);
    lastAt = at;
    setTimeout(() => to.write(selected), at - performance.now());
  });
}

/** What of an answer reaches the client; undefined is nothing. */
function answerToPass(
  chunk: Buffer,
  pair: Pair,
  state: { truncate: number; swallow: number },
): Buffer | undefined {
  if (state.truncate > 0 && chunk.length > 1) {
    state.truncate -= 1;
    pair.client.end(chunk.subarray(0, chunk.length >> 1));
    pair.server.destroy();
    return undefined;
  }
  if (state.swallow > 0 && pair.statements.isWrite && isCommitted(chunk)) {
    state.swallow -= 1;
    end(pair);
    return undefined;
  }
  return chunk;
}

/** ReadyForQuery, outside of a transaction: whatever was asked for is committed by then, or refused. */
const READY = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);

function isCommitted(chunk: Buffer): boolean {
  return chunk.subarray(-READY.length).equals(READY);
}

function end({ client, server }: Pair): void {
  client.destroy();
  server.destroy();
}
