import type { MutantId } from '../../selftest/mutants/index.ts';

/** A cron expression as the values that each field matches. Spec: SCH-060. */
export interface CronFields {
  readonly seconds: readonly number[];
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly days: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  /** 0 is Sunday, 7 does not occur. */
  readonly weekdays: ReadonlySet<number>;
  /** Whether the day of month and the day of week are both something else than `*`. */
  readonly isEitherDay: boolean;
  /** Whether second, minute and hour are one value each. Spec: SCH-062. */
  readonly isFixed: boolean;
}

interface Field {
  readonly least: number;
  readonly most: number;
  readonly names?: readonly string[];
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const FIELDS: readonly Field[] = [
  { least: 0, most: 59 },
  { least: 0, most: 59 },
  { least: 0, most: 23 },
  { least: 1, most: 31 },
  { least: 1, most: 12, names: MONTHS },
  { least: 0, most: 7, names: WEEKDAYS },
];
const NICKNAMES: ReadonlyMap<string, string> = new Map([
  ['@hourly', '0 * * * *'],
  ['@daily', '0 0 * * *'],
  ['@midnight', '0 0 * * *'],
  ['@weekly', '0 0 * * 0'],
  ['@monthly', '0 0 1 * *'],
  ['@yearly', '0 0 1 1 *'],
  ['@annually', '0 0 1 1 *'],
]);
const PART = /^(\*|(\w+)(?:-(\w+))?)(?:\/([0-9]+))?$/;

/** Reads a cron expression; `undefined` if it is none. */
export function readCron(cron: string, mutants: ReadonlySet<MutantId>): CronFields | undefined {
  const texts = (NICKNAMES.get(cron) ?? cron).split(/[ \t]+/);
  if (texts.length === 5) texts.unshift('0');
  if (texts.length === 7 && mutants.has('cron-with-a-year-accepted')) texts.pop();
  const values = FIELDS.map((field, at) => readField(texts[at] ?? '', field, mutants));
  if (texts.length !== 6 || !values.every((each) => each !== undefined)) return undefined;
  const [seconds = [], minutes = [], hours = [], days, months, weekdays = []] = values;
  const isSevenMonday = mutants.has('cron-sunday-is-0-only');
  return {
    seconds,
    minutes,
    hours,
    days: new Set(days),
    months: new Set(months),
    weekdays: new Set(weekdays.map((day) => (day === 7 ? (isSevenMonday ? 1 : 0) : day))),
    isEitherDay: texts[3] !== '*' && texts[5] !== '*' && !mutants.has('cron-days-both-needed'),
    isFixed: seconds.length + minutes.length + hours.length === 3,
  };
}

function readField(text: string, field: Field, mutants: ReadonlySet<MutantId>): number[] | undefined {
  const found = new Set<number>();
  for (const part of text.split(',')) {
    const values = readPart(part, field, mutants);
    if (values === undefined) return undefined;
    for (const value of values) found.add(value);
  }
  return [...found].toSorted((a, b) => a - b);
}

function readPart(
  text: string,
  { least, most, names = [] }: Field,
  mutants: ReadonlySet<MutantId>,
): number[] | undefined {
  if (['?', 'L'].includes(text) && mutants.has('cron-extensions-accepted')) return range(least, most);
  const [, whole, first = '', last, step] = PART.exec(text) ?? [];
  const valueOf = (name: string): number => {
    const at = names.indexOf(name.toUpperCase());
    const value = at === -1 ? (/^[0-9]+$/.test(name) ? Number(name) : NaN) : least + at;
    if (value > most && mutants.has('cron-values-cut')) return most;
    return value >= least && value <= most ? value : NaN;
  };
  if (whole === undefined || step === '0') return undefined;
  if (step !== undefined && whole !== '*' && last === undefined) return undefined;
  const from = whole === '*' ? least : valueOf(first);
  const to = whole === '*' ? most : valueOf(last ?? first);
  if (Number.isNaN(from) || Number.isNaN(to) || from > to) return undefined;
  const origin = mutants.has('cron-steps-from-zero') ? 0 : from;
  return range(from, to).filter((value) => (value - origin) % Number(step ?? 1) === 0);
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, at) => from + at);
