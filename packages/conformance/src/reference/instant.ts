import type { MutantId } from '../selftest/mutants/index.ts';

const INSTANT =
  /^([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]+))?(?:[Zz]|([+-])([0-9]{2}):([0-9]{2}))$/;
const LAST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** Milliseconds since 1970 of an RFC 3339 instant; `undefined` if it is none or not of the years 1970 to 9999. */
export function parseInstant(text: string, mutants: ReadonlySet<MutantId>): number | undefined {
  if (/[tz]/.test(text) && mutants.has('lower-case-instants-refused')) return undefined;
  const match = INSTANT.exec(text);
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number);
  const [offsetHours = 0, offsetMinutes = 0] = match.slice(9, 11).map((digits) => Number(digits ?? 0));
  if (year < 1969 || hour > 23 || minute > 59 || second > 59 || offsetHours > 23 || offsetMinutes > 59)
    return undefined;
  const midnight = new Date(Date.UTC(year, month - 1, day));
  const isDay = midnight.getUTCMonth() === month - 1 && midnight.getUTCDate() === day;
  const rollsOver = month >= 1 && month <= 12 && day <= 31 && mutants.has('days-roll-over');
  if (!isDay && !rollsOver) return undefined;
  const digits = match[7] ?? '0';
  const cutMs = Number(digits.slice(0, 3).padEnd(3, '0'));
  const fractionMs = mutants.has('milliseconds-rounded') ? Math.round(Number(`0.${digits}`) * 1000) : cutMs;
  const offsetMs =
    (offsetHours * 60 + offsetMinutes) *
    ((match[8] === '-') !== mutants.has('offset-reversed') ? -60_000 : 60_000);
  const instant = midnight.getTime() + ((hour * 60 + minute) * 60 + second) * 1000 + fractionMs - offsetMs;
  if (mutants.has('year-judged-as-written')) return year >= 1970 ? instant : undefined;
  return instant >= 0 && instant <= LAST_MS ? instant : undefined;
}

/** An instant as responses and deliveries show it. Spec: JSN-030. */
export function showInstant(ms: number): string {
  return new Date(ms).toISOString();
}
