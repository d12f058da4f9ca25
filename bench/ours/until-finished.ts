import { setTimeout as sleep } from 'node:timers/promises';
import type { Installation } from '../world/installation.ts';

/** Waits until what was delivered is settled too, so that the next round begins on a quiet database. */
export async function untilFinished({ sql }: Installation): Promise<void> {
  for (;;) {
    const [row] = await sql<
      { count: number }[]
    >`SELECT count(*)::int4 AS count FROM dispatchr.unfinished_tasks`;
    if (row?.count === 0) return;
    await sleep(20);
  }
}
