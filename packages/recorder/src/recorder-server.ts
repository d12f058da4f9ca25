import { Server } from 'node:net';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { createRecorderApp, endConnectionsWhenClosing } from './recorder-app.ts';
import { RECORDER_OPTION_NAMES, refuseUnknownNames } from './recorder-options.ts';
import type { RecorderOptions } from './recorder-options.ts';
import { createRecorderUntil } from './recorder-plugin.ts';

/** Options of the stand-alone server, beside those of the recorder. */
export interface RecorderServerOptions extends RecorderOptions {
  /** Address to listen on. Any but a loopback address needs a token. */
  host?: string;
  /** Port to listen on; 0 chooses a free one. */
  port?: number;
  /** Milliseconds in which a whole request must have arrived. */
  requestTimeoutMs?: number;
  /** Milliseconds in which a request's header section must have arrived. */
  headersTimeoutMs?: number;
  /** How often, in milliseconds, slow senders are looked for; they stay up to this much longer. */
  connectionsCheckIntervalMs?: number;
  /** Milliseconds an idle connection is kept. */
  keepAliveTimeoutMs?: number;
  /** A pino-like logger. None by default. */
  logger?: FastifyBaseLogger;
}

/** A server that listens. */
export interface RecorderServer {
  /** Where it can be reached, for example `http://127.0.0.1:9090`. */
  url: string;
  /**
   * Takes no new connections, and ends each one there is with its next answer. Called a moment before `close`, it
   * leaves few on which a request may be under way when they are closed; such a request would get no answer.
   */
  endConnections(): void;
  /** Takes no new connections, lets the requests in flight finish, and closes idle connections. */
  close(): Promise<void>;
}

/** What counts when an option of the server is left out. */
export const RECORDER_SERVER_DEFAULTS = Object.freeze({
  host: '127.0.0.1',
  port: 9090,
  requestTimeoutMs: 10_000,
  headersTimeoutMs: 10_000,
  connectionsCheckIntervalMs: 1000,
  keepAliveTimeoutMs: 72_000,
});

type ServerSettings = typeof RECORDER_SERVER_DEFAULTS;

/**
 * Starts a server of its own for the Recorder API. Throws an Error of one sentence for a host that needs a token,
 * and Node's error (EADDRINUSE, for instance) when it cannot listen.
 */
export async function startRecorder(options: RecorderServerOptions): Promise<RecorderServer> {
  const { settings, logger, recorder } = resolveServerOptions(options);
  refuseOpenHost(settings.host, recorder.token);
  const app = createRecorderApp(settings, logger);
  const endConnections = endConnectionsWhenClosing(app);
  const ending = new AbortController();
  app.register(createRecorderUntil(recorder, ending.signal));
  try {
    const url = await app.listen({ host: settings.host, port: settings.port });
    return { url, ...endingOf(app, endConnections, ending) };
  } catch (error) {
    await app.close();
    throw error;
  }
}

/** HTTP's own `close` would cut idle connections at once; that of the socket below only stops listening. */
function endingOf(app: FastifyInstance, endEachConnection: () => void, ending: AbortController) {
  let stopped: Promise<void> | undefined;
  return {
    endConnections() {
      endEachConnection();
      stopped ??= new Promise((resolve) => void Server.prototype.close.call(app.server, () => resolve()));
    },
    async close() {
      // Before connections are waited for: a submit that waits would keep its own open.
      ending.abort();
      app.server.closeIdleConnections();
      await stopped;
      await app.close();
    },
  };
}

/** Throws unless only this machine can reach the host, or a token guards it. */
export function refuseOpenHost(host: string, token: string | undefined): void {
  if (token !== undefined || isLoopback(host)) return;
  throw new Error(
    `Listening on ${host} needs a bearer token: set one (DISPATCHR_TOKEN), or listen on 127.0.0.1 for this machine alone.`,
  );
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}

function resolveServerOptions(options: RecorderServerOptions) {
  const names = Object.keys(RECORDER_SERVER_DEFAULTS);
  refuseUnknownNames('option', Object.keys(options), [...RECORDER_OPTION_NAMES, ...names, 'logger']);
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const ofServer = Object.fromEntries(given.filter(([name]) => names.includes(name)));
  const ofRecorder = Object.fromEntries(given.filter(([name]) => !names.includes(name) && name !== 'logger'));
  return {
    settings: { ...RECORDER_SERVER_DEFAULTS, ...ofServer } as ServerSettings,
    recorder: ofRecorder as unknown as RecorderOptions,
    logger: options.logger,
  };
}
