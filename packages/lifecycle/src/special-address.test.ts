import { SPECIAL_ADDRESS_RANGES } from '@dispatchr/contract';
import { describe, expect, test } from 'vitest';
import { hasHostBits, parseIpAddress, parseIpRange } from './ip-range.ts';
import { kindOfAddress } from './special-address.ts';

const kindOf = (text: string) => kindOfAddress(parseIpAddress(text) ?? expect.fail(`${text} is no address`));
/** The first and the last address of a range. */
const edgesOf = (range: string): [string, string] => {
  const { family, value, prefixLength } = parseIpRange(range) ?? expect.fail(`${range} is no range`);
  const hostBits = BigInt((family === 4 ? 32 : 128) - prefixLength);
  return [textOf(family, value), textOf(family, value | ((1n << hostBits) - 1n))];
};

function textOf(family: 4 | 6, value: bigint): string {
  const [count, bits, radix] = family === 4 ? [4, 8n, 10] : [8, 16n, 16];
  const parts = Array.from({ length: count }, (_, index) => {
    return BigInt.asUintN(Number(bits), value >> (bits * BigInt(count - 1 - index))).toString(radix);
  });
  return parts.join(family === 4 ? '.' : ':');
}

describe('the table of special ranges', () => {
  test.each(SPECIAL_ADDRESS_RANGES.map(({ range }) => range))('has a well-formed %s, once', (range) => {
    const parsed = parseIpRange(range) ?? expect.fail('no range');
    expect(hasHostBits(parsed)).toBe(false);
    expect(SPECIAL_ADDRESS_RANGES.filter((row) => row.range === range)).toHaveLength(1);
  });

  test.each(SPECIAL_ADDRESS_RANGES.map(({ range }) => range))(
    'makes nothing at the edges of %s public',
    (range) => {
      const publicInside = ['64:ff9b::/96', '::ffff:0:0/96'];
      if (publicInside.includes(range)) return;
      for (const edge of edgesOf(range))
        expect([edge, kindOf(edge).addressClass]).not.toEqual([edge, 'public']);
    },
  );
});

describe('an address', () => {
  test.each([
    '1.1.1.1',
    '8.8.8.8',
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '126.255.255.255',
    '128.0.0.0',
    '169.253.255.255',
    '169.255.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '192.0.1.0',
    '192.167.255.255',
    '192.169.0.0',
    '198.17.255.255',
    '198.20.0.0',
    '223.255.255.255',
    '2000::1',
    '2001:200::1',
    '2606:4700:4700::1111',
    '3ffe::1',
    '3fff:1000::',
    '::ffff:8.8.8.8',
    '64:ff9b::8.8.8.8',
  ])('%s is public', (address) => {
    expect(kindOf(address).addressClass).toBe('public');
  });

  test.each([
    '0.0.0.0',
    '0.1.2.3',
    '100.100.100.200',
    '168.63.129.16',
    '169.254.0.1',
    '169.254.169.254',
    '192.0.0.192',
    '192.0.2.1',
    '192.88.99.1',
    '198.18.0.1',
    '198.19.255.255',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '239.255.255.255',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::2',
    'fd00:ec2::254',
    'fd20:ce::254',
    'fe80::1',
    'fe80::1%eth0',
    'febf::1',
    'fec0::1',
    'ff02::1',
    '100::1',
    '2001::1',
    '2001:0:4136:e378:8000:63bf:3fff:fdd2',
    '2001:10::1',
    '2001:db8::1',
    '3fff::1',
    '4000::1',
    '5f00::1',
    'c000::1',
    'fe00::1',
    '64:ff9b:1::8.8.8.8',
    '::ffff:0:8.8.8.8',
    '::ffff:169.254.169.254',
    '::ffff:a9fe:a9fe',
    '::169.254.169.254',
    '::ffff:0.0.0.0',
    '::ffff:255.255.255.255',
    '64:ff9b::169.254.169.254',
    '64:ff9b::7f00:1',
    '64:ff9b::192.168.0.1',
    'fd00:42::42',
    'fd00:c1::a9fe:a9fe',
    '::8.8.8.8',
    '::127.0.0.1',
    '2002:808:808::1',
    '169.254.170.2',
    '169.254.170.23',
    'fd00:ec2::23',
    '2002:a9fe:a9fe::1',
    '2002:7f00:1::1',
    '2002:a00:1::1',
    '2002:c0a8:1::',
  ])('%s is never reachable', (address) => {
    expect(['public', 'loopback', 'private']).not.toContain(kindOf(address).addressClass);
  });

  test.each(['127.0.0.1', '127.255.255.255', '::1', '::ffff:127.0.0.1', '::ffff:7f00:1'])(
    '%s is loopback',
    (address) => {
      expect(kindOf(address).addressClass).toBe('loopback');
    },
  );

  test.each([
    '10.0.0.0',
    '10.255.255.255',
    '100.64.0.0',
    '100.127.255.255',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.0.1',
    'fc00::1',
    'fd12:3456::1',
    'fdff:ffff::1',
    '::ffff:10.0.0.1',
  ])('%s is private', (address) => {
    expect(kindOf(address).addressClass).toBe('private');
  });

  test.each([
    ['169.254.169.254', 'metadata'],
    ['192.0.0.192', 'metadata'],
    ['169.254.169.253', 'link-local'],
    ['169.254.170.2', 'metadata'],
    ['169.254.170.23', 'metadata'],
    ['0.0.0.0', 'unspecified'],
    ['::', 'unspecified'],
    ['192.0.0.1', 'reserved'],
    ['fe80::1', 'link-local'],
    ['ff02::1', 'multicast'],
    ['fd20:ce::254', 'metadata'],
  ])('%s is named for its most specific range: %s', (address, addressClass) => {
    expect(kindOf(address).addressClass).toBe(addressClass);
  });

  test('that maps an IPv4 address counts as that', () => {
    expect(kindOf('::ffff:10.0.0.1').address).toEqual({ family: 4, value: 0x0a000001n });
  });
});
