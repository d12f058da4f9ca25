import { describe, expect, test } from 'vitest';
import { allows, parseAllowEntry } from './allow-entry.ts';
import { parseIpAddress } from './ip-range.ts';

const allowed = (entry: string, address: string, port: number) =>
  allows(parseAllowEntry(entry), parseIpAddress(address) ?? expect.fail(`${address} is no address`), port);

describe('an allow entry', () => {
  test.each([
    ['10.1.0.0/16:8080', '10.1.255.255', 8080, true],
    ['10.1.0.0/16:8080', '10.1.2.3', 8081, false],
    ['10.1.0.0/16:8080', '10.2.0.0', 8080, false],
    ['10.1.0.0/16', '10.1.2.3', 1, true],
    ['10.1.2.3', '10.1.2.3', 1, true],
    ['10.1.2.3', '10.1.2.4', 1, false],
    ['10.1.2.3:65535', '10.1.2.3', 65_535, true],
    [' 10.1.2.3 ', '10.1.2.3', 1, true],
    ['fd00::/8', 'fd12::1', 1, true],
    ['[fd00::/8]', 'fd12::1', 1, true],
    ['[fd00::/8]:8080', 'fd12::1', 8080, true],
    ['[fd00::/8]:8080', 'fd12::1', 8081, false],
    ['[fd00::/8]:8080', 'fc00::1', 8080, false],
    ['[::1]:8080', '::1', 8080, true],
    ['::1', '::1', 8080, true],
    ['fc00::/7', 'fd12::1', 8080, true],
    ['100.64.0.0/10', '100.64.0.1', 8080, true],
    ['0.0.0.0/0', '10.1.2.3', 8080, true],
    ['0.0.0.0/0', '::1', 8080, false],
    ['::/0', '::1', 8080, true],
  ])('%s on %s port %d allows: %s', (entry, address, port, verdict) => {
    expect(allowed(entry, address, port)).toBe(verdict);
  });

  test.each([
    ['', /expected an address or CIDR range .* got nothing/],
    ['localhost', /expected an address or CIDR range .* got localhost/],
    ['example.com:80', /expected an address or CIDR range/],
    ['10.1', /expected an address or CIDR range/],
    ['10.1.0.0/33', /expected an address or CIDR range/],
    ['10.1.0.0:8080/16', /expected a port/],
    ['[10.1.0.0/16]:8080', /expected an address or CIDR range/],
    ['[fd00::]/8:8080', /expected an address or CIDR range/],
    ['[fd00::/8', /expected an address or CIDR range/],
    ['http://10.1.2.3', /expected an address or CIDR range/],
    ['10.1.2.3/16', /expected no bit set after the prefix, got 10\.1\.2\.3\/16/],
    ['10.1.2.3:0', /expected a port from 1 to 65535, got 10\.1\.2\.3:0/],
    ['10.1.2.3:65536', /expected a port/],
    ['10.1.2.3:', /expected a port/],
    ['10.1.2.3:080', /expected a port/],
    ['10.1.2.3:http', /expected a port/],
    ['[fd00::1]:', /expected a port/],
  ])('%j is refused', (entry, message) => {
    expect(() => parseAllowEntry(entry)).toThrow(RangeError);
    expect(() => parseAllowEntry(entry)).toThrow(message);
  });

  test.each([
    ['169.254.169.254', 'metadata'],
    ['169.254.0.0/16:80', 'link-local'],
    ['169.254.1.0/24', 'link-local'],
    ['[fd00:ec2::254]:80', 'metadata'],
    ['100.100.100.200', 'metadata'],
    ['0.0.0.0', 'unspecified'],
    ['::', 'unspecified'],
    ['255.255.255.255', 'reserved: broadcast'],
    ['224.0.0.0/4', 'multicast'],
    ['ff02::1', 'multicast'],
    ['203.0.113.0/24', 'reserved: documentation'],
    ['2001::/32', 'reserved: protocols'],
    ['fe80::/10', 'link-local'],
    ['4000::/3', 'reserved'],
    ['2002::/16', 'reserved: 6to4'],
    ['::10.1.2.3', 'reserved'],
  ])('%s cannot open what is never reachable: %s', (entry, name) => {
    expect(() => parseAllowEntry(entry)).toThrow(
      new RegExp(`expected a range that can be reached, got .*\\(${name}[:,] `),
    );
  });

  test.each(['::ffff:10.1.2.3', '::ffff:10.1.0.0/112', '64:ff9b::/96'])(
    '%s asks for the IPv4 range instead',
    (entry) => {
      expect(() => parseAllowEntry(entry)).toThrow(/expected the IPv4 range itself/);
    },
  );
});
