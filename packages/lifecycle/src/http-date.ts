const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAY_MS = 86_400_000;
const MEAN_YEAR_MS = 365.2425 * DAY_MS;

const TIME = '(?<hour>\\d{2}):(?<minute>\\d{2}):(?<second>\\d{2})';
const MONTH = '(?<month>[a-z]{3})';

/** The three forms that RFC 9110 section 5.6.7 makes every recipient accept: IMF-fixdate, RFC 850, asctime. */
const FORMS = [
  new RegExp(`^[a-z]{3}, (?<day>\\d{2}) ${MONTH} (?<year>\\d{4}) ${TIME} GMT$`, 'i'),
  new RegExp(`^[a-z]{6,9}, (?<day>\\d{2})-${MONTH}-(?<year>\\d{2}) ${TIME} GMT$`, 'i'),
  new RegExp(`^[a-z]{3} ${MONTH} (?<day>[ \\d]\\d) ${TIME} (?<year>\\d{4})$`, 'i'),
];

/**
 * Milliseconds since 1970 of an HTTP-date in any of its three forms; undefined for anything else.
 * `nearEpochMs` decides the century of a two-digit year; the name of the weekday is not checked.
 */
export function parseHttpDate(text: string, nearEpochMs: number): number | undefined {
  for (const form of FORMS) {
    const parts = form.exec(text)?.groups;
    if (parts) return epochMsOf(parts, nearEpochMs);
  }
  return undefined;
}

function epochMsOf(parts: Record<string, string>, nearEpochMs: number): number | undefined {
  const month = MONTHS.indexOf((parts['month'] ?? '').toLowerCase());
  const year = fullYear(parts['year'] ?? '', nearEpochMs);
  const [day, hour, minute, second] = ['day', 'hour', 'minute', 'second'].map((name) => Number(parts[name]));
  if (month < 0 || day === undefined || hour === undefined || minute === undefined || second === undefined) {
    return undefined;
  }
  // RFC 9110 lets the second be 60, a leap second; Date.UTC carries it into the next minute.
  const exists = day >= 1 && day <= daysInMonth(year, month) && hour < 24 && minute < 60 && second <= 60;
  return exists ? Date.UTC(year, month, day, hour, minute, second) : undefined;
}

/** RFC 9110: a two-digit year more than 50 years ahead is the latest past year with those digits. */
function fullYear(digits: string, nearEpochMs: number): number {
  if (digits.length === 4) return Number(digits);
  const nearYear = 1970 + Math.floor(nearEpochMs / MEAN_YEAR_MS);
  const year = nearYear - (nearYear % 100) + Number(digits);
  return year - nearYear > 50 ? year - 100 : year;
}

function daysInMonth(year: number, month: number): number {
  return (Date.UTC(year, month + 1, 1) - Date.UTC(year, month, 1)) / DAY_MS;
}
