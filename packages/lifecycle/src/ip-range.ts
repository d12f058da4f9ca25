import { isIP } from 'node:net';

/** An IP address as a number of 32 (family 4) or 128 (family 6) bits. */
export interface IpAddress {
  family: 4 | 6;
  value: bigint;
}

/** The addresses whose first `prefixLength` bits are those of `value`. */
export interface IpRange extends IpAddress {
  prefixLength: number;
}

/** An address in any textual form that `node:net` accepts, its zone (`%eth0`) ignored; else undefined. */
export function parseIpAddress(text: string): IpAddress | undefined {
  switch (isIP(text)) {
    case 4:
      return { family: 4, value: ipv4Value(text) };
    case 6:
      return { family: 6, value: ipv6Value(text) };
    default:
      return undefined;
  }
}

/** An address or `address/prefix length`, the bits after the prefix kept as given; else undefined. */
export function parseIpRange(text: string): IpRange | undefined {
  const [, addressText = '', lengthText] = /^([^/%]+)(?:\/(0|[1-9]\d{0,2}))?$/.exec(text) ?? [];
  const address = parseIpAddress(addressText);
  if (!address) return undefined;
  const prefixLength = lengthText === undefined ? bitsOf(address) : Number(lengthText);
  return prefixLength <= bitsOf(address) ? { ...address, prefixLength } : undefined;
}

/** Whether all of `inner`, a range or an address, lies in `outer`. */
export function contains(outer: IpRange, inner: IpRange | IpAddress): boolean {
  const innerLength = 'prefixLength' in inner ? inner.prefixLength : bitsOf(inner);
  if (outer.family !== inner.family || innerLength < outer.prefixLength) return false;
  const hostBits = BigInt(bitsOf(outer) - outer.prefixLength);
  return inner.value >> hostBits === outer.value >> hostBits;
}

/** Whether a bit after the prefix is set, which makes it doubtful what was meant. */
export function hasHostBits(range: IpRange): boolean {
  return BigInt.asUintN(bitsOf(range) - range.prefixLength, range.value) !== 0n;
}

function bitsOf({ family }: IpAddress): 32 | 128 {
  return family === 4 ? 32 : 128;
}

function ipv4Value(text: string): bigint {
  return text.split('.').reduce((value, octet) => (value << 8n) | BigInt(octet), 0n);
}

function ipv6Value(text: string): bigint {
  const [withoutZone = ''] = text.split('%');
  const [left = [], right] = withDottedTailInHex(withoutZone)
    .split('::')
    .map((half) => half.split(':').filter((group) => group !== ''));
  const missing = right ? 8 - left.length - right.length : 0;
  const groups = [...left, ...Array<string>(missing).fill('0'), ...(right ?? [])];
  return groups.reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n);
}

function withDottedTailInHex(text: string): string {
  return text.replace(/\d+\.\d+\.\d+\.\d+$/, (dotted) => {
    const value = ipv4Value(dotted);
    return `${(value >> 16n).toString(16)}:${(value & 0xffffn).toString(16)}`;
  });
}
