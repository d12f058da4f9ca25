import { bigint, integer, primaryKey, text, timestamp } from '../drizzle.ts';
import { dispatchr } from './tasks.ts';

/** What happened: one row an attempt, written when the attempt ends. */
export const attempts = dispatchr.table(
  'attempts',
  {
    seq: bigint('seq', { mode: 'number' }).notNull(),
    attempt: integer('attempt').notNull(),
    scheduler: text('scheduler').notNull(),
    startedAt: timestamp('started_at', { withTimezone: true }).notNull(),
    endedAt: timestamp('ended_at', { withTimezone: true }).notNull(),
    durationMs: integer('duration_ms').notNull(),
    outcome: text('outcome').notNull(),
    status: integer('status'),
    errorCode: text('error_code'),
    errorMessage: text('error_message'),
    responseBody: text('response_body'),
  },
  (table) => [primaryKey({ columns: [table.seq, table.attempt] })],
);
