import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import type { Target } from '../create-target.ts';
import type { TargetAnswer } from '../target-answer.ts';
import { signalOf } from './answer-node.ts';
import { BodyTooLargeError, readStream } from './read-body.ts';
import { bodyTooLarge } from './refusals.ts';

/** What the plugin uses of a request of Fastify. */
interface Request {
  method: string;
  headers: IncomingHttpHeaders;
  body: unknown;
}

/** What the plugin uses of a reply of Fastify. */
interface Reply {
  raw: ServerResponse;
  code(status: number): this;
  headers(headers: Record<string, string>): this;
  send(body: string): this;
}

/** What the plugin uses of an instance of Fastify; the package itself does not need it. */
export interface FastifyScope {
  removeAllContentTypeParsers(): void;
  addContentTypeParser(
    contentType: string,
    parser: (request: unknown, payload: Readable) => Promise<unknown>,
  ): unknown;
  post(path: string, handler: (request: Request, reply: Reply) => Promise<unknown>): unknown;
}

/**
 * The target as a plugin of Fastify: `app.register(toFastifyPlugin(target, { path: '/tasks' }))`. Its parser, which leaves bodies
 * as they are, counts in its own scope only; the app's parsers stay as they are, and its hooks run for this route too.
 */
export function toFastifyPlugin(
  target: Target,
  { path }: { path: string },
): (scope: FastifyScope) => Promise<void> {
  return async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', async (_request, payload) => payload);
    scope.post(path, async (request, reply) => {
      const { status, headers, body } = await answerTo(target, request, signalOf(reply.raw));
      return reply.code(status).headers(headers).send(body);
    });
  };
}

async function answerTo(target: Target, request: Request, signal: AbortSignal): Promise<TargetAnswer> {
  const { method, headers } = request;
  // Fastify asks no parser about a request without a body.
  const payload = request.body as Readable | null | undefined;
  try {
    const body = payload ? await readStream(payload, target.maxBodyBytes) : new Uint8Array();
    return await target.handle({ method, headers, body, signal });
  } catch (error) {
    if (!(error instanceof BodyTooLargeError)) throw error;
    payload?.resume();
    return bodyTooLarge(target.maxBodyBytes);
  }
}
