import type { Database, PreparedStatement, Queryable } from '../../src/database/database.ts';

/** A fault in a statement: text that is found in it once and replaced. */
export interface SqlMutant {
  readonly fault: string;
  /** The statement’s name. */
  readonly statement: string;
  readonly find: string;
  readonly replace: string;
  /** Further places, where the fault needs them. */
  readonly also?: readonly { readonly find: string; readonly replace: string }[];
}

const GUARDED_BY_LEASE = `lease = ANY ($2::int8[]) AND state = 'running'`;

/** Answers with the lease that was asked for, as a settle without one would. */
const WHATEVER_THE_LEASE = [
  {
    find: 'SELECT held.*, input.state,',
    replace: `SELECT held.seq, input.lease, held.attempt, held.due_at, held.started_at, held.scheduler,
      held.cancel_requested_at, held.queue, held.flow_key, held.gate, input.state,`,
  },
  { find: 'JOIN input ON input.lease = held.lease', replace: 'CROSS JOIN input' },
];

/** The faults that the model has to see. */
export const MUTANTS: readonly SqlMutant[] = [
  {
    fault: 'a claim does not look at the state',
    statement: 'claim-due-tasks',
    find: `AND u.state = 'pending' AND (u.expires_at`,
    replace: 'AND (u.expires_at',
  },
  {
    fault: 'a claim does not look at expiresAt',
    statement: 'claim-due-tasks',
    find: 'AND (u.expires_at IS NULL OR u.expires_at > now())',
    replace: '',
  },
  {
    fault: 'a claim by flow keys does not count what it claims',
    statement: 'claim-flow-keys',
    find: 'CASE WHEN passed.most IS NULL THEN 0 ELSE passed.tasks END',
    replace: '0',
  },
  {
    fault: 'a claim by flow keys does not look at what its gate counts',
    statement: 'claim-flow-keys',
    find: 'asked.most - locked.in_flight',
    replace: 'asked.most',
  },
  {
    fault: 'a settle takes nothing off the gate',
    statement: 'settle-attempts',
    find: 'g.in_flight - gate.tasks',
    replace: 'g.in_flight - 0 * gate.tasks',
  },
  {
    fault: 'a limit that comes does not count what is running',
    statement: 'count-running-tasks-in-queue',
    find: `state = 'running'`,
    replace: `state = 'finished'`,
  },
  {
    fault: 'a settle is guarded by nothing but the task',
    statement: 'settle-attempts',
    find: `AND ${GUARDED_BY_LEASE}`,
    replace: '',
    also: WHATEVER_THE_LEASE,
  },
  {
    fault: 'a settle looks at the state but not at the lease',
    statement: 'settle-attempts',
    find: `AND ${GUARDED_BY_LEASE}`,
    replace: `AND $2::int8[] IS NOT NULL AND state = 'running'`,
    also: WHATEVER_THE_LEASE,
  },
  {
    fault: 'a settle is guarded by the scheduler instead of the lease',
    statement: 'settle-attempts',
    find: `AND ${GUARDED_BY_LEASE}`,
    replace: `AND state = 'running' AND scheduler = 'scheduler-1'`,
    also: WHATEVER_THE_LEASE,
  },
  {
    fault: 'a settle forgets that a cancel was asked for',
    statement: 'settle-attempts',
    find: 'AND held.cancel_requested_at IS NOT NULL AS cancelled',
    replace: 'AND false AS cancelled',
  },
  {
    fault: 'a renewal looks at the state but not at the lease',
    statement: 'renew-leases',
    find: `AND ${GUARDED_BY_LEASE}`,
    replace: `AND $2::int8[] IS NOT NULL AND state = 'running'`,
  },
  {
    fault: 'a cancel of a waiting task does not look at the state again',
    statement: 'cancel-pending-task',
    find: `AND state = 'pending'`,
    replace: '',
  },
  {
    fault: 'a cancel of a running task does not look at the state again',
    statement: 'request-cancel',
    find: `AND state = 'running'`,
    replace: '',
  },
  {
    fault: 'a take-over does not look at the state',
    statement: 'take-over-lost-leases',
    find: `state = 'running'`,
    replace: `state <> 'completed'`,
  },
  {
    fault: 'a take-over keeps the lease',
    statement: 'take-over-lost-leases',
    find: `lease = nextval('dispatchr.lease_numbers')`,
    replace: 'lease = lease',
  },
  {
    fault: 'expiry does not look at the state',
    statement: 'expire-tasks',
    find: `AND state = 'pending'`,
    replace: '',
  },
  {
    fault: 'pruning does not look at the state',
    statement: 'prune-completed-tasks',
    find: `state = 'completed'`,
    replace: `state <> 'pending'`,
  },
  {
    fault: 'a retry keeps an expiresAt that has come',
    statement: 'retry-finished-task',
    find: 'CASE WHEN t.expires_at > now() THEN t.expires_at END',
    replace: 't.expires_at',
  },
  {
    fault: 'arguments are kept as jsonb',
    statement: 'record-tasks',
    find: 'SELECT id, idempotency_key, fingerprint, target, task_name, task_args,',
    replace: 'SELECT id, idempotency_key, fingerprint, target, task_name, task_args::jsonb::text,',
  },
];

/** A database whose statement has the fault; a call throws where its text is not found exactly once. */
export function plantIn(database: Database, mutant: SqlMutant): Database {
  const over = (inner: Queryable): Queryable => ({
    query: (statement, values) => inner.query(changed(statement, mutant), values),
  });
  return {
    kind: database.kind,
    ...over(database),
    transaction: (role, work) => database.transaction(role, (transaction) => work(over(transaction))),
    listen: (channel, onNotify) => database.listen(channel, onNotify),
    close: () => database.close(),
  };
}

function changed(statement: PreparedStatement, mutant: SqlMutant): PreparedStatement {
  if (statement.name !== mutant.statement) return statement;
  const places = [mutant, ...(mutant.also ?? [])];
  return { ...statement, text: places.reduce((text, place) => replaced(text, place), statement.text) };
}

function replaced(text: string, { find, replace }: { find: string; replace: string }): string {
  const [before, after, ...more] = text.split(find);
  if (before === undefined || after === undefined || more.length > 0)
    throw new Error(`expected “${find}” once, got ${text}`);
  return before + replace + after;
}
