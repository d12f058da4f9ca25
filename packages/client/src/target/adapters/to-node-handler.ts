import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Target } from '../create-target.ts';
import { answerNode, sendNode } from './answer-node.ts';
import { BodyTooLargeError, readStream } from './read-body.ts';
import { bodyTooLarge } from './refusals.ts';

/** The target as a listener of `node:http`: `createServer(toNodeHandler(target))`. */
export function toNodeHandler(target: Target): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => void serve(target, request, response);
}

async function serve(target: Target, request: IncomingMessage, response: ServerResponse): Promise<void> {
  let body: Uint8Array;
  try {
    body = await readStream(request, target.maxBodyBytes);
  } catch (error) {
    // A connection that was lost has nobody to answer to.
    if (!(error instanceof BodyTooLargeError)) return void response.destroy();
    sendNode(response, bodyTooLarge(target.maxBodyBytes));
    // What is still on its way is let pass, so that the connection can be used again.
    return void request.resume();
  }
  await answerNode(target, request, response, body);
}
