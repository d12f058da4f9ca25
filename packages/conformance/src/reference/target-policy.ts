import { isIP } from 'node:net';
import type { MutantId } from '../selftest/mutants/index.ts';
import table from '../../../../spec/emitted/special-addresses.json' with { type: 'json' };

interface Range {
  readonly bytes: readonly number[];
  readonly prefix: number;
  readonly class: string;
}

const RANGES: readonly Range[] = table.ranges
  .map(({ range, class: name }) => {
    const [address = '', prefix] = range.split('/');
    return { bytes: bytesOf(address), prefix: Number(prefix), class: name };
  })
  .toSorted((a, b) => b.prefix - a.prefix);

/** Why an address must not be dialled; `undefined` if it may. Loopback and private ones may: the reference listens on loopback. */
export function forbiddenAddress(address: string): string | undefined {
  const name = classOf(bytesOf(address));
  return ['public', 'loopback', 'private'].includes(name) ? undefined : `the ${name} address ${address}`;
}

/** The same for the host of a target at the submit, without looking its name up. Spec: POL-006 to POL-009. */
export function forbiddenTarget(target: string, mutants: ReadonlySet<MutantId>): string | undefined {
  const { hostname } = new URL(target);
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  if (!target.toLowerCase().includes(host) && mutants.has('target-judged-as-written')) return undefined;
  if (host.startsWith('10.') && mutants.has('private-refused-though-open')) return `the private ${host}`;
  if (host.startsWith('198.') && mutants.has('reserved-range-too-wide')) return `the reserved ${host}`;
  if (/\.localhost\.?$/.test(host) && mutants.has('localhost-refused-though-open')) return host;
  if (isIP(host) === 6 && mutants.has('ipv6-unjudged')) return undefined;
  if (isIP(host) !== 0) {
    const reason = forbiddenAddress(host);
    return reason?.includes('link-local') && mutants.has('link-local-target-accepted') ? undefined : reason;
  }
  const name = host.replace(/\.$/, '');
  return table.metadataNames.includes(name) && !mutants.has('metadata-names-accepted')
    ? `the metadata service ${name}`
    : undefined;
}

/** The class of the most specific range that holds the address. */
function classOf(bytes: readonly number[]): string {
  const range = RANGES.find((each) => each.bytes.length === bytes.length && isWithin(bytes, each));
  if (range === undefined) return 'public';
  if (range.class !== 'mapped' && range.class !== 'translated') return range.class;
  const inner = classOf(bytes.slice(12));
  return range.class === 'mapped' || inner === 'public' ? inner : range.class;
}

function isWithin(bytes: readonly number[], range: Range): boolean {
  return bytes.every((byte, index) => {
    const bits = Math.min(8, Math.max(0, range.prefix - index * 8));
    return byte >> (8 - bits) === (range.bytes[index] ?? 0) >> (8 - bits);
  });
}

/** The 4 or 16 bytes of an IP address; a zone is left out. */
function bytesOf(address: string): number[] {
  if (isIP(address) === 4) return address.split('.').map(Number);
  const text = address.replace(/%.*$/, '').replace(/[0-9]+\.[0-9.]+$/, (tail) => {
    const [a = 0, b = 0, c = 0, d = 0] = tail.split('.').map(Number);
    return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  });
  const [head = '', tail] = text.split('::');
  const before = head.split(':').filter(Boolean);
  const after = (tail ?? '').split(':').filter(Boolean);
  const groups = [
    ...before,
    ...Array.from({ length: 8 - before.length - after.length }, () => '0'),
    ...after,
  ];
  return groups.map((group) => Number.parseInt(group, 16)).flatMap((group) => [group >> 8, group & 255]);
}
