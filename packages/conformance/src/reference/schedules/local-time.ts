const DAY_MS = 86_400_000;
const PARTS = ['year', 'month', 'day', 'hour', 'minute', 'second'] as const;
const formats = new Map<string, Intl.DateTimeFormat>();

/** Whether the IANA database has a time zone of this name. */
export function isTimeZone(name: string): boolean {
  // Offsets, and the three letters that ICU has of old.
  if (!/^[A-Za-z]/.test(name) || /^(ACT|AET|AST|BST|CST|CTT|IST|JST|PST|PNT)$/.test(name)) return false;
  try {
    return formatOf(name) !== undefined;
  } catch {
    return false;
  }
}

/** What the clocks of a zone are ahead of UTC at an instant, in milliseconds. */
export function offsetAt(timeZone: string, ms: number): number {
  if (timeZone === 'UTC') return 0;
  const parts = formatOf(timeZone).formatToParts(ms);
  const numbers = PARTS.map((name) => Number(parts.find(({ type }) => type === name)?.value));
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = numbers;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(ms / 1000) * 1000;
}

/** Until when the offset at an instant holds, a day at most. */
export function offsetUntil(timeZone: string, ms: number): number {
  const offset = offsetAt(timeZone, ms);
  let until = ms + DAY_MS;
  if (offsetAt(timeZone, until) === offset) return until;
  for (let from = ms; until - from > 1000;) {
    const middle = Math.floor((from + until) / 2000) * 1000;
    if (offsetAt(timeZone, middle) === offset) from = middle;
    else until = middle;
  }
  return until;
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const numeric = Object.fromEntries(PARTS.map((name) => [name, 'numeric']));
  const format = new Intl.DateTimeFormat('en', { ...numeric, timeZone, hourCycle: 'h23', era: undefined });
  formats.set(timeZone, format);
  return format;
}
