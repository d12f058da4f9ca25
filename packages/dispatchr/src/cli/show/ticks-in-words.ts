import type { Schedule } from '@dispatchr/client';
import { relativeInWords } from './durations.ts';

/** What there is to know of a schedule's ticks. */
type TickingSchedule = Pick<Schedule, 'paused' | 'nextTickAt' | 'lastTickAt' | 'lastTaskId'>;

/** A scheduler records a tick within a second; one that is overdue by so many ms tells of something wrong. */
const OVERDUE_MS = 10_000;

/**
 * One clause or two for a person on a schedule at `nowMs` (ms since 1970):
 * "next tick 2026-11-23T01:30:00Z (in 3 h); last tick 2026-11-22T01:30:00Z (21 h ago), last task nightly-report:…".
 * It may hold control characters: escape it before it is shown.
 */
export function ticksInWords(schedule: TickingSchedule, nowMs: number): string {
  return `${nextTick(schedule, nowMs)}; ${lastTick(schedule, nowMs)}`;
}

/** An instant in UTC, and as seen from `nowMs`: "2026-11-23T01:30:00Z (in 3 h)". Ticks are whole seconds. */
export function instantInWords(instant: string, nowMs: number): string {
  return `${instant.replace(/\.0+Z$/, 'Z')} (${relativeInWords(Date.parse(instant), nowMs)})`;
}

/** Day of the week and time by the clocks of a time zone; undefined for UTC, and for one that this machine does not know. */
export function timeInZone(instant: string, timeZone: string): string | undefined {
  if (timeZone === 'UTC') return undefined;
  const two = '2-digit';
  try {
    const format = {
      timeZone,
      weekday: 'short',
      hour: two,
      minute: two,
      second: two,
      hourCycle: 'h23',
    } as const;
    return `${new Intl.DateTimeFormat('en-GB', format).format(Date.parse(instant))} in ${timeZone}`;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function nextTick({ paused, nextTickAt }: TickingSchedule, nowMs: number): string {
  if (paused) return 'paused: its ticks are left out';
  if (nextTickAt === undefined) return 'no tick is left';
  const tick = instantInWords(nextTickAt, nowMs);
  if (Date.parse(nextTickAt) >= nowMs - OVERDUE_MS) return `next tick ${tick}`;
  return `its tick ${tick} is not recorded: no scheduler has been alive lately`;
}

function lastTick({ lastTickAt, lastTaskId }: TickingSchedule, nowMs: number): string {
  const tick = lastTickAt === undefined ? 'no tick yet' : `last tick ${instantInWords(lastTickAt, nowMs)}`;
  return lastTaskId === undefined ? tick : `${tick}, last task ${lastTaskId}`;
}
