import { copyFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { LOG_FILES } from '../events.ts';
import type { DatabaseServer } from './database-server.ts';

/** The columns that are logged, by table; the names of the API stand in the log. */
const COLUMNS = {
  state: 'state',
  reason: 'reason',
  attempt: 'attempt',
  attemptsUsed: 'attempts_used',
  lease: 'lease',
  scheduler: 'scheduler',
  outcome: 'outcome',
  status: 'status',
  errorCode: 'error_code',
  parkedFor: 'parked_for',
  gate: 'gate',
} as const;
const INSTANTS = {
  dueAt: 'due_at',
  expiresAt: 'expires_at',
  leaseUntil: 'lease_until',
  startedAt: 'started_at',
  firstClaimedAt: 'first_claimed_at',
  cancelRequestedAt: 'cancel_requested_at',
  finishedAt: 'finished_at',
  endedAt: 'ended_at',
  runAt: 'run_at',
} as const;

/** Which of the columns each table has. */
const TABLES: Record<string, readonly string[]> = {
  tasks: ['due_at', 'expires_at'],
  unfinished_tasks: [
    'state',
    'attempt',
    'attempts_used',
    'lease',
    'scheduler',
    'due_at',
    'expires_at',
    'lease_until',
    'started_at',
    'first_claimed_at',
    'cancel_requested_at',
    'parked_for',
    'gate',
    'run_at',
  ],
  finished_tasks: [
    'state',
    'reason',
    'attempt',
    'attempts_used',
    'due_at',
    'started_at',
    'cancel_requested_at',
    'finished_at',
  ],
  attempts: ['attempt', 'scheduler', 'outcome', 'status', 'error_code', 'started_at', 'ended_at'],
};

const INTEGERS = ['attempt', 'attempts_used', 'lease', 'status', 'gate'];
const ALL_COLUMNS: readonly string[] = [...Object.values(COLUMNS), ...Object.values(INSTANTS)];

/**
 * Has the database write down each change of a row in the transaction that makes it, by triggers of its own.
 * The service knows nothing of it. Call it once, after the tables were made.
 */
export async function installTransitionLog(server: DatabaseServer): Promise<void> {
  const sql = server.administrator();
  try {
    await sql.unsafe(SCHEMA);
    for (const [table, columns] of Object.entries(TABLES)) await sql.unsafe(triggerOf(table, columns));
  } finally {
    await sql.end();
  }
}

/** Writes the log of a run into its folder, ordered by task and, within a task, by `n`. */
export async function exportTransitions(server: DatabaseServer, folder: string): Promise<void> {
  const file = join(server.sharedFolder, LOG_FILES.transitions);
  const sql = server.administrator();
  try {
    await sql.unsafe(`SET work_mem = '256MB'`);
    // The quote and the delimiter occur in no JSON, so that each line is the JSON itself.
    await sql.unsafe(`COPY (${EXPORT}) TO '${file}' (FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02')`);
  } finally {
    await sql.end();
  }
  // Not renamed: the database may have a file system of its own.
  await copyFile(file, join(folder, LOG_FILES.transitions));
  await rm(file);
}

function typeOf(column: string): string {
  if (INTEGERS.includes(column)) return 'bigint';
  return (Object.values(INSTANTS) as string[]).includes(column) ? 'timestamptz' : 'text';
}

const SCHEMA = `
  CREATE SCHEMA chaos;
  CREATE SEQUENCE chaos.n;
  CREATE TABLE chaos.tokens (seq bigint, id text, token text);
  CREATE TABLE chaos.transitions (
    n bigint, at timestamptz, begun_at timestamptz, transaction text, table_name text, op text, seq bigint,
    ${ALL_COLUMNS.map((column) => `${column} ${typeOf(column)}`).join(', ')}
  )`;

/** Row by row: the number is drawn while the row is locked, which orders the changes of a task. */
function triggerOf(table: string, columns: readonly string[]): string {
  const insert = (row: string) => `
    INSERT INTO chaos.transitions (n, at, begun_at, transaction, table_name, op, seq, ${columns.join(', ')})
    VALUES (nextval('chaos.n'), clock_timestamp(), now(), pg_current_xact_id()::text, '${table}', lower(TG_OP),
      ${row}.seq, ${columns.map((column) => `${row}.${column}`).join(', ')});`;
  const token =
    table === 'tasks'
      ? `IF TG_OP = 'INSERT' THEN
           INSERT INTO chaos.tokens VALUES (NEW.seq, NEW.id, NEW.headers::json ->> 'chaos-token');
         END IF;`
      : '';
  return `
    CREATE FUNCTION chaos.log_${table}() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'DELETE' THEN ${insert('OLD')}
      ELSE ${insert('NEW')} ${token}
      END IF;
      RETURN NULL;
    END $$;
    CREATE TRIGGER chaos_log AFTER INSERT OR UPDATE OR DELETE ON dispatchr.${table}
      FOR EACH ROW EXECUTE FUNCTION chaos.log_${table}()`;
}

const EXPORT = `
  SELECT jsonb_build_object('kind', 'transition', 'n', t.n, 'at', ${epochMs('t.at')}, 'begunAt', ${epochMs('t.begun_at')},
      'transaction', t.transaction, 'token', coalesce(k.token, '?' || t.seq), 'table', t.table_name, 'op', t.op,
      'row', jsonb_strip_nulls(jsonb_build_object('id', CASE WHEN t.table_name = 'tasks' THEN k.id END,
        ${pairs(COLUMNS, (column) => `t.${column}`)}, ${pairs(INSTANTS, (column) => epochMs(`t.${column}`))})))
  FROM chaos.transitions t LEFT JOIN chaos.tokens k USING (seq)
  ORDER BY t.seq, t.n`;

function pairs(columns: Record<string, string>, value: (column: string) => string): string {
  return Object.entries(columns)
    .map(([name, column]) => `'${name}', ${value(column)}`)
    .join(', ');
}

function epochMs(column: string): string {
  return `(extract(epoch FROM ${column}) * 1000)::float8`;
}
