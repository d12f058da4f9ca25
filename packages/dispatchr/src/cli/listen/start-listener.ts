import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { answerCodeOf } from './answer-codes.ts';
import { attemptOf, readDelivery } from './received-delivery.ts';
import type { ReceivedDelivery, ReceivedRequest } from './received-delivery.ts';
import type { JudgeSignature, SignatureVerdict } from './signature-verdict.ts';

/** How a target without an app listens and answers. */
export interface ListenerOptions {
  host: string;
  /** 0 takes any free one. */
  port: number;
  /** The answers to the attempts of each task, in turn; the last one repeats. */
  answerCodes: readonly number[];
  /** How long it waits with an answer, in milliseconds. */
  delayMs: number;
  judgeSignature: JudgeSignature;
  /** Told of each delivery right before it is answered. */
  onDelivery: (delivery: ReceivedDelivery) => void;
}

/** The largest body that is read, in bytes: many times what a recorder takes by default. A larger one is answered 413. */
export const MOST_BODY_BYTES = 16 * 1024 * 1024;

/** A target that listens. */
export interface Listener {
  url: string;
  /** Cuts all connections and stops to listen. */
  close(): void;
}

/** Starts a target that answers as it is told; resolves once it listens, rejects if it cannot. */
export async function startListener(options: ListenerOptions): Promise<Listener> {
  const server = createServer((request, response) => {
    serve(request, response, options).catch(() => response.destroy());
  });
  server.listen(options.port, options.host);
  await once(server, 'listening');
  const { address, family, port } = server.address() as AddressInfo;
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  options: ListenerOptions,
): Promise<void> {
  const { method = '', url: path = '', headers } = request;
  const body = await readBody(request);
  const received: ReceivedRequest = { method, path, headers, body: body ?? Buffer.alloc(0) };
  const at = new Date().toISOString();
  if (body !== undefined && options.delayMs > 0) await sleep(options.delayMs);
  const verdict = options.judgeSignature(headers, received.body);
  const { status, detail } = decide(received, body !== undefined, verdict, options);
  options.onDelivery(readDelivery(received, { at, signature: verdict.kind, status }));
  answer(response, status, detail);
}

function decide(
  { headers }: ReceivedRequest,
  isWhole: boolean,
  verdict: SignatureVerdict,
  { answerCodes }: ListenerOptions,
): { status: number; detail: string } {
  if (!isWhole) return { status: 413, detail: `expected at most ${MOST_BODY_BYTES} bytes, got more` };
  if (verdict.refusal !== undefined) return { status: 401, detail: verdict.refusal };
  const attempt = attemptOf(headers);
  const status = answerCodeOf(answerCodes, attempt);
  return { status, detail: `dispatchr listen was told to answer attempt ${attempt} so` };
}

function answer(response: ServerResponse, status: number, detail: string): void {
  if (status < 300) return void response.writeHead(status).end();
  const body = JSON.stringify({ type: 'about:blank', status, detail });
  response.writeHead(status, { 'content-type': 'application/problem+json' }).end(body);
}

/** The whole body, or undefined if it is larger than is read; Node lets the rest pass once it is answered. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += (chunk as Buffer).length;
    if (length > MOST_BODY_BYTES) return undefined;
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}
