/**
 * How long an answer asks to wait: the milliseconds of its `Retry-After`, 0 without one or with one that cannot be read.
 * A date is measured against the answer's own `Date`, and against `epochMs` if it has none.
 */
export function retryAfterMs(headers: Headers, epochMs: number): number {
  const value = headers.get('retry-after')?.trim() ?? '';
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const until = Date.parse(value);
  if (Number.isNaN(until)) return 0;
  const answeredAt = Date.parse(headers.get('date') ?? '');
  return Math.max(0, until - (Number.isNaN(answeredAt) ? epochMs : answeredAt));
}
