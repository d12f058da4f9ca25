import { isUtf8 } from 'node:buffer';
import { MalformedJsonError } from './malformed-json-error.ts';
import { JsonReader } from './json-reader.ts';
import type { RecordOptions } from './json-reader.ts';

/** What parseStrictJson accepts and what it leaves raw. */
export interface StrictJsonOptions {
  /** Containers within one another, the outermost included; at most 1,000, because reading recurses. */
  maxDepth: number;
  /** Values outside raw members at most; bounds the memory a hostile text can take. No bound by default. */
  maxValues?: number;
  /** Objects whose source text is kept and one member of which stays raw. */
  records?: RecordOptions;
}

/** A parsed text, with the source text of its records. */
export interface StrictJson {
  value: unknown;
  /** How many values it has outside of raw members. */
  values: number;
  /** The verbatim text of a record, or undefined for any other object. */
  sourceOf(record: object): string | undefined;
}

/**
 * Parses a whole body of JSON and refuses what JSON.parse lets through: duplicate members, NUL, lone
 * surrogates, too deep nesting, invalid UTF-8 and a byte order mark. Throws MalformedJsonError, or
 * TooManyValuesError.
 */
export function parseStrictJson(bytes: Buffer, options: StrictJsonOptions): StrictJson {
  refuseByteOrderMark(bytes);
  if (!isUtf8(bytes)) {
    throw new MalformedJsonError(
      `expected UTF-8, got an invalid sequence at byte ${invalidByteOffset(bytes)}`,
    );
  }
  const text = bytes.toString('utf8');
  const reader = new JsonReader(text, options);
  const value = reader.readText();
  return { value, values: reader.values, sourceOf: (record) => reader.sourceOf(record) };
}

function refuseByteOrderMark(bytes: Buffer): void {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
    throw new MalformedJsonError('expected JSON, got a byte order mark at byte 0');
  }
}

function invalidByteOffset(bytes: Buffer): number {
  const text = bytes.toString('utf8');
  let offset = 0;
  let from = 0;
  for (;;) {
    const at = text.indexOf('\uFFFD', from);
    offset += Buffer.byteLength(text.slice(from, at));
    const wasSent = bytes[offset] === 0xef && bytes[offset + 1] === 0xbf && bytes[offset + 2] === 0xbd;
    if (!wasSent) return offset;
    offset += 3;
    from = at + 1;
  }
}
