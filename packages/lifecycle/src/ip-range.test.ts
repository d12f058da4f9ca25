import { BlockList, isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contains, hasHostBits, parseIpAddress, parseIpRange } from './ip-range.ts';

const rangeOf = (text: string) => parseIpRange(text) ?? expect.fail(`${text} is no range`);
const addressOf = (text: string) => parseIpAddress(text) ?? expect.fail(`${text} is no address`);

describe('an IP address', () => {
  test.each([
    ['0.0.0.0', 4, 0n],
    ['10.1.2.3', 4, 0x0a010203n],
    ['255.255.255.255', 4, 0xffffffffn],
    ['::', 6, 0n],
    ['::1', 6, 1n],
    ['1::', 6, 1n << 112n],
    ['fd00:ec2::254', 6, 0xfd000ec2000000000000000000000254n],
    ['1:2:3:4:5:6:7:8', 6, 0x00010002000300040005000600070008n],
    ['::ffff:10.1.2.3', 6, 0xffff0a010203n],
    ['64:ff9b::192.0.2.33', 6, 0x0064ff9b0000000000000000c0000221n],
    ['fe80::1%eth0', 6, 0xfe800000000000000000000000000001n],
    ['FE80::A', 6, 0xfe80000000000000000000000000000an],
  ])('%s is read', (text, family, value) => {
    expect(parseIpAddress(text)).toEqual({ family, value });
  });

  test.each([
    '',
    'localhost',
    '10.1',
    '10.1.2.256',
    '010.1.2.3',
    '0x7f.1',
    '2130706433',
    '[::1]',
    ':::',
    '1:2',
  ])('%j is none', (text) => {
    expect(parseIpAddress(text)).toBeUndefined();
  });
});

describe('an IP range', () => {
  test.each([
    ['10.1.0.0/16', 16],
    ['10.1.2.3', 32],
    ['0.0.0.0/0', 0],
    ['fd00::/8', 8],
    ['::1', 128],
    ['::/0', 0],
  ])('%s has %d bits of prefix', (text, prefixLength) => {
    expect(rangeOf(text).prefixLength).toBe(prefixLength);
  });

  test.each([
    '10.1.0.0/33',
    'fd00::/129',
    '10.1.0.0/',
    '10.1.0.0/08',
    '10.1.0.0/-1',
    '/8',
    '10.0.0.0/8/8',
    'fe80::%1/64',
  ])('%j is none', (text) => {
    expect(parseIpRange(text)).toBeUndefined();
  });

  test.each([
    ['10.1.0.0/16', false],
    ['10.1.0.1/16', true],
    ['10.1.0.1', false],
    ['fd00::/8', false],
    ['fd00::1/64', true],
    ['0.0.0.0/0', false],
    ['0.0.0.1/0', true],
  ])('%s has bits set after its prefix: %s', (text, set) => {
    expect(hasHostBits(rangeOf(text))).toBe(set);
  });

  test.each([
    ['10.0.0.0/8', '10.1.0.0/16', true],
    ['10.0.0.0/8', '10.0.0.0/8', true],
    ['10.1.0.0/16', '10.0.0.0/8', false],
    ['10.0.0.0/16', '10.0.0.0/8', false],
    ['10.0.0.0/32', '0.0.0.0/0', false],
    ['10.0.0.0/8', '11.0.0.0/16', false],
    ['0.0.0.0/0', '::1', false],
    ['::/0', '10.0.0.0/8', false],
  ])('%s contains %s: %s', (outer, inner, inside) => {
    expect(contains(rangeOf(outer), rangeOf(inner))).toBe(inside);
  });

  test('contains the addresses that node’s own block list says', () => {
    const sample = fc.oneof(
      fc.tuple(fc.ipV4(), fc.ipV4(), fc.integer({ min: 0, max: 32 })),
      fc.tuple(fc.ipV6(), fc.ipV6(), fc.integer({ min: 0, max: 128 })),
    );
    fc.assert(
      fc.property(sample, ([network, address, prefixLength]) => {
        const type = isIP(network) === 4 ? 'ipv4' : 'ipv6';
        const list = new BlockList();
        list.addSubnet(network, prefixLength, type);
        const range = rangeOf(`${network}/${prefixLength}`);
        expect(contains(range, addressOf(address))).toBe(list.check(address, type));
        expect(contains(range, addressOf(network))).toBe(true);
      }),
    );
  });
});
