import type { Limits, ProblemError } from '@dispatchr/contract';
import { escapePointer } from '../json/json-place.ts';
import { show } from './show.ts';

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const VALUE = /^[\t\u0020-\u007e\u0080-\u00ff]*$/;

/** Headers of the connection, and those that the scheduler sets: a producer's would break the request. */
const RESERVED = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
const RESERVED_PREFIXES = ['dispatchr-', 'webhook-'];

/** What is wrong with a submission's `headers`, header by header. */
export function checkHeaders(headers: Record<string, string>, limits: Limits): ProblemError[] {
  const errors: ProblemError[] = [];
  const seen = new Set<string>();
  for (const [name, value] of Object.entries(headers)) {
    const detail = nameProblem(name, seen) ?? valueProblem(value);
    if (detail !== undefined) errors.push({ pointer: `/headers/${escapePointer(name)}`, detail });
    seen.add(name.toLowerCase());
  }
  return [...errors, ...sizeErrors(headers, limits)];
}

function nameProblem(name: string, seen: ReadonlySet<string>): string | undefined {
  const lower = name.toLowerCase();
  if (!TOKEN.test(name)) return `expected a header name, got ${show(name)}`;
  if (seen.has(lower)) return `expected each header once, got ${show(name)} in another case too`;
  if (RESERVED.has(lower) || RESERVED_PREFIXES.some((prefix) => lower.startsWith(prefix))) {
    return `expected a header that a producer may set, got ${show(name)}`;
  }
  return undefined;
}

function valueProblem(value: string): string | undefined {
  return VALUE.test(value)
    ? undefined
    : 'expected characters of ISO 8859-1 without control characters other than tab';
}

function sizeErrors(headers: Record<string, string>, limits: Limits): ProblemError[] {
  const entries = Object.entries(headers);
  // ISO 8859-1: a byte a character.
  const bytes = entries.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  const errors: ProblemError[] = [];
  if (entries.length > limits.maxHeaders) {
    errors.push({
      pointer: '/headers',
      detail: `expected at most ${limits.maxHeaders} headers, got ${entries.length}`,
    });
  }
  if (bytes > limits.maxHeaderBytes) {
    errors.push({
      pointer: '/headers',
      detail: `expected at most ${limits.maxHeaderBytes} bytes, got ${bytes}`,
    });
  }
  return errors;
}
