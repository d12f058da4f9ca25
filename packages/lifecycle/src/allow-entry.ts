import { contains, hasHostBits, parseIpRange } from './ip-range.ts';
import type { IpAddress, IpRange } from './ip-range.ts';
import { findSpecialRange, labelOf } from './special-address.ts';

/** Loopback or private addresses that the operator opens, on one port or on all. */
export interface AllowEntry {
  /** As the operator wrote it. */
  text: string;
  range: IpRange;
  port?: number;
}

const FORMS = 'an address or CIDR range with an optional port, such as 10.1.0.0/16:8080 or [fd00::/8]:8080';

/**
 * Reads one `allow` entry: `10.1.0.0/16`, `10.1.0.0/16:8080`, `fd00::/8`, `[fd00::/8]:8080`, or a single
 * address in the range's place. Throws a RangeError for anything else and for what no entry can open. Spec: POL-005.
 */
export function parseAllowEntry(text: string): AllowEntry {
  const { rangeText, portText } = splitPort(text.trim());
  const range = parseIpRange(rangeText);
  if (!range) throw refusal(FORMS, text);
  if (hasHostBits(range)) throw refusal('no bit set after the prefix', text);
  refuseWhatNoEntryOpens(range, text);
  if (portText === undefined) return { text, range };
  const port = Number(portText);
  if (!/^[1-9]\d{0,4}$/.test(portText) || port > 65_535) throw refusal('a port from 1 to 65535', text);
  return { text, range, port };
}

/** Whether the entry covers this address on this port. */
export function allows(entry: AllowEntry, address: IpAddress, port: number): boolean {
  return (entry.port === undefined || entry.port === port) && contains(entry.range, address);
}

function splitPort(text: string): { rangeText: string; portText?: string } {
  const bracketed = /^\[([^[\]]*)\](?::(.*))?$/.exec(text);
  // Without brackets a single colon starts a port; an IPv6 address has at least two.
  const plain = /^([^:[\]]*)(?::([^:]*))?$/.exec(text);
  // Brackets are for IPv6 alone, as in a URL.
  const [, rangeText = text, portText] = (bracketed?.[1]?.includes(':') ? bracketed : plain) ?? [];
  return portText === undefined ? { rangeText } : { rangeText, portText };
}

function refuseWhatNoEntryOpens(range: IpRange, text: string): void {
  const special = findSpecialRange(range);
  if (!special || special.addressClass === 'loopback' || special.addressClass === 'private') return;
  const holdsIpv4 = special.addressClass === 'mapped' || special.addressClass === 'translated';
  const expected = holdsIpv4 ? 'the IPv4 range itself' : 'a range that can be reached';
  throw refusal(expected, `${text} (${labelOf(special)})`);
}

function refusal(expected: string, got: string): RangeError {
  return new RangeError(`allow entry of the target policy: expected ${expected}, got ${got || 'nothing'}`);
}
