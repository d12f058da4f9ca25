import type { FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { PROBLEM_CONTENT_TYPE } from './problems.ts';
import type { ProblemAnswer } from './problems.ts';

/** Bytes of a refused body that are read and dropped at most. The server's requestTimeout bounds the time. */
const MAX_DROPPED_BYTES = 64 * 1024 * 1024;

/** Whether the whole request was received. */
export function hasArrived(request: IncomingMessage): boolean {
  return request.complete || request.readableEnded;
}

/**
 * Sends a problem at once but ends the connection only after the sender is through: closed earlier, the
 * connection is reset under a sender that still writes, which then never sees the answer.
 */
export function sendWhileReading(
  request: FastifyRequest,
  reply: FastifyReply,
  answer: ProblemAnswer,
): FastifyReply {
  const text = JSON.stringify(answer.body);
  const body = Readable.from(textThenRest(text, request.raw), { objectMode: false });
  return reply
    .code(answer.status)
    .headers({ ...answer.headers, 'Content-Length': Buffer.byteLength(text), Connection: 'close' })
    .type(PROBLEM_CONTENT_TYPE)
    .send(body);
}

async function* textThenRest(text: string, request: IncomingMessage): AsyncGenerator<string> {
  yield text;
  await dropRest(request);
}

function dropRest(request: IncomingMessage): Promise<void> {
  if (hasArrived(request) || request.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    let dropped = 0;
    request.on('data', (chunk: Buffer) => {
      dropped += chunk.length;
      if (dropped > MAX_DROPPED_BYTES) resolve();
    });
    for (const end of ['end', 'close', 'error']) request.once(end, () => resolve());
    request.resume();
  });
}
