import type { TargetAnswer } from '../target-answer.ts';
import type { Target } from '../create-target.ts';
import { BodyTooLargeError, readBody } from './read-body.ts';
import { bodyEaten, bodyTooLarge } from './refusals.ts';

/** The target as a function from `Request` to `Response`: Next.js route handlers, Hono, Bun, Deno, workers. */
export function toFetchHandler(target: Target): (request: Request) => Promise<Response> {
  return async (request) => {
    const { status, headers, body } = await answerTo(target, request);
    return new Response(body === '' ? null : body, { status, headers });
  };
}

async function answerTo(target: Target, request: Request): Promise<TargetAnswer> {
  if (request.bodyUsed) return bodyEaten('give this handler the request before its body is read');
  const { method, headers, signal } = request;
  try {
    const chunks = request.body as AsyncIterable<Uint8Array> | null;
    const body = chunks === null ? new Uint8Array() : await readBody(chunks, target.maxBodyBytes);
    return await target.handle({ method, headers, body, signal });
  } catch (error) {
    if (error instanceof BodyTooLargeError) return bodyTooLarge(target.maxBodyBytes);
    throw error;
  }
}
