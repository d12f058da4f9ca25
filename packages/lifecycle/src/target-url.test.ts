import { describe, expect, test } from 'vitest';
import { parseTargetPolicy } from './target-policy.ts';
import { checkTargetUrl, originOf } from './target-url.ts';

const local = parseTargetPolicy({ allow: [], listensOnLoopback: true });
const shut = parseTargetPolicy({ allow: [], listensOnLoopback: false });
const allowing = (...allow: string[]) => parseTargetPolicy({ allow, listensOnLoopback: false });

describe('a target URL', () => {
  test.each([
    'https://example.com/tasks',
    'http://example.com:8080',
    'http://8.8.8.8/',
    'http://[2606:4700::1]/',
    'http://db/',
  ])('%s passes at submit', (target) => {
    expect(checkTargetUrl(shut, target)).toEqual({ allowed: true });
  });

  test.each([
    'http://127.0.0.1/',
    'http://0x7f.1/',
    'http://2130706433/',
    'http://017700000001/',
    'http://127.1/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:7f00:1]/',
    'http://127.0.0.1./',
    'http://１２７.0.0.1/',
    'http://localhost/',
    'http://LOCALHOST/',
    'http://localhost./',
    'http://app.localhost/',
    'http://a.b.localhost:80/',
    'http://10.0.0.1/',
    'http://0xa000001/',
    'http://192.168.0.1/',
    'http://[fd12::1]/',
  ])('%s is local: reachable only while the server listens on loopback', (target) => {
    expect(checkTargetUrl(local, target)).toEqual({ allowed: true });
    expect(checkTargetUrl(shut, target)).toMatchObject({ allowed: false });
  });

  test.each([
    'http://169.254.169.254/latest/meta-data',
    'http://0xa9fea9fe/',
    'http://2852039166/',
    'http://[::ffff:169.254.169.254]/',
    'http://[fd00:ec2::254]/',
    'http://100.100.100.200/',
    'http://metadata/',
    'http://metadata./',
    'http://metadata.google.internal/',
    'https://Metadata.Google.Internal./',
    'http://0/',
    'http://0.0.0.0:9090/',
    'http://[::]/',
    'http://224.0.0.1/',
    'http://[fe80::1]/',
    'http://metadata.goog/',
    'http://[64:ff9b::a9fe:a9fe]/',
    'http://[2002:7f00:1::]/',
  ])('%s is refused everywhere', (target) => {
    expect(checkTargetUrl(local, target)).toMatchObject({ allowed: false });
  });

  test.each([
    'http://localhost.example.com/',
    'http://mylocalhost/',
    'http://metadata.example.com/',
    'http://127.example.com/',
  ])('%s is only a name', (target) => {
    expect(checkTargetUrl(shut, target)).toEqual({ allowed: true });
  });

  test.each([
    '',
    'tasks',
    '/tasks',
    'ftp://example.com/',
    'javascript:alert(1)',
    'file:///etc/passwd',
    'http://',
    'http://256.1.1.1/',
  ])('%j is none', (target) => {
    expect(checkTargetUrl(local, target)).toMatchObject({ allowed: false });
  });

  test('has the default port of its scheme', () => {
    expect(checkTargetUrl(allowing('10.0.0.1:80'), 'http://10.0.0.1/').allowed).toBe(true);
    expect(checkTargetUrl(allowing('10.0.0.1:80'), 'https://10.0.0.1/').allowed).toBe(false);
    expect(checkTargetUrl(allowing('10.0.0.1:443'), 'https://10.0.0.1/').allowed).toBe(true);
    expect(checkTargetUrl(allowing('10.0.0.1:443'), 'https://10.0.0.1:8443/').allowed).toBe(false);
  });

  test('on localhost passes when either loopback address is allowed on its port', () => {
    expect(checkTargetUrl(allowing('127.0.0.1:3000'), 'http://localhost:3000/').allowed).toBe(true);
    expect(checkTargetUrl(allowing('[::1]:3000'), 'http://localhost:3000/').allowed).toBe(true);
    expect(checkTargetUrl(allowing('127.0.0.1:3000'), 'http://localhost:3001/').allowed).toBe(false);
  });

  test('that is refused is told what was expected', () => {
    expect(checkTargetUrl(shut, 'http://localhost:3000/')).toEqual({
      allowed: false,
      detail:
        'expected a public host or one that the target policy allows, got localhost port 3000 (loopback); the operator can allow it with DISPATCHR_TARGET_ALLOW',
    });
    expect(JSON.stringify(checkTargetUrl(shut, 'http://metadata.google.internal/'))).not.toContain(
      'DISPATCHR',
    );
  });
});

describe('the origin of a target', () => {
  test.each([
    ['https://Example.com/tasks?x=1', 'https://example.com'],
    ['https://example.com:443/', 'https://example.com'],
    ['http://example.com:8080/a', 'http://example.com:8080'],
    ['http://[::1]:3000/', 'http://[::1]:3000'],
  ])('%s is %s', (target, origin) => {
    expect(originOf(target)).toBe(origin);
  });
});
