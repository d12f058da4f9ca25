import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
import { sendAnswer } from './mount-operations.ts';
import { unauthorized } from './problems.ts';

/** A hook that answers 401 unless the request carries the token; without a token everybody passes. */
export function createAuthentication(token: string | undefined): onRequestAsyncHookHandler {
  if (token === undefined) return async () => {};
  const expected = digest(token);
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const sent = /^Bearer +(.+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (sent === undefined) {
      return sendAnswer(reply, unauthorized('Bearer', 'expected Authorization: Bearer <token>, got none'));
    }
    if (timingSafeEqual(digest(sent.trim()), expected)) return undefined;
    return sendAnswer(
      reply,
      unauthorized('Bearer error="invalid_token"', 'expected the token of this recorder'),
    );
  };
}

/** Digests have one length, which a comparison in constant time needs. */
function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
