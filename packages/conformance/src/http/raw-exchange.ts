import net from 'node:net';
import tls from 'node:tls';
import type { HttpResponse } from './http-client.ts';

/** What came of bytes that were written to a connection of their own. */
export interface RawExchange {
  /** The responses that came whole, in order. */
  readonly responses: readonly HttpResponse[];
  /** Everything that came. */
  readonly bytes: Buffer;
  /** True if the peer ended the connection. */
  readonly isClosed: boolean;
  readonly durationMs: number;
}

export interface RawExchangeOptions {
  /** Ends as soon as so many responses have come; 1 if it is left out. */
  readonly responses?: number;
  /** Ends after so long, whatever came, in milliseconds. */
  readonly timeoutMs: number;
  readonly insecure?: boolean;
  /** Ends the connection as soon as everything is written: a client that goes away. */
  readonly hangUp?: boolean;
}

/** Writes bytes as they are to the host of a URL; never rejects because of what the peer does once it is connected. */
export async function rawExchange(
  url: string,
  bytes: string | Buffer,
  options: RawExchangeOptions,
): Promise<RawExchange> {
  const startedAtMs = performance.now();
  const socket = await connected(new URL(url), options.insecure === true);
  let received: Buffer = Buffer.alloc(0);
  const isClosed = await new Promise<boolean>((resolve) => {
    const timer = setTimeout(() => resolve(false), options.timeoutMs);
    const done = (closed: boolean): void => (clearTimeout(timer), resolve(closed));
    socket.on('data', (part: Buffer) => {
      received = Buffer.concat([received, part]);
      if (responsesOf(received, false).length >= (options.responses ?? 1)) done(false);
    });
    // A reset is one way to close; `close` follows it.
    socket.on('error', () => undefined);
    socket.on('end', () => done(true));
    socket.on('close', () => done(true));
    socket.write(bytes, () => {
      if (options.hangUp === true) done(false);
    });
  });
  socket.destroy();
  const durationMs = performance.now() - startedAtMs;
  return { responses: responsesOf(received, isClosed), bytes: received, isClosed, durationMs };
}

function connected(url: URL, insecure: boolean): Promise<net.Socket> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const secure = url.protocol === 'https:';
  const port = Number(url.port || (secure ? 443 : 80));
  return new Promise((resolve, reject) => {
    const socket: net.Socket = secure
      ? tls.connect({ host, port, servername: host, rejectUnauthorized: !insecure })
      : net.connect({ host, port });
    socket.once('error', reject);
    socket.once(secure ? 'secureConnect' : 'connect', () => {
      socket.off('error', reject);
      resolve(socket);
    });
  });
}

/** The complete responses at the beginning of `bytes`; one that only the end of the connection frames counts if `isClosed`. */
function responsesOf(bytes: Buffer, isClosed: boolean): HttpResponse[] {
  const found: HttpResponse[] = [];
  let rest = bytes;
  for (;;) {
    const end = rest.indexOf('\r\n\r\n');
    if (end < 0) return found;
    const [line = '', ...fields] = rest.toString('latin1', 0, end).split('\r\n');
    const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(line)?.[1] ?? 0);
    const headers = Object.fromEntries(fields.map(fieldOf));
    const body =
      status < 200 || status === 204 ? EMPTY : framedBody(rest.subarray(end + 4), headers, isClosed);
    if (body === undefined) return found;
    if (status >= 200)
      found.push({ status, headers, body: body.content, text: body.content.toString('utf8') });
    rest = rest.subarray(end + 4 + body.length);
  }
}

interface FramedBody {
  readonly content: Buffer;
  readonly length: number;
}

const EMPTY: FramedBody = { content: Buffer.alloc(0), length: 0 };

function fieldOf(field: string): [string, string] {
  const colon = field.indexOf(':');
  return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()];
}

function framedBody(
  bytes: Buffer,
  headers: Readonly<Record<string, string>>,
  isClosed: boolean,
): FramedBody | undefined {
  if (/chunked/i.test(headers['transfer-encoding'] ?? '')) return chunkedBody(bytes);
  const declared = headers['content-length'];
  if (declared === undefined) return isClosed ? { content: bytes, length: bytes.length } : undefined;
  const length = Number(declared);
  return bytes.length < length ? undefined : { content: bytes.subarray(0, length), length };
}

function chunkedBody(bytes: Buffer): FramedBody | undefined {
  const chunks: Buffer[] = [];
  for (let at = 0; ;) {
    const endOfSize = bytes.indexOf('\r\n', at);
    const size = endOfSize < 0 ? NaN : Number.parseInt(bytes.toString('latin1', at, endOfSize), 16);
    const end = endOfSize + 2 + size;
    if (!(bytes.length >= end + 2)) return undefined;
    if (size === 0) return { content: Buffer.concat(chunks), length: end + 2 };
    chunks.push(bytes.subarray(endOfSize + 2, end));
    at = end + 2;
  }
}
