import type { Readable } from 'node:stream';

/** Thrown for a body of more bytes than are read. */
export class BodyTooLargeError extends Error {
  override readonly name = 'BodyTooLargeError';
}

/** Reads a body of at most `maxBytes`; rejects with a `BodyTooLargeError` as soon as there are more. */
export async function readBody(chunks: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of chunks) {
    length += part.length;
    if (length > maxBytes) throw new BodyTooLargeError(`expected at most ${maxBytes} bytes, got more`);
    parts.push(part);
  }
  const body = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    body.set(part, offset);
    offset += part.length;
  }
  return body;
}

/** `readBody` of a stream of Node, which it leaves open: the connection is of use only if the rest is let pass. */
export function readStream(stream: Readable, maxBytes: number): Promise<Uint8Array> {
  return readBody(stream.iterator({ destroyOnReturn: false }), maxBytes);
}
