/** A request of HTTP/1.x, read from bytes. */
export interface ReadRequest {
  readonly method: string;
  readonly path: string;
  readonly httpVersion: string;
  readonly rawHeaders: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
  /** How many bytes of the input it took. */
  readonly length: number;
}

const END_OF_HEADERS = Buffer.from('\r\n\r\n');

/**
 * Reads one request from the beginning of `bytes`.
 * Answers `'incomplete'` while more bytes are needed; throws what is wrong with bytes that are no HTTP/1.x.
 */
export function readRequest(bytes: Buffer): ReadRequest | 'incomplete' {
  const end = bytes.indexOf(END_OF_HEADERS);
  if (end < 0) return 'incomplete';
  const [requestLine = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const [, method, path, httpVersion] = /^(\S+) (\S+) HTTP\/(\d\.\d)$/.exec(requestLine) ?? [];
  if (method === undefined || path === undefined || httpVersion === undefined) {
    throw new Error(`expected a request line of HTTP/1.x, got ${JSON.stringify(requestLine)}`);
  }
  const rawHeaders = lines.map(headerOf);
  const body = bodyOf(bytes.subarray(end + END_OF_HEADERS.length), rawHeaders);
  if (body === 'incomplete') return 'incomplete';
  const length = end + END_OF_HEADERS.length + body.length;
  return { method, path, httpVersion, rawHeaders, body: body.content, length };
}

function headerOf(line: string): readonly [string, string] {
  const colon = line.indexOf(':');
  if (colon < 1) throw new Error(`expected a header field, got ${JSON.stringify(line)}`);
  return [line.slice(0, colon), line.slice(colon + 1).replaceAll(/^[ \t]+|[ \t]+$/g, '')];
}

type Body = { readonly content: Buffer; readonly length: number } | 'incomplete';

function bodyOf(bytes: Buffer, headers: ReadRequest['rawHeaders']): Body {
  const value = (wanted: string): string | undefined =>
    headers.find(([name]) => name.toLowerCase() === wanted)?.[1];
  if (/chunked/i.test(value('transfer-encoding') ?? '')) return chunkedBodyOf(bytes);
  const declared = value('content-length') ?? '0';
  if (!/^\d+$/.test(declared))
    throw new Error(`expected a length in digits, got ${JSON.stringify(declared)}`);
  const length = Number(declared);
  return bytes.length < length ? 'incomplete' : { content: bytes.subarray(0, length), length };
}

function chunkedBodyOf(bytes: Buffer): Body {
  const chunks: Buffer[] = [];
  let at = 0;
  for (;;) {
    const endOfSize = bytes.indexOf('\r\n', at);
    if (endOfSize < 0) return 'incomplete';
    const line = bytes.toString('latin1', at, endOfSize);
    if (!/^[0-9a-f]{1,8}([;\s].*)?$/i.test(line))
      throw new Error(`expected the size of a chunk, got ${JSON.stringify(line)}`);
    const size = Number.parseInt(line, 16);
    const start = endOfSize + 2;
    if (bytes.length < start + size + 2) return 'incomplete';
    if (size === 0) return { content: Buffer.concat(chunks), length: start + 2 };
    chunks.push(bytes.subarray(start, start + size));
    at = start + size + 2;
  }
}
