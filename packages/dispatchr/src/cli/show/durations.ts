const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** From which duration on a unit is used, a little before its own length, so that nothing is rounded up to "60 s". */
const UNITS = [
  { from: 71.5 * HOUR, length: DAY, name: 'days' },
  { from: 59.5 * MINUTE, length: HOUR, name: 'h' },
  { from: 59.5 * SECOND, length: MINUTE, name: 'min' },
  { from: 999.5, length: SECOND, name: 's' },
] as const;

/** What is nearer than this, in ms, is "now" to a person. */
const NOW_MS = 50;

/** A duration of so many milliseconds for people: "12 ms", "3.1 s", "20 s", "1.5 h", "3.7 days". */
export function durationInWords(durationMs: number): string {
  const unit = UNITS.find(({ from }) => durationMs >= from);
  if (unit === undefined) return `${Math.round(durationMs)} ms`;
  const amount = durationMs / unit.length;
  const digits = amount < 9.95 ? 1 : 0;
  return `${Number(amount.toFixed(digits))} ${unit.name}`;
}

/** An instant as seen from another, both in ms since 1970: "in 3.1 s", "now", "2 min ago". */
export function relativeInWords(instantMs: number, nowMs: number): string {
  const differenceMs = instantMs - nowMs;
  if (Math.abs(differenceMs) < NOW_MS) return 'now';
  const duration = durationInWords(Math.abs(differenceMs));
  return differenceMs > 0 ? `in ${duration}` : `${duration} ago`;
}

/** An instant by this machine's clock and time zone: "14:50", or "2026-11-22 14:50" on another day than `nowMs`. */
export function clockTime(instantMs: number, nowMs: number): string {
  const time = localParts(instantMs).time.slice(0, 5);
  const { day } = localParts(instantMs);
  return day === localParts(nowMs).day ? time : `${day} ${time}`;
}

/** An instant by this machine's clock and time zone, to the millisecond: "14:50:00.131". */
export function clockTimeExactly(instantMs: number): string {
  return localParts(instantMs).time;
}

function localParts(instantMs: number): { day: string; time: string } {
  const shiftedMs = instantMs - new Date(instantMs).getTimezoneOffset() * MINUTE;
  const [day = '', time = ''] = new Date(shiftedMs).toISOString().replace('Z', '').split('T');
  return { day, time };
}
