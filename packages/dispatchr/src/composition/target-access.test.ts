import { checkAddress } from '@dispatchr/lifecycle';
import { describe, expect, it } from 'vitest';
import { resolveSettings } from '../settings/resolve-settings.ts';
import type { ServiceRole } from '../settings/settings-catalogue.ts';
import { isLoopbackHost, targetPolicyOf } from './target-access.ts';

describe('targetPolicyOf', () => {
  it.each<[ServiceRole, Record<string, string>, boolean]>([
    ['serve', {}, true],
    ['serve', { databaseUrl: 'postgres://db/app' }, true],
    ['serve', { host: '0.0.0.0' }, false],
    ['serve', { host: '0.0.0.0', targetAllow: '10.0.0.0/8:80' }, true],
    ['recorder', { databaseUrl: 'postgres://db/app' }, true],
    ['recorder', { databaseUrl: 'postgres://db/app', host: '::' }, false],
    ['scheduler', { databaseUrl: 'postgres://u@127.0.0.1/app' }, true],
    ['scheduler', { databaseUrl: 'postgres:///app' }, true],
    ['scheduler', { databaseUrl: 'postgres://db/app' }, false],
    ['scheduler', { databaseUrl: 'postgres://localhost/app?host=db' }, false],
    ['scheduler', { databaseUrl: 'postgres://localhost/app', host: '0.0.0.0' }, false],
    ['scheduler', { databaseUrl: 'postgres://db/app', targetAllow: '10.0.0.0/8:80' }, true],
  ])('of a %s with %j: private targets reachable %s', (role, flags, reachable) => {
    const result = resolveSettings({ flags, environment: {} });
    if (result.kind === 'refused') throw new Error(result.problems.join('\n'));
    expect(checkAddress(targetPolicyOf(role, result.settings), '10.1.2.3', 80).allowed).toBe(reachable);
  });
});

describe('isLoopbackHost', () => {
  it.each([
    ['127.0.0.1', true],
    ['127.8.9.10', true],
    ['localhost', true],
    ['::1', true],
    ['[::1]', true],
    ['0.0.0.0', false],
    ['::', false],
    ['127.evil.example', false],
    ['10.0.0.1', false],
  ])('of %s: %s', (host, expected) => {
    expect(isLoopbackHost(host)).toBe(expected);
  });
});
