import { Agent, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';

/** What came of a call: an answer, or none. */
export type Reply =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly body: unknown;
      readonly retryAfterMs?: number;
    }
  /** `wasSent` is false only where the connection was refused, so that nothing can have been recorded. */
  | { readonly kind: 'lost'; readonly error: string; readonly wasSent: boolean };

/** Calls a recorder's API over keep-alive connections. */
export interface RecorderClient {
  /** Posts JSON text, or nothing; never rejects. */
  post(recorder: string, path: string, call?: { body?: string; idempotencyKey?: string }): Promise<Reply>;
  /** Puts JSON text; never rejects. */
  put(recorder: string, path: string, body: string): Promise<Reply>;
  close(): void;
}

/** A producer's patience, longer than any deadline of a recorder. */
const ANSWER_WITHIN_MS = 20_000;

/** A client with connections of its own, as each process of a producer has. */
export function createRecorderClient(): RecorderClient {
  const agent = new Agent({ keepAlive: true, maxSockets: 64, scheduling: 'lifo' });
  return {
    post: (recorder, path, call = {}) => send(agent, 'POST', `${recorder}${path}`, call),
    put: (recorder, path, body) => send(agent, 'PUT', `${recorder}${path}`, { body }),
    close: () => agent.destroy(),
  };
}

function send(
  agent: Agent,
  method: 'POST' | 'PUT',
  url: string,
  call: { body?: string; idempotencyKey?: string },
): Promise<Reply> {
  const { body = '', idempotencyKey } = call;
  const headers = {
    'content-length': Buffer.byteLength(body),
    ...(body !== '' && { 'content-type': 'application/json' }),
    ...(idempotencyKey !== undefined && { 'idempotency-key': `"${idempotencyKey}"` }),
  };
  return new Promise((resolve) => {
    const lose = (error: NodeJS.ErrnoException): void => {
      clearTimeout(patience);
      const how = sent.reusedSocket ? ' on a connection that was kept' : '';
      const what = `${error.code ?? error.message}${how}`;
      resolve({ kind: 'lost', error: what, wasSent: error.code !== 'ECONNREFUSED' });
    };
    const sent = request(url, { method, agent, headers }, (response) => {
      readReply(response).then((reply) => {
        clearTimeout(patience);
        resolve(reply);
      }, lose);
    });
    const patience = setTimeout(() => sent.destroy(new Error('no answer in time')), ANSWER_WITHIN_MS);
    sent.on('error', lose);
    sent.end(body);
  });
}

async function readReply(response: IncomingMessage): Promise<Reply> {
  const body = await text(response);
  const retryAfter = response.headers['retry-after'];
  return {
    kind: 'answered',
    status: response.statusCode ?? 0,
    body: body === '' ? undefined : JSON.parse(body),
    ...(retryAfter !== undefined && { retryAfterMs: Number(retryAfter) * 1000 }),
  };
}
