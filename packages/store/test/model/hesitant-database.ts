import type { Database } from '@dispatchr/store';

/** Writes of an operator that follow a look at the task. */
const AFTER_A_LOOK: ReadonlySet<string> = new Set([
  'cancel-pending-task',
  'request-cancel',
  'run-pending-task',
  'retry-finished-task',
  'delete-finished-task',
]);

/** A database on which an operator's write waits for another call, by which what it looked at may have changed. */
export interface HesitantDatabase {
  readonly database: Database;
  /** From now on operators' writes wait for this call to end, however it ends. */
  readonly hesitateUntil: (call: Promise<unknown>) => void;
}

/** Makes a database hesitate. */
export function hesitant(database: Database): HesitantDatabase {
  let until: Promise<unknown> = Promise.resolve();
  return {
    database: {
      kind: database.kind,
      query: async (statement, values) => {
        if (AFTER_A_LOOK.has(statement.name)) await until;
        return database.query(statement, values);
      },
      transaction: (role, work) => database.transaction(role, work),
      listen: (channel, onNotify) => database.listen(channel, onNotify),
      close: () => database.close(),
    },
    hesitateUntil: (call) => {
      until = call.then(
        () => undefined,
        () => undefined,
      );
    },
  };
}
