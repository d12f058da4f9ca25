import { LIMITS } from '@dispatchr/contract';
import { parseHttpDate } from './http-date.ts';

/** The longest wait in milliseconds that a target can ask for with `Retry-After`: 1 hour. */
export const RETRY_AFTER_MAX_MS = LIMITS.retryAfterMaxMs;

/** What an answer says about the next try: the header's value and the response's own `Date`. */
export interface RetryAfterHeaders {
  retryAfter?: string;
  date?: string;
}

/**
 * Milliseconds, 0 … `RETRY_AFTER_MAX_MS`, that the target asks to be left alone; undefined without an
 * intelligible `Retry-After`. A date is measured against the response's `Date`, so that the two clocks
 * need not agree, and against `nowEpochMs` where that is absent or garbage. Spec: RTY-021 to RTY-025.
 */
export function retryAfterMs(headers: RetryAfterHeaders, nowEpochMs: number): number | undefined {
  const value = headers.retryAfter?.trim() ?? '';
  const waitMs = /^\d+$/.test(value) ? Number(value) * 1000 : waitUntilMs(value, headers.date, nowEpochMs);
  return waitMs === undefined ? undefined : Math.min(Math.max(waitMs, 0), RETRY_AFTER_MAX_MS);
}

function waitUntilMs(value: string, date: string | undefined, nowEpochMs: number): number | undefined {
  const answeredAtMs = parseHttpDate(date?.trim() ?? '', nowEpochMs) ?? nowEpochMs;
  const untilMs = parseHttpDate(value, answeredAtMs);
  return untilMs === undefined ? undefined : untilMs - answeredAtMs;
}
