import { METADATA_NAMES } from '@dispatchr/contract';
import { isIP } from 'node:net';
import { checkAddress, refusedUntilAllowed } from './target-policy.ts';
import type { TargetPolicy, TargetVerdict } from './target-policy.ts';

/** What `localhost` stands for (RFC 6761). Spec: POL-007. */
const LOCALHOST_ADDRESSES = ['127.0.0.1', '::1'];

/**
 * Judges a target at submit by what its URL alone tells: IP literals, `localhost` and metadata names. Every
 * other name passes, and the address it resolves to is judged on each dial by `checkAddress`.
 * Spec: POL-006 to POL-009.
 */
export function checkTargetUrl(policy: TargetPolicy, target: string): TargetVerdict {
  const url = URL.canParse(target) ? new URL(target) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    return { allowed: false, detail: `expected an absolute http or https URL, got ${target}` };
  }
  return checkHost(policy, hostOf(url), portOf(url));
}

/** Scheme, host and port of an http(s) target, the flow key of tasks that have none. Throws on an invalid URL. */
export function originOf(target: string): string {
  return new URL(target).origin;
}

function checkHost(policy: TargetPolicy, host: string, port: number): TargetVerdict {
  if (isIP(host)) return checkAddress(policy, host, port);
  // Spec: POL-008.
  if (METADATA_NAMES.includes(host)) {
    return { allowed: false, detail: `expected a host that can be a target, got ${host} (metadata)` };
  }
  if (host !== 'localhost' && !host.endsWith('.localhost')) return { allowed: true };
  const reachable = LOCALHOST_ADDRESSES.some((address) => checkAddress(policy, address, port).allowed);
  if (reachable) return { allowed: true };
  return refusedUntilAllowed('host', `${host} port ${port} (loopback)`);
}

/** The host as it is looked up: without an IPv6 literal's brackets and a fully qualified name's last dot. */
function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
}

/** A URL leaves out the default port of its scheme. */
function portOf(url: URL): number {
  return Number(url.port || (url.protocol === 'https:' ? 443 : 80));
}
