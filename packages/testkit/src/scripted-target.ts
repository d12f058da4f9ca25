import { once } from 'node:events';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ReceivedSignals, createReceivedSignals } from './received-signals.ts';
import type { RecordedRequest, ScriptEntry, ScriptedAnswer, ScriptedResponse } from './target-script.ts';

/** A real HTTP server on loopback that records requests and answers them as its scripts say. */
export interface ScriptedTarget {
  /** The absolute URL of a path (`/charge?x=1`). */
  url(path: string): string;
  /** Every request whose body has arrived, oldest first. */
  readonly requests: readonly RecordedRequest[];
  /**
   * Scripts the answers of a path, in turn; the last one repeats. Calling it again replaces the script.
   * A path given without a query matches any query. A path without a script answers 200.
   */
  answer(path: string, ...script: ScriptEntry[]): void;
  /** Waits for the n-th request of a path, counted from 1 (default); rejects after `timeoutMs` (default 10,000). */
  received(path: string, n?: number, timeoutMs?: number): Promise<RecordedRequest>;
  /** Cuts all connections and stops to listen. */
  close(): Promise<void>;
}

/** Starts a target on a free port of 127.0.0.1; `monotonicMs` (default: the process's) stamps `receivedAt`. */
export async function startScriptedTarget(
  options: { monotonicMs?: () => number } = {},
): Promise<ScriptedTarget> {
  const monotonicMs = options.monotonicMs ?? (() => performance.now());
  const scripts = new Map<string, ScriptEntry[]>();
  const signals = createReceivedSignals();
  const closing = new AbortController();

  const server = createServer((request, response) => {
    const receivedAt = monotonicMs();
    serve(request, response, receivedAt, scripts, signals, closing.signal).catch((error: unknown) => {
      // The test sees a broken answer with the reason in it instead of a hang.
      if (response.headersSent) response.destroy();
      else response.writeHead(599).end(`the script threw: ${String(error)}`);
    });
  });
  // The scripts alone decide when a connection ends.
  server.requestTimeout = 0;
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  return {
    url: (path) => `http://127.0.0.1:${port}${path}`,
    requests: signals.requests,
    answer: (path, ...script) => void scripts.set(path, [...script]),
    received: (path, n = 1, timeoutMs = 10_000) => signals.received(path, n, timeoutMs),
    async close() {
      if (closing.signal.aborted) return;
      closing.abort();
      signals.close();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  receivedAt: number,
  scripts: ReadonlyMap<string, ScriptEntry[]>,
  signals: ReceivedSignals,
  closing: AbortSignal,
): Promise<void> {
  const disconnected = whenDisconnected(response);
  const body = await readBody(request);
  if (body === undefined) return;
  const recorded = recordOf(request, body, receivedAt, disconnected);
  // The entry is taken before the signal, so that a test may replace the script as soon as it is told.
  const entry = nextEntry(scripts, recorded.path);
  signals.record(recorded);
  const answer = typeof entry === 'function' ? await entry(recorded, response) : entry;
  if (answer !== undefined) await perform(answer, response, closing);
}

function nextEntry(scripts: ReadonlyMap<string, ScriptEntry[]>, path: string): ScriptEntry {
  const script = scripts.get(path) ?? scripts.get(path.split('?', 1)[0] ?? path) ?? [];
  return (script.length > 1 ? script.shift() : script[0]) ?? { status: 200 };
}

async function perform(answer: ScriptedAnswer, response: ServerResponse, closing: AbortSignal) {
  if (answer === 'hang') return;
  if (answer === 'reset') return void response.socket?.resetAndDestroy();
  await delay(answer, closing);
  if (!response.destroyed && !closing.aborted) {
    response.writeHead(answer.status, answer.headers).end(answer.body);
  }
}

function delay({ delayMs }: ScriptedResponse, closing: AbortSignal): Promise<void> | undefined {
  if (delayMs === undefined) return undefined;
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, delayMs);
    closing.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
}

function recordOf(
  request: IncomingMessage,
  body: Buffer,
  receivedAt: number,
  disconnected: Promise<void>,
): RecordedRequest {
  const { method = '', url = '', headers, rawHeaders } = request;
  return { method, path: url, headers, rawHeaders, body, receivedAt, disconnected };
}

/** The whole body, or undefined if the client went away in the middle of it. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) chunks.push(chunk as Buffer);
  } catch {
    return undefined;
  }
  return Buffer.concat(chunks);
}

function whenDisconnected(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    response.once('close', () => {
      if (!response.writableFinished) resolve();
    });
  });
}
