import type { SchedulePut } from '@dispatchr/contract';
import type { CronSchedule } from './cron.ts';

/** What becomes of ticks that were missed. */
export type MissedTicks = NonNullable<SchedulePut['missedTicks']>;

/** What becomes of a tick while the task of the last one is unfinished. */
export type Overlap = NonNullable<SchedulePut['overlap']>;

/** Milliseconds after which a tick that was not recorded counts as missed. Spec: SCH-053. */
export const MISSED_AFTER_MS = 60_000;

/** Ticks that are due, and what is decided about them. */
export interface DueTicks {
  /** Those to record, oldest first; the others that were due are left out. */
  readonly record: readonly Date[];
  /** The tick to go on with, which is due already where `limit` cut the rest off; absent when there is none. */
  readonly nextTickAt?: Date;
}

/**
 * Decides about the ticks of a schedule from `firstAt`, which is one of them, to `now`; `limit` is the most to record, 1
 * or more. Spec: SCH-053 to SCH-055.
 */
export function ticksToRecord(
  schedule: CronSchedule,
  { firstAt, now, missedTicks, limit }: { firstAt: Date; now: Date; missedTicks: MissedTicks; limit: number },
): DueTicks {
  const record: Date[] = [];
  // The first that is in time: a tick that is just a minute old is not missed.
  const inTimeFrom = new Date(now.getTime() - MISSED_AFTER_MS);
  let tick: Date | undefined = firstAt;
  if (missedTicks !== 'all' && firstAt < inTimeFrom) {
    const lastMissed = lastBefore(schedule, firstAt, inTimeFrom);
    if (missedTicks === 'one') record.push(lastMissed);
    tick = schedule.nextAfter(lastMissed);
  }
  while (tick !== undefined && tick <= now && record.length < limit) {
    record.push(tick);
    tick = schedule.nextAfter(tick);
  }
  return { record, ...(tick !== undefined && { nextTickAt: tick }) };
}

/** The id of a tick's task. Spec: SCH-051. */
export function tickTaskId(schedule: string, tick: Date): string {
  return `${schedule}:${tick.toISOString().replace(/\.\d+Z$/, 'Z')}`;
}

/**
 * The last tick before `end`, given one that is: by halves, because a schedule of every second that nobody looked at for a
 * year has more ticks than can be walked.
 */
function lastBefore(schedule: CronSchedule, tick: Date, end: Date): Date {
  let last = tick;
  // No tick from here to `end`.
  let empty = end;
  for (;;) {
    const next = schedule.nextAfter(last);
    if (next === undefined || next >= empty) return last;
    const middle = new Date((next.getTime() + empty.getTime()) / 2);
    const beyond = schedule.nextAfter(middle);
    if (beyond !== undefined && beyond < empty) last = beyond;
    else {
      last = next;
      // Just behind it, for it may be a tick itself.
      empty = new Date(middle.getTime() + 1);
    }
  }
}
