/** A host name of DNS has no more characters. */
const MAX_HOST_LENGTH = 253;

/** What is wrong with a target as a URL, or undefined; whether it may be reached is the target policy's matter. */
export function checkTarget(target: string): string | undefined {
  if (/[\s\p{Cc}]/u.test(target)) return 'expected a URL without white space and control characters';
  const url = URL.canParse(target) ? new URL(target) : undefined;
  if (!url) return 'expected an absolute http or https URL, got one that cannot be parsed';
  if (!/^https?:\/\//i.test(target))
    return `expected a URL that begins with http:// or https://, got ${url.protocol}`;
  if (url.username !== '' || url.password !== '' || /^[^/]*\/\/[^/?]*@/.test(target)) {
    return 'expected a URL without userinfo; credentials belong in "headers"';
  }
  if (target.includes('#')) return 'expected a URL without a fragment, got one with "#"';
  if (url.hostname.length > MAX_HOST_LENGTH)
    return `expected a host of at most ${MAX_HOST_LENGTH} characters`;
  return undefined;
}
