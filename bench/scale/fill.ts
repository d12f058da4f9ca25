import type postgres from 'postgres';

/** Rows to be laid down as the submit and the settle would have written them, in plain SQL: they are too many to submit. */
export interface Fill {
  readonly tasks: number;
  readonly target: string;
  readonly state: 'due' | 'future' | 'finished';
  /** Over how many queues they are spread; 1 is the queue `default`. */
  readonly queues?: number;
  /** Over how many flow keys they are spread; absent is the flow key of the target's origin. */
  readonly flowKeys?: number;
}

/** Rows of one statement: some seconds each, so that whoever waits sees it go on. */
const CHUNK = 100_000;

/** Adds the rows, oldest first. */
export async function fill(sql: postgres.Sql, rows: Fill, note: (text: string) => void): Promise<void> {
  for (let from = 0; from < rows.tasks; from += CHUNK) {
    const until = Math.min(from + CHUNK, rows.tasks);
    await fillChunk(sql, rows, from, until);
    if (rows.tasks > CHUNK) note(`  ${until.toLocaleString('en-US')} tasks ${rows.state}`);
  }
}

async function fillChunk(sql: postgres.Sql, rows: Fill, from: number, until: number): Promise<void> {
  await sql.begin(async (transaction) => {
    await numberTasks(transaction, rows, from, until);
    await recordTasks(transaction, rows.target);
    if (rows.state === 'finished') await recordFinished(transaction);
    else await recordWaiting(transaction, rows.target);
  });
}

/** What differs from task to task, once for all tables: joins of tables without statistics can take minutes. */
async function numberTasks(
  sql: postgres.TransactionSql,
  { target, state, tasks, queues = 1, flowKeys }: Fill,
  from: number,
  until: number,
): Promise<void> {
  const keys = flowKeys ?? null;
  await sql`
    CREATE TEMPORARY TABLE filled (seq int8, queue text, flow_key text, created_at timestamptz, due_at timestamptz)
    ON COMMIT DROP`;
  await sql`
    INSERT INTO filled
    SELECT nextval(pg_get_serial_sequence('dispatchr.tasks', 'seq')),
      CASE WHEN ${queues}::int4 = 1 THEN 'default' ELSE 'queue-' || n % ${queues}::int4 END,
      coalesce('key-' || n % ${keys}::int4, ${new URL(target).origin}),
      created_at,
      created_at + CASE WHEN ${state}::text = 'future' THEN interval '1 day' ELSE interval '0' END
    FROM generate_series(${from}::int8, ${until - 1}::int8) n
    CROSS JOIN LATERAL (SELECT now() - (${tasks}::int8 - n) * interval '1 millisecond' AS created_at) created`;
}

/** Ids grow as those of version 7 do, and sort before any of the present. */
async function recordTasks(sql: postgres.TransactionSql, target: string): Promise<void> {
  const taskArgs = JSON.stringify({ number: 100_000, sentAtMs: 1_000_000.123, text: 'x'.repeat(180) });
  await sql`
    INSERT INTO dispatchr.tasks
      (seq, id, target, task_name, task_args, queue, flow_key, priority, due_at, created_at)
    OVERRIDING SYSTEM VALUE
    SELECT seq, '00000000-0000-7000-8000-' || lpad(to_hex(seq), 12, '0'), ${target}, 'bench', ${taskArgs},
      queue, flow_key, 0, due_at, created_at
    FROM filled`;
}

async function recordWaiting(sql: postgres.TransactionSql, target: string): Promise<void> {
  await sql`
    INSERT INTO dispatchr.unfinished_tasks (seq, queue, flow_key, origin, priority, due_at, state)
    SELECT seq, queue, flow_key, ${new URL(target).origin}, 0, due_at, 'pending' FROM filled`;
}

/** Each completed by its first attempt. */
async function recordFinished(sql: postgres.TransactionSql): Promise<void> {
  await sql`
    INSERT INTO dispatchr.finished_tasks (seq, state, attempt, attempts_used, due_at, started_at, finished_at)
    SELECT seq, 'completed', 1, 0, due_at, due_at, due_at + interval '3 milliseconds' FROM filled`;
  await sql`
    INSERT INTO dispatchr.attempts (seq, attempt, scheduler, started_at, ended_at, duration_ms, outcome, status)
    SELECT seq, 1, 'bench-00000000', due_at, due_at + interval '3 milliseconds', 3, 'completed', 204 FROM filled`;
}
