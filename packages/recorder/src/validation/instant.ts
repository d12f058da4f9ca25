const RFC_3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:(\d{2})(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

/** The span of instants that are told apart; PostgreSQL cannot read all that RFC 3339 can write. */
const EARLIEST_MS = 0;
const LATEST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/**
 * Milliseconds since 1970 of an RFC 3339 date-time with any offset; undefined for any other text. What lies before
 * 1970 counts as its first instant, what lies after 9999 as its last: long past and never.
 */
export function parseInstant(text: string): number | undefined {
  const upper = text.toUpperCase();
  const seconds = RFC_3339.exec(upper)?.[1];
  if (seconds === undefined || !isRealDay(upper.slice(0, 10))) return undefined;
  // Date knows no leap seconds.
  const isLeap = seconds === '60';
  const epochMs = Date.parse(isLeap ? `${upper.slice(0, 17)}59${upper.slice(19)}` : upper);
  if (Number.isNaN(epochMs)) return undefined;
  return Math.min(Math.max(epochMs + (isLeap ? 1000 : 0), EARLIEST_MS), LATEST_MS);
}

/** The same instant as UTC with milliseconds. The text must be one that parseInstant reads. */
export function toUtc(instant: string): string {
  return new Date(parseInstant(instant) ?? Number.NaN).toISOString();
}

/** Date.parse rolls the 31st of a short month over into the next. */
function isRealDay(day: string): boolean {
  const midnight = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day);
}
