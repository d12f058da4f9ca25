/** How long a claim stands without a renewal, in milliseconds. Spec: LEA-001. */
export const LEASE_MS = 30_000;

/** How often a lease is renewed while its delivery is in flight, in milliseconds: two renewals may fail. Spec: LEA-002. */
export const LEASE_RENEWAL_MS = 10_000;

/** Unbroken contact with the database, in milliseconds, before a scheduler may take over lost leases. */
export const SWEEP_AFTER_CONTACT_MS = 15_000;

/** How often a scheduler looks for lost leases, in milliseconds. */
export const SWEEP_INTERVAL_MS = 5000;

/**
 * Whether a scheduler that has been in contact with the database for `contactMs` may sweep. After an outage
 * every lease looks lost; the owners that live get one renewal interval and a margin to say so first. Spec: LEA-008.
 */
export function maySweep(contactMs: number): boolean {
  return contactMs >= SWEEP_AFTER_CONTACT_MS;
}
