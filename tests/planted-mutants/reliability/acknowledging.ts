import type { ReliabilityMutant } from '../reliability-mutant.ts';

/** Faults that acknowledge what is not safe, or give back other than what was acknowledged. */
export const ACKNOWLEDGING_MUTANTS: readonly ReliabilityMutant[] = [
  {
    id: 'answered-before-the-store-is-asked',
    kind: 'ack before COMMIT',
    fault: 'The recorder answers a submit while the store is still at it.',
    plants: [
      {
        file: 'packages/recorder/src/routes/submit-task.ts',
        edits: [
          {
            find: 'const result = await context.store.submitTask(submitted);',
            replace: `void context.store.submitTask(submitted);
              const now = new Date(0);
              const result = { kind: 'created', task: { ...submitted, seq: 1, state: 'pending', dueAt: now, createdAt: now,
                attempt: 0, attemptsUsed: 0 } } as unknown as SubmitResult;`,
          },
        ],
      },
    ],
    caughtBy: {
      file: 'packages/recorder/src/routes/submit-task.test.ts',
      test: 'a submitted task > is answered when it is recorded, and not before',
    },
  },
  {
    id: 'answered-while-the-write-is-under-way',
    kind: 'ack before COMMIT',
    fault: 'Who shares a write is answered when it is sent and not when it is committed.',
    plants: [
      {
        file: 'packages/store/src/group-commit.ts',
        edits: [
          {
            find: 'return (await this.#flush(items)).map((answer) => ({ answer }));',
            replace: `void this.#flush(items);
              return items.map((item) => ({ answer: item as unknown as Answer }));`,
          },
        ],
      },
    ],
    caughtBy: {
      file: 'packages/store/src/group-commit.test.ts',
      test: 'nobody is answered before the commit of its own item',
    },
  },
  {
    id: 'commit-is-not-waited-for',
    kind: 'ack before COMMIT',
    fault: 'A batch is acknowledged when its COMMIT is sent.',
    plants: [
      {
        file: 'packages/store/src/database/postgres.ts',
        edits: [
          {
            find: "const { command } = await connection.run('COMMIT');",
            replace: `void connection.run('COMMIT').catch(() => undefined);
              const command = 'COMMIT' as string;`,
          },
        ],
      },
    ],
    caughtBy: {
      file: 'packages/store/src/commit.test.ts',
      test: 'a batch with identities whose commit fails is not acknowledged',
    },
  },
  {
    id: 'rollback-is-taken-for-a-commit',
    kind: 'ack before COMMIT',
    fault: 'A COMMIT that the server answers with ROLLBACK counts as one.',
    plants: [
      {
        file: 'packages/store/src/database/postgres.ts',
        edits: [{ find: "if (command !== 'COMMIT') throw", replace: "if (command === 'never') throw" }],
      },
    ],
    caughtBy: {
      file: 'packages/store/src/commit.test.ts',
      test: 'a transaction that goes on after a failed statement is not taken for committed',
    },
  },
  {
    id: 'the-commit-of-another-is-acknowledged',
    kind: 'ack before COMMIT',
    fault: 'Of several submits with one id in one write all are told that theirs is recorded.',
    plants: [
      {
        file: 'packages/store/src/submit-tasks.ts',
        edits: [{ find: 'recorded.delete(task.id);', replace: '' }],
      },
    ],
    caughtBy: {
      file: 'packages/store/src/submit-tasks.test.ts',
      test: 'of the same id within one write the first is recorded, and the others are held against it',
    },
  },
  {
    id: 'the-disk-is-not-waited-for',
    kind: 'ack before COMMIT',
    fault: 'A commit is answered before it is on disk, and a crash of PostgreSQL takes it back.',
    plants: [
      {
        file: 'packages/store/src/database/postgres-connection.ts',
        edits: [
          {
            find: '...settings.startup },',
            replace: "...settings.startup, synchronous_commit: 'off' },",
          },
        ],
      },
    ],
    caughtBy: {
      file: 'packages/store/src/commit.test.ts',
      test: 'a commit on a connection to submit is on disk when it is answered',
    },
  },
  {
    id: 'arguments-pass-through-jsonb',
    kind: 'arguments in jsonb',
    fault: 'Arguments are normalised: members change their order, doubles vanish.',
    plants: [
      {
        file: 'packages/store/src/statements/record-tasks.ts',
        edits: [
          {
            find: 'SELECT id, idempotency_key, fingerprint, target, task_name, task_args, request, headers,',
            replace:
              'SELECT id, idempotency_key, fingerprint, target, task_name, task_args::jsonb::text, request, headers,',
          },
        ],
      },
    ],
    caughtBy: {
      file: 'packages/store/src/submit-tasks.test.ts',
      test: 'a recorded task is pending, unclaimed and due at the time of the database',
    },
  },
];
