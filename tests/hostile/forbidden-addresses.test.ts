import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Findings } from './forbidden-addresses/deliver-to-all.ts';
import {
  ADDRESSES,
  canMakeNetworks,
  hostsText,
  runInNetworkOfItsOwn,
} from './forbidden-addresses/network-of-its-own.ts';

/** Real listeners on addresses that no test machine has, so that a connection that must not be would be seen. */
describe.skipIf(!canMakeNetworks())('a service that others can reach', () => {
  let folder: string;
  let findings: Findings;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'dispatchr-hosts-'));
    const hosts = join(folder, 'hosts');
    writeFileSync(hosts, hostsText());
    const program = fileURLToPath(new URL('forbidden-addresses/deliver-to-all.ts', import.meta.url));
    findings = JSON.parse(await runInNetworkOfItsOwn(program, hosts)) as Findings;
  }, 180_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const outcomesOf = (...hosts: string[]) => hosts.map((host) => findings.outcomes[host]);
  const blocked = { submit: 201, state: 'failed', errorCodes: ['target-blocked'] };

  test('delivers to the one private address that its operator allows, by name and by address', () => {
    for (const outcome of outcomesOf('allowed.test', ADDRESSES.allowed)) {
      expect(outcome).toEqual({ submit: 201, state: 'completed', errorCodes: [null] });
    }
    expect(findings.connections[ADDRESSES.allowed]).toBe(2);
  });

  test('refuses a metadata address at the submit', () => {
    for (const outcome of outcomesOf(ADDRESSES.metadata, `[${ADDRESSES.metadataIpv6}]`)) {
      expect(outcome).toEqual({ submit: 422 });
    }
  });

  test('ends every other task as target-blocked: names, addresses and their other spellings', () => {
    const others = Object.entries(findings.outcomes).filter(
      ([, { submit, state }]) => submit === 201 && state !== 'completed',
    );
    expect(others.length).toBeGreaterThan(15);
    for (const [host, outcome] of others) expect(outcome, host).toEqual(blocked);
  });

  test('opens no connection to any of them', () => {
    const { [ADDRESSES.allowed]: _, ...forbidden } = findings.connections;
    expect(Object.keys(forbidden)).toHaveLength(7);
    expect(new Set(Object.values(forbidden))).toEqual(new Set([0]));
    const blockedTasks = Object.values(findings.outcomes).filter(({ state }) => state === 'failed').length;
    console.log(`forbidden addresses: ${blockedTasks} tasks for them blocked, 0 connections seen`);
  });
});
