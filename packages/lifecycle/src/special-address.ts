import { SPECIAL_ADDRESS_RANGES } from '@dispatchr/contract';
import type { AddressClass, SpecialAddressRange } from '@dispatchr/contract';
import { contains, parseIpRange } from './ip-range.ts';
import type { IpAddress, IpRange } from './ip-range.ts';

/** What an address is. `address` is the one that counts: the IPv4 address inside an IPv6 one, if there is. */
export interface AddressKind {
  addressClass: Exclude<AddressClass, 'mapped' | 'translated'> | 'public';
  address: IpAddress;
  /** For people, such as `loopback: RFC 1122`. */
  label: string;
}

/** The most specific first, so that the first that contains an address decides. */
const ROWS = SPECIAL_ADDRESS_RANGES.map((special) => ({ special, range: rangeOf(special) })).toSorted(
  (one, other) => other.range.prefixLength - one.range.prefixLength,
);

/** The most specific special range in which the whole of `range` lies; undefined for public addresses. */
export function findSpecialRange(range: IpRange | IpAddress): SpecialAddressRange | undefined {
  return ROWS.find((row) => contains(row.range, range))?.special;
}

/** Judges an address by the table, and one that holds an IPv4 address by that. */
export function kindOfAddress(address: IpAddress): AddressKind {
  const special = findSpecialRange(address);
  if (!special) return { addressClass: 'public', address, label: 'public' };
  const { addressClass } = special;
  const label = labelOf(special);
  if (addressClass !== 'mapped' && addressClass !== 'translated') return { addressClass, address, label };
  const inner = kindOfAddress({ family: 4, value: BigInt.asUintN(32, address.value) });
  const kind = { ...inner, label: `${label}, of ${inner.label}` };
  // A translator must not be asked for what is not global (RFC 6052, section 3.1).
  const isLost = addressClass === 'translated' && inner.addressClass !== 'public';
  return isLost ? { ...kind, addressClass: 'reserved' } : kind;
}

/** A special range for people, such as `loopback: RFC 1122`. */
export function labelOf(special: SpecialAddressRange): string {
  return `${special.addressClass}: ${special.source}`;
}

function rangeOf(special: SpecialAddressRange): IpRange {
  const range = parseIpRange(special.range);
  if (!range) throw new Error(`expected an IP range in the table of special ranges, got ${special.range}`);
  return range;
}
