import { isIP } from 'node:net';
import table from '../../../../spec/emitted/special-addresses.json' with { type: 'json' };

/** An IPv4 address (32 bits) or an IPv6 one (128). */
export interface Address {
  readonly bits: 32 | 128;
  readonly value: bigint;
}

interface Range {
  readonly first: Address;
  readonly last: Address;
  readonly prefix: number;
  readonly class: string;
}

/** Names of metadata services, which are no targets. */
export const METADATA_NAMES = table.metadataNames;

/** The ranges of addresses that are not public, the most specific first. */
export const SPECIAL_RANGES: readonly Range[] = table.ranges
  .map(({ range, class: name }) => {
    const [text = '', prefix] = range.split('/');
    const first = addressOf(text);
    return { first, last: lastOf(first, Number(prefix)), prefix: Number(prefix), class: name };
  })
  .toSorted((a, b) => b.prefix - a.prefix);

const reachByClass = new Map(table.classes.map(({ class: name, reach }) => [name, reach]));

/** Who may reach an address: `nobody`, `loopback`, `private`, or `public`. */
export function reachOf({ bits, value }: Address): string {
  const range = SPECIAL_RANGES.find(
    ({ first, last }) => first.bits === bits && first.value <= value && value <= last.value,
  );
  if (range === undefined) return 'public';
  const inner = (): string => reachOf({ bits: 32, value: value % 2n ** 32n });
  if (range.class === 'mapped') return inner();
  if (range.class === 'translated') return inner() === 'public' ? 'public' : 'nobody';
  return reachByClass.get(range.class) ?? 'nobody';
}

/** The address so many places further on; `undefined` beyond the ends. */
export function neighbourOf({ bits, value }: Address, distance: bigint): Address | undefined {
  const moved = value + distance;
  return moved < 0n || moved >= 2n ** BigInt(bits) ? undefined : { bits, value: moved };
}

/** An address as the host of a URL: dotted decimal, or all groups in brackets. */
export function hostOf({ bits, value }: Address): string {
  if (bits === 32) return partsOf(value, 4, 8).join('.');
  return `[${partsOf(value, 8, 16)
    .map((part) => part.toString(16))
    .join(':')}]`;
}

/** The reach of a network as a whole: that of the most specific range that holds both of its ends. */
export function reachOfNetwork(first: Address, last: Address): string {
  const range = SPECIAL_RANGES.find(
    (each) =>
      each.first.bits === first.bits && each.first.value <= first.value && last.value <= each.last.value,
  );
  return range === undefined ? 'public' : (reachByClass.get(range.class) ?? 'nobody');
}

/** The last address of the network of so many leading bits that begins at `first`. */
export function lastOf(first: Address, prefix: number): Address {
  return { ...first, value: first.value + 2n ** BigInt(first.bits - prefix) - 1n };
}

/** Reads an address; an IPv6 one in hexadecimal alone. */
export function addressOf(text: string): Address {
  if (isIP(text) === 4) return { bits: 32, value: joined(text.split('.').map(Number), 8) };
  const [before = [], after = []] = text.split('::').map((half) => half.split(':').filter(Boolean));
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  const groups = [...before, ...zeros, ...after].map((group) => Number.parseInt(group, 16));
  return { bits: 128, value: joined(groups, 16) };
}

function joined(parts: readonly number[], width: number): bigint {
  return parts.reduce((value, part) => value * 2n ** BigInt(width) + BigInt(part), 0n);
}

const partsOf = (value: bigint, count: number, width: number): number[] =>
  Array.from({ length: count }, (_, at) =>
    Number((value >> BigInt((count - 1 - at) * width)) % 2n ** BigInt(width)),
  );
