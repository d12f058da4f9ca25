import { allows, parseAllowEntry } from './allow-entry.ts';
import type { AllowEntry } from './allow-entry.ts';
import { parseIpAddress } from './ip-range.ts';
import { kindOfAddress } from './special-address.ts';

/** Which addresses tasks may be delivered to; public ones always, the never-reachable ones never. */
export interface TargetPolicy {
  /** Whether loopback and private addresses are reachable without an entry in `allow`. */
  listensOnLoopback: boolean;
  allow: readonly AllowEntry[];
}

/** The operator's settings of a target policy. */
export interface TargetPolicySettings {
  allow: readonly string[];
  listensOnLoopback: boolean;
}

/** A verdict of the target policy; `detail` says what is refused and what would help. */
export type TargetVerdict = { allowed: true } | { allowed: false; detail: string };

/** Reads the settings; throws a RangeError that names the first bad `allow` entry. */
export function parseTargetPolicy(settings: TargetPolicySettings): TargetPolicy {
  return { listensOnLoopback: settings.listensOnLoopback, allow: settings.allow.map(parseAllowEntry) };
}

/** Judges the address that is about to be dialled, on every dial: a name can change between two. Spec: POL-001, POL-002, POL-003. */
export function checkAddress(policy: TargetPolicy, address: string, port: number): TargetVerdict {
  const parsed = parseIpAddress(address);
  if (!parsed) return refused(`expected an IP address to dial, got ${address}`);
  const kind = kindOfAddress(parsed);
  switch (kind.addressClass) {
    case 'public':
      return { allowed: true };
    case 'loopback':
    case 'private': {
      const open =
        policy.listensOnLoopback || policy.allow.some((entry) => allows(entry, kind.address, port));
      if (open) return { allowed: true };
      return refusedUntilAllowed('address', `${address} port ${port} (${kind.label})`);
    }
    default:
      return refused(`expected an address that can be a target, got ${address} (${kind.label})`);
  }
}

/** Refuses what an entry in `allow` would open, and names the setting; what is never reachable has no remedy. */
export function refusedUntilAllowed(what: 'address' | 'host', got: string): TargetVerdict {
  const expected = `expected a public ${what} or one that the target policy allows`;
  return refused(`${expected}, got ${got}; the operator can allow it with DISPATCHR_TARGET_ALLOW`);
}

function refused(detail: string): TargetVerdict {
  return { allowed: false, detail };
}
