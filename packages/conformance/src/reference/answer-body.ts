import type { Socket } from 'node:net';
import { gunzipSync } from 'node:zlib';
import type { MutantId } from '../selftest/mutants/index.ts';
import type { AnswerHead } from './answer-reader.ts';

const MAX_SHOWN_BYTES = 4096;
const MAX_READ_BYTES = 16_384;

/** The beginning of the body of an answer as text, as far as it arrives within `withinMs`. Spec: REC-063, DLV-034. */
export async function readBodyStart(
  socket: Socket,
  head: AnswerHead,
  withinMs: number,
  mutants: ReadonlySet<MutantId>,
): Promise<string> {
  let received = head.rest;
  let ended = socket.readableEnded || head.status === 304;
  await new Promise<void>((resolve) => {
    const isEnough = (): boolean => {
      const { data, complete } = contentOf(head, received, mutants);
      const enough = mutants.has('response-body-whole') ? MAX_READ_BYTES : MAX_SHOWN_BYTES;
      return ended || complete || data.length >= enough || received.length >= MAX_READ_BYTES;
    };
    if (isEnough()) return resolve();
    const timer = setTimeout(resolve, withinMs);
    const end = (): void => {
      clearTimeout(timer);
      resolve();
    };
    socket.on('data', (bytes: Buffer) => {
      received = Buffer.concat([received, bytes]);
      if (isEnough()) end();
    });
    socket.once('close', end).once('end', () => {
      ended = true;
      end();
    });
  });
  const { data, complete } = contentOf(head, received, mutants);
  const isZipped = head.fields.get('content-encoding')?.[0] === 'gzip' && mutants.has('body-decompressed');
  if (ended && !complete && mutants.has('broken-body-loses-text')) return '';
  return shownText(isZipped ? gunzipSync(data) : data, complete || ended, mutants);
}

/** What arrived of the content, its framing taken off, and whether that is all of it. */
function contentOf(
  { status, fields }: AnswerHead,
  received: Buffer,
  mutants: ReadonlySet<MutantId>,
): { data: Buffer; complete: boolean } {
  if (status === 304) return { data: Buffer.alloc(0), complete: true };
  if (
    !mutants.has('response-body-with-chunk-sizes') &&
    /chunked/i.test(fields.get('transfer-encoding')?.join() ?? '')
  )
    return unchunked(received);
  const length = Number(fields.get('content-length')?.[0]?.split(',')[0] ?? Infinity);
  return {
    data: received.subarray(0, Math.min(length, received.length)),
    complete: received.length >= length,
  };
}

function unchunked(received: Buffer): { data: Buffer; complete: boolean } {
  const parts: Buffer[] = [];
  for (let at = 0; ;) {
    const lineEnd = received.indexOf('\n', at);
    const size = Number.parseInt(received.toString('latin1', at, Math.max(at, lineEnd)), 16);
    const isBroken = lineEnd >= 0 && Number.isNaN(size);
    if (lineEnd < 0 || isBroken || size === 0) return { data: Buffer.concat(parts), complete: lineEnd >= 0 };
    parts.push(received.subarray(lineEnd + 1, lineEnd + 1 + size));
    at = lineEnd + 1 + size + 2;
    if (at > received.length) return { data: Buffer.concat(parts), complete: false };
  }
}

/** Bytes as text of at most 4,096 bytes in UTF-8; a character that is cut off at the end is left out. */
function shownText(data: Buffer, complete: boolean, mutants: ReadonlySet<MutantId>): string {
  if (mutants.has('response-body-whole')) return data.toString('utf8').replaceAll('\0', '\uFFFD');
  const cuts = mutants.has('response-body-cut-in-a-character');
  const isWhole = cuts || (complete && data.length <= MAX_SHOWN_BYTES);
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const text = decoder
    .decode(data.subarray(0, MAX_SHOWN_BYTES), { stream: !isWhole })
    .replaceAll('\0', mutants.has('response-body-nul-kept') ? '\0' : '\uFFFD');
  if (mutants.has('response-body-counted-before-repair')) return text;
  const bytes = Buffer.from(text).subarray(0, MAX_SHOWN_BYTES);
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes, {
    stream: !cuts,
  });
}
