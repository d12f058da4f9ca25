import type { ProblemError } from '@dispatchr/contract';
import { show } from './show.ts';

/** What is wrong with the member `origin` of a body as an origin; nothing if its schema found it wrong already. */
export function checkOriginMember(body: unknown, schemaErrors: readonly ProblemError[]): ProblemError[] {
  if (schemaErrors.length > 0) return [];
  const detail = checkOrigin((body as { origin: string }).origin);
  return detail === undefined ? [] : [{ pointer: '/origin', detail }];
}

function checkOrigin(origin: string): string | undefined {
  const expected =
    'expected an origin such as https://app.example.com or http://127.0.0.1:8000: scheme, host and port alone';
  // First, so that a password is never repeated.
  if (origin.includes('@')) return `${expected}, got one with "@"`;
  const url = URL.canParse(origin) ? new URL(origin) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') return `${expected}, got ${show(origin)}`;
  if (url.origin !== origin) return `expected ${show(url.origin)}, got ${show(origin)}`;
  return undefined;
}
