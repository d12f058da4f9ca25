import { text, timestamp } from '../drizzle.ts';
import { dispatchr } from './tasks.ts';

/** Which schedulers are alive: each writes down every few seconds that it is. */
export const schedulers = dispatchr.table('schedulers', {
  id: text('id').primaryKey(),
  seenAt: timestamp('seen_at', { withTimezone: true }).notNull(),
});
