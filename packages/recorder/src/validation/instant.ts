// Date would take the hour 24 for midnight; RFC 3339 has none.
const RFC_3339 = /^\d{4}-\d{2}-\d{2}T(?:[01]\d|2[0-3]):\d{2}:(\d{2})(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

/** The instants there are: beyond them PostgreSQL and JavaScript do not read what RFC 3339 can write. Spec: JSN-028. */
const EARLIEST_MS = 0;
const LATEST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/**
 * Milliseconds since 1970 of an RFC 3339 date-time with any offset, from 1970 to 9999 in UTC; undefined for any
 * other text. Digits beyond milliseconds are dropped, and a leap second is the first of the next minute.
 */
export function parseInstant(text: string): number | undefined {
  const upper = text.toUpperCase();
  const seconds = RFC_3339.exec(upper)?.[1];
  if (seconds === undefined || !isRealDay(upper.slice(0, 10))) return undefined;
  // Date knows no leap seconds.
  const isLeap = seconds === '60';
  const epochMs = Date.parse(isLeap ? `${upper.slice(0, 17)}59${upper.slice(19)}` : upper);
  const instantMs = isLeap ? Math.floor(epochMs / 1000) * 1000 + 1000 : epochMs;
  // NaN, of a text that Date cannot read, is in no range.
  return instantMs >= EARLIEST_MS && instantMs <= LATEST_MS ? instantMs : undefined;
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
