import type { ReliabilityMutant } from '../reliability-mutant.ts';

const CLAIM = 'packages/store/src/statements/claim-flow-keys.ts';
const CLAIM_FLOW_KEYS = 'packages/store/src/claim-flow-keys.test.ts';

/** Faults in what limits count, and in whom they hold up. */
export const FLOW_CONTROL_MUTANTS: readonly ReliabilityMutant[] = [
  {
    id: 'a-claim-is-not-counted',
    kind: 'limit that nothing counts',
    fault: 'What is claimed takes no room in its gates.',
    plants: [
      {
        file: CLAIM,
        edits: [{ find: 'CASE WHEN passed.most IS NULL THEN 0 ELSE passed.tasks END', replace: '0' }],
      },
    ],
    caughtBy: {
      file: CLAIM_FLOW_KEYS,
      test: 'the gates of a queue and of its flow keys let through what they leave, in turns, and count it',
    },
  },
  {
    id: 'a-settle-makes-no-room',
    kind: 'settle that takes nothing off',
    fault: 'What ended is counted for ever, and its queue stands still after a while.',
    plants: [
      {
        file: 'packages/store/src/statements/settle-attempts.ts',
        edits: [{ find: 'g.in_flight - gate.tasks', replace: 'g.in_flight - 0 * gate.tasks' }],
      },
    ],
    caughtBy: {
      file: CLAIM_FLOW_KEYS,
      test: 'a task that is pending again is counted by no gate, whatever becomes of it',
    },
  },
  {
    id: 'a-gate-is-read-and-not-locked',
    kind: 'limit that nothing counts',
    fault: 'Two claims at the same time find the same room in a gate, and both take it.',
    plants: [{ file: CLAIM, edits: [{ find: 'asked.flow_key FOR UPDATE', replace: 'asked.flow_key' }] }],
    caughtBy: { file: CLAIM_FLOW_KEYS, test: 'claims at the same time never get past a gate together' },
  },
  {
    id: 'a-claim-by-old-settings',
    kind: 'claim under stale settings',
    fault: 'A claim goes by what it looked at, although something else was put since.',
    plants: [
      {
        file: 'packages/store/src/claim-parts.ts',
        edits: [
          {
            find: "share.version = coalesce((SELECT s.xmin::text FROM ${queues} s WHERE s.name = share.queue), '')`",
            replace: 'share.version IS NOT NULL`',
          },
        ],
      },
    ],
    caughtBy: {
      file: CLAIM_FLOW_KEYS,
      test: 'a claim under settings that changed since the look brings nothing',
    },
  },
  {
    id: 'a-pause-is-ignored',
    kind: 'pause ignored',
    fault: 'A queue that is paused is claimed like any other.',
    plants: [
      {
        file: 'packages/scheduler/src/claims.ts',
        edits: [
          {
            find: 'filter(({ settings }) => !settings.paused)',
            replace: 'filter(({ settings }) => settings)',
          },
        ],
      },
    ],
    caughtBy: {
      file: 'packages/scheduler/src/claims.test.ts',
      test: 'claims nothing of a queue that is paused',
    },
  },
  {
    id: 'a-stop-between-two-claims-is-ignored',
    kind: 'claim during drain',
    fault: 'A scheduler that is told to stop after the first claim of a look asks for the second.',
    plants: [
      {
        file: 'packages/scheduler/src/claims.ts',
        edits: [{ find: 'this.#isStopped = true;', replace: 'this.#isStopped = false;' }],
      },
    ],
    caughtBy: {
      file: 'packages/scheduler/src/claims.test.ts',
      test: 'asks for no second claim of a look once it is told to stop',
    },
  },
];
