import type { ReliabilityMutant } from '../reliability-mutant.ts';

const STATEMENTS = 'packages/store/src/statements';
const CLAIM_PARTS = 'packages/store/src/claim-parts.ts';
const CLAIM_AND_SETTLE = 'packages/store/src/claim-and-settle.test.ts';
const GUARDED_WRITES = 'packages/store/src/guarded-writes.test.ts';
const RACING_WRITES = 'packages/store/src/racing-writes.test.ts';

/** Faults that let a write through which another one has overtaken. */
export const GUARD_MUTANTS: readonly ReliabilityMutant[] = [
  {
    id: 'a-running-task-is-claimed',
    kind: 'drop the guard on a transition',
    fault: 'A claim takes tasks that run already.',
    plants: [
      {
        file: CLAIM_PARTS,
        edits: [{ find: 'AND u.state = ${STATE.pending} AND (u.expires_at', replace: 'AND (u.expires_at' }],
      },
    ],
    caughtBy: { file: CLAIM_AND_SETTLE, test: 'many claims at once give each task to one of them' },
  },
  {
    id: 'a-settle-asks-for-no-lease',
    kind: 'drop the guard on a transition',
    fault: 'Whoever once held a task may settle it for as long as it runs.',
    plants: [
      {
        file: `${STATEMENTS}/settle-attempts.ts`,
        edits: [
          {
            find: 'SELECT * FROM unnest(${$.leases}, ',
            replace: 'SELECT * FROM unnest(${$.seqs}, ${$.leases}, ',
          },
          { find: 'AS input (lease, state,', replace: 'AS input (seq, lease, state,' },
          { find: ' AND lease = ANY (${$.leases}) AND state =', replace: ' AND state =' },
          {
            find: 'SELECT held.*, input.state',
            replace: 'SELECT held.*, input.lease AS own_lease, input.state',
          },
          { find: 'JOIN input ON input.lease = held.lease', replace: 'JOIN input ON input.seq = held.seq' },
          { find: 'SELECT lease FROM settled`', replace: 'SELECT own_lease AS lease FROM settled`' },
        ],
      },
    ],
    caughtBy: { file: CLAIM_AND_SETTLE, test: 'a lease of an earlier claim settles nothing' },
  },
  {
    id: 'a-renewal-asks-for-no-lease',
    kind: 'drop the guard on a transition',
    fault: 'A scheduler renews the lease of whoever took the task over.',
    plants: [
      {
        file: `${STATEMENTS}/renew-leases.ts`,
        edits: [{ find: ' AND lease = ANY (${$.leases})', replace: ' AND ${$.leases} IS NOT NULL' }],
      },
    ],
    caughtBy: {
      file: CLAIM_AND_SETTLE,
      test: 'a scheduler that lost its lease can neither renew nor settle, and the taker can',
    },
  },
  {
    id: 'a-cancel-ends-a-running-task',
    kind: 'drop the guard on a transition',
    fault: 'A cancel that a claim has overtaken ends the task under its attempt.',
    plants: [
      {
        file: `${STATEMENTS}/cancel-pending-task.ts`,
        edits: [{ find: ' AND state = ${STATE.pending}', replace: '' }],
      },
    ],
    caughtBy: { file: GUARDED_WRITES, test: 'cancelPendingTask writes nothing when the task runs by then' },
  },
  {
    id: 'a-cancel-is-asked-of-a-waiting-task',
    kind: 'drop the guard on a transition',
    fault:
      'A cancel that the end of the attempt has overtaken is noted on a task that will be claimed again.',
    plants: [
      {
        file: `${STATEMENTS}/request-cancel.ts`,
        edits: [{ find: ' AND state = ${STATE.running}', replace: '' }],
      },
    ],
    caughtBy: { file: GUARDED_WRITES, test: 'requestCancel writes nothing when the task waits by then' },
  },
  {
    id: 'a-running-task-is-made-due',
    kind: 'drop the guard on a transition',
    fault: 'An operator is told that a task is due now which runs already.',
    plants: [
      {
        file: `${STATEMENTS}/run-pending-task.ts`,
        edits: [{ find: ' AND state = ${STATE.pending}', replace: '' }],
      },
    ],
    caughtBy: { file: GUARDED_WRITES, test: 'runPendingTask writes nothing when the task runs by then' },
  },
  {
    id: 'a-claim-locks-nothing',
    kind: 'drop the guard on a transition',
    fault: 'A claim looks at the state of a task and then waits for whoever is changing it.',
    plants: [
      {
        file: `${STATEMENTS}/claim-due-tasks.ts`,
        edits: [{ find: '          FOR UPDATE SKIP LOCKED\n', replace: '' }],
      },
    ],
    caughtBy: {
      file: RACING_WRITES,
      test: 'a claim neither waits for a row that is being written nor takes it',
    },
  },
  {
    id: 'expiry-locks-nothing',
    kind: 'drop the guard on a transition',
    fault: 'A task that is claimed just then fails as expired under its attempt.',
    plants: [
      {
        file: `${STATEMENTS}/expire-tasks.ts`,
        edits: [{ find: '        FOR UPDATE SKIP LOCKED\n', replace: '' }],
      },
    ],
    caughtBy: {
      file: RACING_WRITES,
      test: 'expiry neither waits for a row that is being written nor takes it',
    },
  },
  {
    id: 'a-take-over-locks-nothing',
    kind: 'drop the guard on a transition',
    fault: 'A task is taken over from a scheduler that renews its lease or settles it just then.',
    plants: [
      {
        file: `${STATEMENTS}/take-over-lost-leases.ts`,
        edits: [{ find: '      FOR UPDATE SKIP LOCKED\n', replace: '' }],
      },
    ],
    caughtBy: {
      file: RACING_WRITES,
      test: 'a take-over neither waits for a row that is being written nor takes it',
    },
  },
  {
    id: 'pruning-locks-nothing',
    kind: 'drop the guard on a transition',
    fault: 'A task that an operator retries just then is forgotten, and so never delivered.',
    plants: [
      {
        file: `${STATEMENTS}/prune-tasks.ts`,
        edits: [{ find: '        FOR UPDATE SKIP LOCKED\n', replace: '' }],
      },
    ],
    caughtBy: {
      file: RACING_WRITES,
      test: 'a task that is retried while it is being pruned is not forgotten',
    },
  },
  {
    id: 'a-settle-does-not-see-a-cancel',
    kind: 'drop the guard on a transition',
    fault: 'A task whose cancel was acknowledged while its attempt was being settled is claimed again.',
    plants: [
      { file: `${STATEMENTS}/settle-attempts.ts`, edits: [{ find: '      FOR UPDATE\n', replace: '' }] },
    ],
    caughtBy: {
      file: RACING_WRITES,
      test: 'a task whose cancel was asked for while its attempt was being settled is not claimed again',
    },
  },
  {
    id: 'a-renewal-does-not-see-a-settle',
    kind: 'drop the guard on a transition',
    fault: 'A task that waits again is given a lease.',
    plants: [{ file: `${STATEMENTS}/renew-leases.ts`, edits: [{ find: '      FOR UPDATE\n', replace: '' }] }],
    caughtBy: {
      file: RACING_WRITES,
      test: 'a renewal that a settle has overtaken finds no lease and writes none',
    },
  },
  {
    id: 'a-task-is-sent-without-its-lease',
    kind: 'drop the guard on a transition',
    fault: 'A task whose lease was lost while it waited for a slot is sent all the same.',
    plants: [
      {
        file: 'packages/scheduler/src/slots.ts',
        edits: [{ find: 'return !held.lost && ', replace: 'return ' }],
      },
    ],
    caughtBy: {
      file: 'packages/scheduler/src/leases.test.ts',
      test: 'leases > that are lost while their task waits for a slot keep it from being sent, and nothing is settled',
    },
  },
  {
    id: 'the-lease-is-the-scheduler',
    kind: 'guard by scheduler id instead of the lease token',
    fault: 'Two claims of one task by one scheduler have the same lease.',
    plants: [
      {
        file: CLAIM_PARTS,
        edits: [
          {
            find: 'lease = ${NEXT_LEASE},',
            replace: 'lease = u.seq * 1000 + abs(hashtext(${$.scheduler})) % 1000,',
          },
        ],
      },
    ],
    caughtBy: { file: CLAIM_AND_SETTLE, test: 'a lease of an earlier claim settles nothing' },
  },
];
