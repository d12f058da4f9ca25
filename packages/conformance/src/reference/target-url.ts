import type { MutantId } from '../selftest/mutants/index.ts';
import { lengthOf } from './member-reader.ts';

/** The URL of a target, or what was expected of it. Spec: POL-020, POL-021. */
export function parseTarget(text: string, mutants: ReadonlySet<MutantId>): URL | string {
  if (text.startsWith('javascript:') && mutants.has('javascript-target-accepted')) return new URL(text);
  if (text.includes('#') && mutants.has('fragment-accepted') && URL.canParse(text)) return new URL(text);
  if (!/^https?:\/\/[^#]+$/i.test(text)) return 'an absolute http or https URL without fragment';
  const isInUtf16 = text.length > 2048 && mutants.has('target-counted-in-utf16');
  if (isInUtf16 || lengthOf(text) > 2048) return 'at most 2048 characters';
  // oxlint-disable-next-line no-control-regex -- control characters are what it looks for.
  if (/[\s\u0000-\u001f\u007f-\u009f]/u.test(text) && !mutants.has('white-space-accepted'))
    return 'no white space and no control characters';
  const authority = /^https?:[/\\]+([^/\\?]*)/i.exec(text)?.[1] ?? '';
  if (authority.includes('@') && !mutants.has('userinfo-accepted')) return 'no userinfo';
  if (!URL.canParse(text)) return 'an absolute http or https URL';
  const url = new URL(text);
  const isTooLong = url.hostname.length > 253 && !mutants.has('host-length-ignored');
  return isTooLong ? 'a host of at most 253 characters' : url;
}
