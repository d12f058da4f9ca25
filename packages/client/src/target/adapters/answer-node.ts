import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Target } from '../create-target.ts';
import type { TargetAnswer } from '../target-answer.ts';

/** Hands a request whose body was read to the target, and sends the answer. */
export async function answerNode(
  target: Target,
  request: IncomingMessage,
  response: ServerResponse,
  body: Uint8Array,
): Promise<void> {
  const { method = 'POST', headers } = request;
  sendNode(response, await target.handle({ method, headers, body, signal: signalOf(response) }));
}

/** Sends an answer. */
export function sendNode(response: ServerResponse, { status, headers, body }: TargetAnswer): void {
  const length = body === '' ? {} : { 'content-length': Buffer.byteLength(body) };
  response.writeHead(status, { ...headers, ...length }).end(body);
}

/** A signal that is aborted when the connection closes before the answer was sent. */
export function signalOf(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished)
      controller.abort(new Error('the scheduler no longer waits for the answer'));
  });
  return controller.signal;
}
