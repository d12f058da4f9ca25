/** How the tasks of a run stand, as the database has it. */
export interface Standing {
  readonly unfinished: number;
  readonly completed: number;
  readonly failed: number;
  readonly cancelled: number;
  /** Ended attempts. */
  readonly attempts: number;
  /** Those that count against `maxAttempts`: they ended `retryable` or `lease-lost`. */
  readonly used: number;
  /** Those that a scheduler broke off, or never began, because it stopped. */
  readonly released: number;
}

/** Reads it through a query of the tables, so that no part of the service is believed. */
export async function standingIn(
  query: (text: string) => Promise<readonly Record<string, unknown>[]>,
): Promise<Standing> {
  const [row = {}] = await query(`
    SELECT (SELECT count(*) FROM dispatchr.unfinished_tasks)::float8 AS unfinished,
           (SELECT count(*) FROM dispatchr.attempts)::float8 AS attempts,
           (SELECT count(*) FROM dispatchr.attempts WHERE outcome = 'released')::float8 AS released,
           (SELECT count(*) FROM dispatchr.attempts WHERE outcome IN ('retryable', 'lease-lost'))::float8 AS used,
           count(*) FILTER (WHERE state = 'completed')::float8 AS completed,
           count(*) FILTER (WHERE state = 'failed')::float8 AS failed,
           count(*) FILTER (WHERE state = 'cancelled')::float8 AS cancelled
    FROM dispatchr.finished_tasks`);
  const of = (name: keyof Standing): number => Number(row[name]);
  return {
    unfinished: of('unfinished'),
    completed: of('completed'),
    failed: of('failed'),
    cancelled: of('cancelled'),
    attempts: of('attempts'),
    used: of('used'),
    released: of('released'),
  };
}
