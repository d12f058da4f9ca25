import { describe, expect, test } from 'vitest';
import { LEASE_MS, LEASE_RENEWAL_MS, maySweep, SWEEP_AFTER_CONTACT_MS } from './lease.ts';

describe('a lease', () => {
  test('survives two renewals that fail', () => {
    expect(LEASE_MS).toBeGreaterThanOrEqual(3 * LEASE_RENEWAL_MS);
  });

  test('is renewed by every owner that lives before anybody sweeps', () => {
    expect(SWEEP_AFTER_CONTACT_MS).toBeGreaterThan(LEASE_RENEWAL_MS);
  });

  test.each([
    [0, false],
    [14_999, false],
    [15_000, true],
    [Infinity, true],
  ])('may be swept after %d ms of contact: %s', (contactMs, allowed) => {
    expect(maySweep(contactMs)).toBe(allowed);
  });
});
