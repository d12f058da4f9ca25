import { sql } from '../drizzle.ts';
import type { Queryable } from '../database/database.ts';
import { attempts, finishedTasks, gates, unfinishedTasks } from '../schema/index.ts';
import { STATE } from '../sql-states.ts';
import { defineStatement, nullIfEmpty } from '../statement.ts';
import type { SettledAttempt } from '../task-record.ts';

/**
 * Settles attempts whose lease still stands, in one commit: the attempt's row, and the task pending again or finished.
 *
 * Rows are locked first, in one order, so that a cancel that arrives meanwhile is either seen here or finds the task
 * settled. A lease number is unique, so `lease = ANY` alone proves the holder; `seq` leads to the row.
 * Without a delay the task keeps its `due_at`, and with it its place among those that are due. What gates count is
 * taken off them in the same commit, their rows locked after the tasks' and in one order too.
 */
const settleAttemptsStatement = defineStatement(
  'settle-attempts',
  'settle',
  {
    seqs: 'int8[]',
    leases: 'int8[]',
    states: 'text[]',
    reasons: 'text[]',
    delaysMs: 'int8[]',
    attemptsUsed: 'int4[]',
    outcomes: 'text[]',
    durationsMs: 'int4[]',
    statuses: 'int4[]',
    errorCodes: 'text[]',
    errorMessages: 'text[]',
    responseBodies: 'text[]',
  },
  ($) => sql`
    WITH input AS MATERIALIZED (
      SELECT * FROM unnest(${$.leases}, ${$.states}, ${$.reasons}, ${$.delaysMs}, ${$.attemptsUsed}, ${$.outcomes},
        ${$.durationsMs}, ${$.statuses}, ${$.errorCodes}, ${$.errorMessages}, ${$.responseBodies})
      AS input (lease, state, reason, delay_ms, attempts_used, outcome, duration_ms, status, error_code, error_message,
        response_body)
    ), held AS MATERIALIZED (
      SELECT seq, lease, attempt, due_at, started_at, scheduler, cancel_requested_at, queue, flow_key, gate
      FROM ${unfinishedTasks}
      WHERE seq = ANY (${$.seqs}) AND lease = ANY (${$.leases}) AND state = ${STATE.running}
      ORDER BY seq
      FOR UPDATE
    ), settled AS MATERIALIZED (
      SELECT held.*, input.state, input.reason, input.delay_ms, input.attempts_used, input.outcome, input.duration_ms,
        input.status, input.error_code, input.error_message, input.response_body,
        input.state <> ${STATE.completed} AND held.cancel_requested_at IS NOT NULL AS cancelled
      FROM held JOIN input ON input.lease = held.lease
    ), again AS (
      UPDATE ${unfinishedTasks} u
      SET state = ${STATE.pending}, attempts_used = s.attempts_used, lease = NULL, lease_until = NULL, scheduler = NULL,
        gate = 0, run_at = NULL,
        due_at = CASE WHEN s.outcome = 'released' THEN u.due_at ELSE now() + s.delay_ms * interval '1 millisecond' END
      FROM settled s
      WHERE u.seq = ANY (ARRAY (SELECT seq FROM settled WHERE state = ${STATE.pending} AND NOT cancelled)) AND u.seq = s.seq
    ), removed AS (
      DELETE FROM ${unfinishedTasks}
      WHERE seq = ANY (ARRAY (SELECT seq FROM settled WHERE state <> ${STATE.pending} OR cancelled))
    ), finished AS (
      INSERT INTO ${finishedTasks}
        (seq, state, reason, attempt, attempts_used, due_at, started_at, cancel_requested_at, finished_at)
      SELECT seq, CASE WHEN cancelled THEN ${STATE.cancelled} ELSE state END, CASE WHEN NOT cancelled THEN reason END,
        attempt, attempts_used, due_at, started_at, cancel_requested_at, now()
      FROM settled WHERE state <> ${STATE.pending} OR cancelled
    ), recorded AS (
      INSERT INTO ${attempts} (seq, attempt, scheduler, started_at, ended_at, duration_ms, outcome, status, error_code,
        error_message, response_body)
      SELECT seq, attempt, scheduler, started_at, now(), duration_ms, outcome, status, error_code, error_message,
        response_body
      FROM settled
    ), ended AS MATERIALIZED (
      SELECT queue, flow_key, count(*)::int4 AS tasks
      FROM (
        SELECT queue, '' COLLATE "C" AS flow_key FROM settled WHERE gate & 1 = 1
        UNION ALL
        SELECT queue, flow_key FROM settled WHERE gate & 2 = 2
      ) gated
      GROUP BY queue, flow_key
      ORDER BY queue, flow_key
    ), gate AS MATERIALIZED (
      SELECT ended.* FROM ended
      CROSS JOIN LATERAL (
        SELECT FROM ${gates} g WHERE g.queue = ended.queue AND g.flow_key = ended.flow_key FOR UPDATE
      ) locked
    ), taken_off AS (
      UPDATE ${gates} g SET in_flight = g.in_flight - gate.tasks
      FROM gate WHERE g.queue = gate.queue AND g.flow_key = gate.flow_key
    )
    SELECT lease FROM settled`,
);

/** Settles attempts; answers with the leases that stood. The others were lost, and nothing was written for them. */
export async function settleAttempts(
  database: Queryable,
  settled: readonly SettledAttempt[],
): Promise<Set<number>> {
  const rows = await settleAttemptsStatement(database, toColumns(settled));
  return new Set(rows.map((row) => Number(row['lease'])));
}

/** The largest int4, 24.8 days: an attempt that was lost while everything stood still may seem longer. */
const MAX_DURATION_MS = 2_147_483_647;

function toColumns(settled: readonly SettledAttempt[]) {
  const settlements = settled.map(({ settlement }) => settlement);
  const ended = settled.map(({ attempt }) => attempt);
  return {
    seqs: settled.map(({ seq }) => seq),
    leases: settled.map(({ lease }) => lease),
    states: settlements.map(({ state }) => state),
    reasons: nullIfEmpty(settlements.map((to) => (to.state === 'failed' ? to.reason : null))),
    delaysMs: nullIfEmpty(settlements.map((to) => (to.state === 'pending' ? Math.ceil(to.delayMs) : null))),
    attemptsUsed: settlements.map((to) => to.attemptsUsed),
    outcomes: ended.map(({ outcome }) => outcome),
    durationsMs: ended.map(({ durationMs }) => Math.min(Math.round(durationMs), MAX_DURATION_MS)),
    statuses: ended.map(({ status }) => status ?? null),
    errorCodes: nullIfEmpty(ended.map(({ errorCode }) => errorCode ?? null)),
    errorMessages: nullIfEmpty(ended.map(({ errorMessage }) => errorMessage ?? null)),
    responseBodies: nullIfEmpty(ended.map(({ responseBody }) => responseBody ?? null)),
  };
}
