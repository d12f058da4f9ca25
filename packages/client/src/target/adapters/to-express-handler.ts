import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Target } from '../create-target.ts';
import { answerNode, sendNode } from './answer-node.ts';
import { bodyEaten } from './refusals.ts';
import { toNodeHandler } from './to-node-handler.ts';

const REMEDY = 'mount it before express.json(), or behind express.raw({ type: () => true })';

/**
 * The target as a handler of Express: `app.post('/tasks', toExpressHandler(target))`.
 *
 * Mount it before any body parser, or behind `express.raw({ type: () => true, limit })`, whose `limit` is then the one that
 * counts. If another parser has read the body the answer is a 500 that says so: the signature holds for the raw bytes only.
 */
export function toExpressHandler(
  target: Target,
): (request: IncomingMessage & { body?: unknown }, response: ServerResponse) => void {
  const handleNode = toNodeHandler(target);
  return (request, response) => {
    if (request.body instanceof Uint8Array) return void answerNode(target, request, response, request.body);
    if (request.readableDidRead) return sendNode(response, bodyEaten(REMEDY));
    handleNode(request, response);
  };
}
