import type { ReliabilityMutant } from '../reliability-mutant.ts';

const CLAIM = 'packages/store/src/claim-parts.ts';
const LEASE_TIME = 'packages/store/src/lease-time.test.ts';

/** Faults in what a lease runs by, and in what an attempt costs. */
export const LEASE_MUTANTS: readonly ReliabilityMutant[] = [
  {
    id: 'a-claim-by-our-clock',
    kind: "lease from the client's clock",
    fault: 'A claim grants a lease up to an instant of our clock.',
    plants: [leaseByOurClock(CLAIM)],
    caughtBy: {
      file: LEASE_TIME,
      test: 'a claim grants the whole lease although our clock is an hour behind',
    },
  },
  {
    id: 'a-renewal-by-our-clock',
    kind: "lease from the client's clock",
    fault: 'A renewal lasts up to an instant of our clock.',
    plants: [leaseByOurClock('packages/store/src/statements/renew-leases.ts')],
    caughtBy: {
      file: LEASE_TIME,
      test: 'a renewal grants the whole lease although our clock is an hour behind',
    },
  },
  {
    id: 'a-sweep-by-our-clock',
    kind: "lease from the client's clock",
    fault: 'A lease has run out when our clock says so.',
    plants: [
      {
        file: 'packages/store/src/statements/take-over-lost-leases.ts',
        edits: [
          {
            find: "claimedUntil: 'timestamptz',",
            replace: "claimedUntil: 'timestamptz', nowMs: 'int8',",
          },
          { find: 'lease_until < now() OR', replace: 'lease_until < to_timestamp(${$.nowMs} / 1000.0) OR' },
          { find: 'leaseMs: LEASE_MS,', replace: 'leaseMs: LEASE_MS, nowMs: Date.now(),' },
        ],
      },
    ],
    caughtBy: {
      file: LEASE_TIME,
      test: 'a lease that runs is not taken over although our clock is an hour ahead',
    },
  },
  {
    id: 'the-lease-begins-when-the-task-was-due',
    kind: 'lease from dueAt',
    fault: 'A task that waited for longer than a lease is lost as soon as it is claimed.',
    plants: [
      { file: CLAIM, edits: [{ find: 'lease_until = now() + ', replace: 'lease_until = u.due_at + ' }] },
    ],
    caughtBy: {
      file: LEASE_TIME,
      test: 'a lease is counted from the claim, however long ago the task was due',
    },
  },
  {
    id: 'the-number-is-given-at-the-end',
    kind: 'attempt counted at completion',
    fault: 'Two attempts of which the first was lost have the same number.',
    plants: [
      { file: CLAIM, edits: [{ find: 'attempt = u.attempt + 1,', replace: 'attempt = u.attempt,' }] },
      {
        file: 'packages/store/src/statements/settle-attempts.ts',
        edits: [
          {
            find: 'SET state = ${STATE.pending}, attempts_used',
            replace: 'SET state = ${STATE.pending}, attempt = u.attempt + 1, attempts_used',
          },
        ],
      },
    ],
    caughtBy: {
      file: 'packages/store/src/claim-and-settle.test.ts',
      test: 'a claim carries everything that a delivery needs',
    },
  },
  {
    id: 'a-lost-attempt-costs-nothing',
    kind: 'attempt counted at completion',
    fault: 'A task that kills its schedulers does so for ever.',
    plants: [
      {
        file: 'packages/lifecycle/src/settlement.ts',
        edits: [
          { find: "    case 'released':\n", replace: "    case 'released':\n    case 'lease-lost':\n" },
          { find: "    case 'retryable':\n    case 'lease-lost':\n", replace: "    case 'retryable':\n" },
        ],
      },
    ],
    caughtBy: {
      file: 'packages/lifecycle/src/settlement.test.ts',
      test: 'a lost lease > is used up and due at once',
    },
  },
];

function leaseByOurClock(file: string) {
  return {
    file,
    edits: [
      { find: "leaseMs: 'int4'", replace: "leaseMs: 'int8'" },
      {
        find: "lease_until = now() + ${$.leaseMs} * interval '1 millisecond'",
        replace: 'lease_until = to_timestamp(${$.leaseMs} / 1000.0)',
      },
      { find: 'leaseMs: LEASE_MS,', replace: 'leaseMs: Date.now() + LEASE_MS,' },
    ],
  };
}
