import { createHash } from 'node:crypto';
import { canonicalJson } from './json/canonical-json.ts';

/**
 * SHA-256 (hexadecimal) of a task's content as sent: equal for texts that differ only in white space, order of
 * members or escapes. `source` is text that parseStrictJson has accepted.
 */
export function fingerprintOf(source: string): string {
  return createHash('sha256').update(canonicalJson(source), 'utf8').digest('hex');
}
