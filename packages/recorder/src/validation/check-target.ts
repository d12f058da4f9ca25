import { show } from './show.ts';

/** A host name of DNS has no more characters. */
const MAX_HOST_LENGTH = 253;

/** Something before "@" where the host would begin, also in what is no URL, or an empty user of one. */
const USERINFO = /^(?:[^/\\?#@]*[/\\]{2})?[^/?#]*@/;

/** What is wrong with a target as a URL, or undefined; whether it may be reached is the target policy's matter. */
export function checkTarget(target: unknown): string | undefined {
  const expected = 'expected an absolute http or https URL such as http://127.0.0.1:8000/tasks';
  if (typeof target !== 'string') return `${expected}, got ${show(target)}`;
  const url = URL.canParse(target) ? new URL(target) : undefined;
  // First, so that a password is never repeated.
  if (USERINFO.test(target) || (url && url.username + url.password !== ''))
    return 'expected a URL without userinfo, got one with "@"; credentials belong in "headers"';
  if (/[\s\p{Cc}]/u.test(target))
    return `expected a URL without white space and control characters, got ${show(target)}`;
  if (!url || !/^https?:\/\//i.test(target)) return `${expected}, got ${show(target)}`;
  if (target.includes('#'))
    return `expected a URL without a fragment, got ${show(target)}; leave out "#" and what follows`;
  if (url.hostname.length > MAX_HOST_LENGTH)
    return `expected a host of at most ${MAX_HOST_LENGTH} characters, got ${url.hostname.length}`;
  return undefined;
}
