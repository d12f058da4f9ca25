import { parseTargetPolicy } from '@dispatchr/lifecycle';
import type { TargetPolicy } from '@dispatchr/lifecycle';
import type { ServiceRole, Settings } from '../settings/settings-catalogue.ts';

/**
 * The target policy of a process. Loopback and private targets are open while the API listens on loopback.
 * A scheduler alone listens on nothing and cannot know where the recorders listen: it takes the set-up for a
 * single machine only if its database is on loopback as well.
 */
export function targetPolicyOf(role: ServiceRole, settings: Settings): TargetPolicy {
  return parseTargetPolicy({
    allow: settings.targetAllow,
    listensOnLoopback: isPrivateSetUp(role, settings),
  });
}

/** Whether a host to listen on is reached from this machine only. */
export function isLoopbackHost(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase();
  return bare === 'localhost' || bare === '::1' || /^127(\.\d{1,3}){3}$/.test(bare);
}

function isPrivateSetUp(role: ServiceRole, settings: Settings): boolean {
  if (!isLoopbackHost(settings.host)) return false;
  return (
    role !== 'scheduler' || (settings.databaseUrl !== undefined && isOnThisMachine(settings.databaseUrl))
  );
}

/** A URL without a host means the Unix socket of this machine; so does a `host` in the query that is a path. */
function isOnThisMachine(databaseUrl: string): boolean {
  const url = new URL(databaseUrl);
  const host = url.searchParams.get('host') ?? decodeURIComponent(url.hostname);
  return host === '' || host.startsWith('/') || isLoopbackHost(host);
}
