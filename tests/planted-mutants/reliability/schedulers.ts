import type { ReliabilityMutant } from '../reliability-mutant.ts';

const SCHEDULER = 'packages/scheduler/src';
const STATEMENTS = 'packages/store/src/statements';
const CLAIM_PARTS = 'packages/store/src/claim-parts.ts';
const CLAIM_AND_SETTLE = 'packages/store/src/claim-and-settle.test.ts';
const GUARDED_WRITES = 'packages/store/src/guarded-writes.test.ts';

/** Faults in claiming, sweeping and stopping. */
export const SCHEDULER_MUTANTS: readonly ReliabilityMutant[] = [
  {
    id: 'the-sweep-takes-what-waits',
    kind: 'sweep without a state guard',
    fault: 'A take-over at the start counts an attempt of tasks that nobody has claimed.',
    plants: [
      {
        file: `${STATEMENTS}/take-over-lost-leases.ts`,
        edits: [{ find: 'WHERE state = ${STATE.running}\n        AND (CASE', replace: 'WHERE (CASE' }],
      },
    ],
    caughtBy: { file: GUARDED_WRITES, test: 'taking over every lease leaves alone what waits' },
  },
  {
    id: 'a-task-expires-under-its-attempt',
    kind: 'sweep without a state guard',
    fault: 'A task that runs fails as expired.',
    plants: [
      {
        file: `${STATEMENTS}/expire-tasks.ts`,
        edits: [{ find: ' AND state = ${STATE.pending}', replace: '' }],
      },
    ],
    caughtBy: { file: GUARDED_WRITES, test: 'a task that runs does not expire' },
  },
  {
    id: 'a-row-that-cannot-be-settled-ends-the-sweep',
    kind: 'sweep stops at the first bad row',
    fault: 'One attempt that cannot be settled keeps the others from it.',
    plants: [
      {
        file: `${SCHEDULER}/sweep.ts`,
        edits: [
          {
            find: "'a lost attempt could not be settled');\n    return false;",
            replace: "'a lost attempt could not be settled');\n    throw error;",
          },
          // One after the other, as a sweep would be that stops.
          {
            find: 'const settled = await Promise.all(lost.map((attempt) => settleLost(attempt, options)));',
            replace: `const settled: boolean[] = [];
              for (const attempt of lost) settled.push(await settleLost(attempt, options));`,
          },
        ],
      },
    ],
    caughtBy: {
      file: `${SCHEDULER}/sweep.test.ts`,
      test: 'the sweep > goes on past a row that cannot be settled',
    },
  },
  {
    id: 'a-failed-take-over-ends-the-round',
    kind: 'sweep stops at the first bad row',
    fault: 'While taking over fails nothing expires and nothing is pruned.',
    plants: [
      {
        file: `${SCHEDULER}/sweep.ts`,
        edits: [
          {
            find: "await step('expire', () =>",
            replace: "if (failed) return;\n    await step('expire', () =>",
          },
          { find: '  const sweepOnce = async', replace: '  let failed = false;\n  const sweepOnce = async' },
          {
            find: '      const details = { step',
            replace: '      failed = true;\n      const details = { step',
          },
        ],
      },
    ],
    caughtBy: {
      file: `${SCHEDULER}/sweep.test.ts`,
      test: 'the sweep > takes its other steps when takeOverLostLeases fails, and says which did',
    },
  },
  {
    id: 'a-row-that-cannot-be-read-ends-the-take-over',
    kind: 'sweep stops at the first bad row',
    fault: 'A policy that is no JSON keeps every lost task from being taken over.',
    plants: [
      {
        file: `${STATEMENTS}/take-over-lost-leases.ts`,
        edits: [{ find: '} catch {\n    return null;', replace: '} catch (error) {\n    throw error;' }],
      },
    ],
    caughtBy: {
      file: CLAIM_AND_SETTLE,
      test: 'a row that cannot be read keeps no other from being claimed or taken over',
    },
  },
  {
    id: 'claimed-by-in',
    kind: 'claim by IN (subselect)',
    fault:
      'The planner may join the claimed rows as it likes, and reads the whole table where it expects many.',
    plants: [
      {
        file: CLAIM_PARTS,
        edits: [
          {
            find: 'WHERE u.seq = ANY (ARRAY (SELECT seq FROM within_limits))',
            replace: 'WHERE u.seq IN (SELECT seq FROM within_limits)',
          },
        ],
      },
      {
        file: 'packages/store/src/statements/claim-due-tasks.ts',
        // The beginning of a lane lets the planner expect few rows, and with few it would choose well all the same.
        edits: [{ find: 'AND u.due_at >= lane.since', replace: '' }],
      },
    ],
    caughtBy: {
      file: 'packages/store/src/plans.test.ts',
      test: 'claim-due-tasks scans no table, never analysed, analysed empty or analysed full, behind a pooler that takes no settings',
    },
  },
  {
    id: 'the-end-does-not-wait-for-settles',
    kind: 'settle buffer dropped on SIGTERM',
    fault: 'A scheduler counts as empty while attempts of its are being settled.',
    plants: [
      {
        file: `${SCHEDULER}/slots.ts`,
        edits: [
          {
            find: 'this.#inFlight.size === 0 && this.#settling === 0;',
            replace: 'this.#inFlight.size === 0;',
          },
        ],
      },
    ],
    caughtBy: {
      file: `${SCHEDULER}/scheduler.test.ts`,
      test: 'stopping > waits for settlements that are under way',
    },
  },
  {
    id: 'settles-are-given-up-at-the-signal',
    kind: 'settle buffer dropped on SIGTERM',
    fault: 'A settle that the database did not take at once is not tried again during a stop.',
    plants: [
      {
        file: `${SCHEDULER}/scheduler.ts`,
        edits: [
          { find: '    stopped.abort();\n', replace: '    stopped.abort();\n    parts.settler.giveUp();\n' },
          { find: 'atOnce.signal);\n    parts.settler.giveUp();\n', replace: 'atOnce.signal);\n' },
        ],
      },
    ],
    caughtBy: {
      file: `${SCHEDULER}/scheduler.test.ts`,
      test: 'stopping > still releases when the database comes back just then',
    },
  },
  {
    id: 'the-database-is-closed-under-settles',
    kind: 'settle buffer dropped on SIGTERM',
    fault: 'The connections are ended while statements run on them.',
    plants: [
      {
        file: 'packages/store/src/database/postgres-connections.ts',
        edits: [{ find: 'for (const { done } of this.#underWay) await done;', replace: '' }],
      },
    ],
    caughtBy: {
      file: 'packages/store/src/database/postgres-connections.test.ts',
      test: 'the end waits for what is under way and refuses what waits',
    },
  },
  {
    id: 'the-database-is-closed-first',
    kind: 'settle buffer dropped on SIGTERM',
    fault: 'The service closes its database while the scheduler still has attempts to settle.',
    plants: [
      {
        file: 'packages/dispatchr/src/composition/start-service.ts',
        edits: [
          {
            find: '  await Promise.all([parts.recorder?.stop(graceMs)',
            replace:
              '  await settledWithin(parts.store.close(), CLOSE_DATABASE_MS, clock);\n  await Promise.all([parts.recorder?.stop(graceMs)',
          },
        ],
      },
    ],
    inServices: true,
    caughtBy: {
      file: 'tests/shutdown.test.ts',
      test: 'SIGTERM lets quick deliveries end and gives slow ones back at no cost to their budget',
    },
  },
  {
    id: 'claims-go-on-during-a-stop',
    kind: 'claim during drain',
    fault: 'A scheduler that stops goes on claiming until it has stopped.',
    plants: [
      {
        file: `${SCHEDULER}/scheduler.ts`,
        edits: [
          {
            find: 'parts.claimLoop.run(stopped.signal)',
            replace: 'parts.claimLoop.run(leasesStopped.signal)',
          },
        ],
      },
    ],
    caughtBy: {
      file: `${SCHEDULER}/scheduler.test.ts`,
      test: 'stopping > waits for what is in flight and claims nothing more',
    },
  },
  {
    id: 'what-a-late-claim-brings-is-sent',
    kind: 'claim during drain',
    fault: 'What a claim under way at the stop brings is sent to its target.',
    plants: [
      {
        file: `${SCHEDULER}/slots.ts`,
        edits: [{ find: 'this.#closed = true;', replace: 'this.#closed = false;' }],
      },
    ],
    caughtBy: {
      file: `${SCHEDULER}/scheduler.test.ts`,
      test: 'stopping > releases what a claim brings that was under way',
    },
  },
  {
    id: 'one-origin-takes-every-slot',
    kind: 'first-in-first-out without a cap per target',
    fault: 'A target that hangs has every slot after a while.',
    plants: [
      {
        file: `${SCHEDULER}/origin-share.ts`,
        edits: [
          {
            find: 'return Math.max(1, Math.floor(((inFlight + free) * 9) / 10));',
            replace: 'return inFlight + free;',
          },
        ],
      },
    ],
    caughtBy: {
      file: `${SCHEDULER}/slow-targets.test.ts`,
      test: 'a target that hangs > holds up no task that becomes due later',
    },
  },
  {
    id: 'a-claim-brings-what-cannot-be-sent',
    kind: 'first-in-first-out without a cap per target',
    fault:
      'A claim is filled with the tasks of an origin that has its share, and none behind them is claimed.',
    plants: [
      {
        file: CLAIM_PARTS,
        edits: [
          {
            find: 'AND coalesce(array_position(${$.exceptOrigins}, u.origin), 0) < 1',
            replace: 'AND ${$.exceptOrigins} IS NOT NULL',
          },
        ],
      },
    ],
    caughtBy: {
      file: CLAIM_AND_SETTLE,
      test: 'tasks for origins that a claim leaves out stay due, and those behind them are claimed',
    },
  },
];
