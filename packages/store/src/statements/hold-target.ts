import type { Queryable } from '../database/database.ts';
import { sql } from '../drizzle.ts';
import { heldTargets } from '../schema/index.ts';
import { defineStatement } from '../statement.ts';

/**
 * An open circuit stays open, and its next probe waits for what was asked for. An origin that returns is held back
 * instead. A hold-back that was over begins anew.
 */
const holdTargetStatement = defineStatement(
  'hold-target',
  'claim',
  { key: 'text', origin: 'text', holdMs: 'int4' },
  ($) => sql`
    INSERT INTO ${heldTargets} AS h (key, origin, state, since, until)
    VALUES (${$.key}, ${$.origin}, 'held-back', now(), now() + ${$.holdMs} * interval '1 millisecond')
    ON CONFLICT (key) DO UPDATE SET
      state = CASE h.state WHEN 'circuit-open' THEN h.state ELSE excluded.state END,
      since = CASE WHEN h.state = 'circuit-open' OR h.state = 'held-back' AND h.until > now()
        THEN h.since ELSE excluded.since END,
      until = greatest(h.until, excluded.until)`,
);

/** Holds an origin or a URL (`key`) back for so many milliseconds from now; never shortens what holds already. */
export async function holdTarget(
  database: Queryable,
  hold: { key: string; origin: string; holdMs: number },
): Promise<void> {
  await holdTargetStatement(database, hold);
}
