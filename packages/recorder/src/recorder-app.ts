import Fastify, { LogController } from 'fastify';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { answerClientError } from './client-errors.ts';
import { sendErrorProblem, sendRouteNotFound } from './handle-errors.ts';

/** How long a sender may take, and an idle connection last; all in milliseconds. */
export interface ConnectionSettings {
  requestTimeoutMs: number;
  headersTimeoutMs: number;
  connectionsCheckIntervalMs: number;
  keepAliveTimeoutMs: number;
}

/** A Fastify app that answers problem details whatever happens, for a recorder that has a server of its own. */
export function createRecorderApp(settings: ConnectionSettings, logger?: FastifyBaseLogger): FastifyInstance {
  const app = Fastify({
    ...(logger && { loggerInstance: logger }),
    logController: new LogController({ disableRequestLogging: true }),
    // Requests that are in flight while the server closes get their answer and then `Connection: close`.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    requestTimeout: settings.requestTimeoutMs,
    keepAliveTimeout: settings.keepAliveTimeoutMs,
    // Fastify's requestTimeout alone lets a slow sender stay for ever.
    http: {
      headersTimeout: settings.headersTimeoutMs,
      connectionsCheckingInterval: settings.connectionsCheckIntervalMs,
    },
    // An id has up to 512 characters, each of which may arrive percent-encoded.
    routerOptions: { maxParamLength: 3 * 512 },
    clientErrorHandler: answerClientError,
    frameworkErrors: (error, request, reply) => void sendErrorProblem(error, request, reply),
  }) as FastifyInstance;
  // No line tells of a request by itself, so the id of a request in the others would lead nowhere.
  app.setChildLoggerFactory((parent) => parent);
  app.setNotFoundHandler(sendRouteNotFound);
  app.setErrorHandler(sendErrorProblem);
  return app;
}

/**
 * Has every answer end its connection once the app closes, or once the returned function was called: a connection
 * whose last request is answered while the server closes would stay open for keepAliveTimeout.
 */
export function endConnectionsWhenClosing(app: FastifyInstance): () => void {
  let isEnding = false;
  app.addHook('preClose', (done) => {
    isEnding = true;
    done();
  });
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (isEnding) reply.header('connection', 'close');
    done(null, payload);
  });
  return () => void (isEnding = true);
}
