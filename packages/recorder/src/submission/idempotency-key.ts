import { show, shorten } from '../validation/show.ts';

/** What the Idempotency-Key header says: a key, or why it is none. */
export type IdempotencyKey = { kind: 'key'; key: string } | { kind: 'malformed'; detail: string };

/** A string of RFC 9651: printable ASCII in double quotes, in which only `"` and `\` are escaped. */
const QUOTED = /^ *"((?:[\u0020-\u0021\u0023-\u005b\u005d-\u007e]|\\["\\])*)" *$/;
const MAX_LENGTH = 255;

/** Reads the value of an Idempotency-Key header: a quoted string of 1 to 255 characters. */
export function parseIdempotencyKey(value: string): IdempotencyKey {
  const quoted = QUOTED.exec(value)?.[1];
  if (quoted === undefined) {
    // As it came: quotes around it would look like those that are missing.
    const got = value === '' ? 'nothing' : shorten(value);
    return {
      kind: 'malformed',
      detail: `expected one string in double quotes, such as "7f0c2a", got ${got}`,
    };
  }
  const key = quoted.replaceAll(/\\(.)/g, '$1');
  if (key.length >= 1 && key.length <= MAX_LENGTH) return { kind: 'key', key };
  return {
    kind: 'malformed',
    detail: `expected 1 to ${MAX_LENGTH} characters between the quotes, got ${key.length}: ${show(key)}`,
  };
}
