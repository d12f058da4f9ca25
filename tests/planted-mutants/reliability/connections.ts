import type { ReliabilityMutant } from '../reliability-mutant.ts';

const DATABASE = 'packages/store/src/database';

/** Faults in what happens when the database is slow or gone. */
export const CONNECTION_MUTANTS: readonly ReliabilityMutant[] = [
  {
    id: 'an-idle-connection-is-lost-unnoticed',
    kind: 'no pool error handler',
    fault: 'A connection that its server ended while it was idle is handed to the next call.',
    plants: [
      {
        file: `${DATABASE}/postgres-connection.ts`,
        edits: [{ find: 'this.#isSpent = true;\n      tellClose?.();', replace: 'tellClose?.();' }],
      },
    ],
    caughtBy: {
      file: `${DATABASE}/postgres-connection.test.ts`,
      test: 'a connection that its server ended while it was idle is of no use any more',
    },
  },
  {
    id: 'a-refused-cancel-ends-the-process',
    kind: 'no pool error handler',
    fault: 'A request to cancel that the server does not take is an exception that nobody catches.',
    plants: [
      {
        file: `${DATABASE}/postgres-connection.ts`,
        edits: [{ find: "socket.on('error', () => socket.destroy());", replace: '' }],
      },
    ],
    caughtBy: {
      file: `${DATABASE}/postgres-connection.test.ts`,
      test: 'a request to cancel that nobody takes does no harm',
    },
  },
  {
    id: 'calls-have-no-deadline',
    kind: 'no query deadline',
    fault: 'A call to a database that hangs is waited for until the operating system gives up.',
    plants: [
      {
        file: `${DATABASE}/postgres-connections.ts`,
        edits: [
          {
            find: 'cancelDeadline: this.#settings.timer(this.#settings.timeoutMs, () => this.#overrun(call)),',
            replace: 'cancelDeadline: () => undefined,',
          },
        ],
      },
    ],
    caughtBy: {
      file: `${DATABASE}/postgres-connections.test.ts`,
      test: 'a call that is never answered fails at its deadline',
    },
  },
  {
    id: 'the-deadline-begins-with-the-turn',
    kind: 'no query deadline',
    fault: 'A call that waits for a connection has no deadline until it has one.',
    plants: [
      {
        file: `${DATABASE}/postgres-connections.ts`,
        edits: [
          {
            find: 'cancelDeadline: this.#settings.timer(this.#settings.timeoutMs, () => this.#overrun(call)),',
            replace: 'cancelDeadline: () => undefined,',
          },
          {
            find: '    call.connection = connection;\n',
            replace: `    call.connection = connection;
              Object.assign(call, {
                cancelDeadline: this.#settings.timer(this.#settings.timeoutMs, () => this.#overrun(call)),
              });`,
          },
        ],
      },
    ],
    caughtBy: {
      file: `${DATABASE}/postgres-connections.test.ts`,
      test: 'a call that waits for a connection has a deadline of its own, counted from when it was asked for',
    },
  },
];
