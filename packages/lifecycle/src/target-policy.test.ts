import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkAddress, parseTargetPolicy } from './target-policy.ts';

const local = parseTargetPolicy({ allow: [], listensOnLoopback: true });
const shut = parseTargetPolicy({ allow: [], listensOnLoopback: false });
const wideOpen = parseTargetPolicy({ allow: ['0.0.0.0/0', '::/0'], listensOnLoopback: true });
const opened = parseTargetPolicy({
  allow: ['10.1.0.0/16:8080', '[fd00::/8]:8080', '127.0.0.1:3000'],
  listensOnLoopback: false,
});

describe('the target policy', () => {
  test.each(['8.8.8.8', '2606:4700:4700::1111', '64:ff9b::8.8.8.8'])(
    'always allows the public %s',
    (address) => {
      expect(checkAddress(shut, address, 443)).toEqual({ allowed: true });
    },
  );

  test.each([
    '127.0.0.1',
    '::1',
    '10.0.0.1',
    '172.16.0.1',
    '192.168.1.1',
    '100.64.0.1',
    'fd12::1',
    '::ffff:10.0.0.1',
  ])('allows %s only while the server listens on loopback', (address) => {
    expect(checkAddress(local, address, 80)).toEqual({ allowed: true });
    expect(checkAddress(shut, address, 80)).toMatchObject({ allowed: false });
  });

  test.each([
    ['10.1.2.3', 8080, true],
    ['10.1.2.3', 8081, false],
    ['10.2.2.3', 8080, false],
    ['::ffff:10.1.2.3', 8080, true],
    ['::ffff:10.1.2.3', 80, false],
    ['64:ff9b::10.1.2.3', 8080, false],
    ['fd12::1', 8080, true],
    ['fd12::1', 8081, false],
    ['fd00:ec2::254', 8080, false],
    ['127.0.0.1', 3000, true],
    ['127.0.0.2', 3000, false],
    ['::1', 3000, false],
  ])('with entries allows %s port %d: %s', (address, port, allowed) => {
    expect(checkAddress(opened, address, port).allowed).toBe(allowed);
  });

  test.each([
    '169.254.169.254',
    '100.100.100.200',
    'fd00:ec2::254',
    '::ffff:169.254.169.254',
    '64:ff9b::a9fe:a9fe',
    '2002:a9fe:a9fe::',
    '0.0.0.0',
    '::',
    '224.0.0.1',
    '255.255.255.255',
    'fe80::1',
    '2001:db8::1',
  ])('never allows %s, however wide the entries', (address) => {
    expect(checkAddress(wideOpen, address, 80)).toMatchObject({ allowed: false });
  });

  test('says what was expected and what it got', () => {
    expect(checkAddress(shut, '10.0.0.1', 80)).toEqual({
      allowed: false,
      detail:
        'expected a public address or one that the target policy allows, got 10.0.0.1 port 80 (private: RFC 1918); the operator can allow it with DISPATCHR_TARGET_ALLOW',
    });
    expect(checkAddress(local, '169.254.169.254', 80)).toEqual({
      allowed: false,
      detail:
        'expected an address that can be a target, got 169.254.169.254 (metadata: AWS, Azure, Google Cloud)',
    });
  });

  test('names the setting that would help for every address that can be opened, and for no other', () => {
    const remedyOf = (address: string) => JSON.stringify(checkAddress(shut, address, 80)).split('; ')[1];
    const remedy = 'the operator can allow it with DISPATCHR_TARGET_ALLOW"}';
    for (const address of ['127.0.0.1', '::1', '192.168.1.1', 'fd12::1', '::ffff:10.0.0.1'])
      expect([address, remedyOf(address)]).toEqual([address, remedy]);
    for (const address of [
      '169.254.169.254',
      'fd00:ec2::254',
      '0.0.0.0',
      'fe80::1',
      '64:ff9b::10.0.0.1',
      'x',
    ])
      expect([address, remedyOf(address)]).toEqual([address, undefined]);
  });

  test.each(['', 'localhost', '10.1', '0x7f.1', '[::1]'])(
    'does not dial %j, which is no address',
    (address) => {
      expect(checkAddress(wideOpen, address, 80)).toMatchObject({ allowed: false });
    },
  );

  test('judges an IPv4 address and what maps it alike, and translates public ones alone', () => {
    const address4 = fc.oneof(
      fc.ipV4(),
      fc.constantFrom('127.0.0.1', '10.1.2.3', '10.2.0.1', '169.254.169.254'),
    );
    fc.assert(
      fc.property(address4, fc.constantFrom(local, shut, opened), (address, policy) => {
        const verdict = checkAddress(policy, address, 8080).allowed;
        expect(checkAddress(policy, `::ffff:${address}`, 8080).allowed).toBe(verdict);
        const isPublic = checkAddress(shut, address, 8080).allowed;
        expect(checkAddress(policy, `64:ff9b::${address}`, 8080).allowed).toBe(isPublic);
      }),
    );
  });

  test('refuses to start with a bad entry', () => {
    const settings = { allow: ['10.0.0.0/8', '169.254.0.0/16'], listensOnLoopback: true };
    expect(() => parseTargetPolicy(settings)).toThrow(/got 169\.254\.0\.0\/16 \(link-local: RFC 3927\)/);
  });
});
