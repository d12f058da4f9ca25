import type { Queryable, Row } from '../database/database.ts';
import { parseJson, present } from '../decode-row.ts';
import { sql } from '../drizzle.ts';
import type { HeldState } from '../queue-record.ts';
import { heldTargets, unfinishedTasks } from '../schema/index.ts';
import { STATE } from '../sql-states.ts';
import { defineStatement } from '../statement.ts';
import type { TargetRecord } from '../target-record.ts';

/**
 * Origins that are held, have a URL that is, or a running task. No index leads to what runs, so that claims need not
 * keep it: a list reads the whole of `unfinished_tasks`. A hold-back that is over counts as none, whoever forgets it.
 */
const listTargetsStatement = defineStatement(
  'list-targets',
  'read',
  { origin: 'text', after: 'text', limit: 'int4' },
  ($) => sql`
    WITH held AS MATERIALIZED (
      SELECT * FROM ${heldTargets}
      WHERE (state <> 'held-back' OR until > now()) AND (${$.origin} IS NULL OR origin = ${$.origin})
    ), running AS MATERIALIZED (
      SELECT origin, count(*) AS running FROM ${unfinishedTasks}
      WHERE state = ${STATE.running} AND origin <> '' AND (${$.origin} IS NULL OR origin = ${$.origin})
      GROUP BY origin
    )
    SELECT listed.origin, h.state, h.since, h.until, h.failures, h.last_error, coalesce(r.running, 0) AS running,
      (SELECT json_agg(json_build_object('target', key, 'until', until) ORDER BY key)
        FROM held WHERE held.origin = listed.origin AND key <> held.origin)::text AS held_urls
    FROM (SELECT origin FROM held UNION SELECT origin FROM running) listed
    LEFT JOIN held h ON h.key = listed.origin
    LEFT JOIN running r ON r.origin = listed.origin
    WHERE ${$.after} IS NULL OR listed.origin > ${$.after}
    ORDER BY listed.origin
    LIMIT ${$.limit}`,
);

/** Lists origins and how they are, by name; `after` is the origin that the page continues from. */
export async function listTargets(
  database: Queryable,
  { origin = null, after = null, limit }: { origin?: string | null; after?: string | null; limit: number },
): Promise<TargetRecord[]> {
  return (await listTargetsStatement(database, { origin, after, limit })).map(toTargetRecord);
}

function toTargetRecord(row: Row): TargetRecord {
  const state = row['state'] as HeldState | null;
  const heldUrls = (parseJson(row['held_urls']) ?? []) as { target: string; until: string }[];
  return {
    origin: row['origin'] as string,
    state: state ?? 'healthy',
    failures: Number(row['failures'] ?? 0),
    running: Number(row['running']),
    heldUrls: heldUrls.map(({ target, until }) => ({ target, until: new Date(until) })),
    ...present({
      since: row['since'] as Date | null,
      until: state === 'returning' ? null : (row['until'] as Date | null),
      lastError: row['last_error'] as string | null,
    }),
  };
}
