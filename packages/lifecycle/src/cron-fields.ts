/** One field of a cron expression: what it is called, what it holds, and the names that its values may have. */
interface CronField {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  /** Of the values from `least` on. */
  readonly names?: readonly string[];
}

const SECOND: CronField = { name: 'second', least: 0, most: 59 };

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/** From the minute on, in their order. */
const FIELDS: readonly CronField[] = [
  { name: 'minute', least: 0, most: 59 },
  { name: 'hour', least: 0, most: 23 },
  { name: 'day of month', least: 1, most: 31 },
  { name: 'month', least: 1, most: 12, names: MONTHS },
  { name: 'day of week', least: 0, most: 7, names: WEEKDAYS },
];

const NICKNAMES: Readonly<Record<string, string>> = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
};

/** A cron expression in numbers and without nicknames, or why it is none. */
export type CronFields =
  | { readonly kind: 'fields'; readonly pattern: string }
  | { readonly kind: 'refused'; readonly detail: string };

/** Reads a cron expression of the dialect of SCH-060; any other is refused, whatever other crons make of it. */
export function readCronFields(cron: string): CronFields {
  const pattern = Object.hasOwn(NICKNAMES, cron) ? (NICKNAMES[cron] as string) : cron;
  const texts = pattern.trim().split(/\s+/);
  const fields = texts.length === 6 ? [SECOND, ...FIELDS] : FIELDS;
  if (texts.length !== fields.length) return refused(FORMS, cron);
  const read: string[] = [];
  for (const [index, field] of fields.entries()) {
    const parts: string[] = [];
    for (const text of (texts[index] as string).split(',')) {
      const part = readPart(text, field);
      if (typeof part !== 'string') return part;
      parts.push(part);
    }
    read.push(parts.join(','));
  }
  return { kind: 'fields', pattern: read.join(' ') };
}

const FORMS = `five fields, six with the seconds before them, or one of ${Object.keys(NICKNAMES).join(', ')}`;

/** A value, a range, or `*`, the latter two with a step or without. */
const PART = /^(?:(\*)|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/;

function readPart(text: string, field: CronField): string | Refusal {
  const [, star, first = '', last, step] = PART.exec(text) ?? [];
  if (star === undefined && first === '') return refused(`the ${field.name} as *, a value or a range`, text);
  const steps = readStep(step, field);
  if (steps === undefined) return refused(`a step of 1 or more for the ${field.name}`, text);
  if (star !== undefined) return star + steps;
  const from = readValue(first, field);
  const isOneValue = last === undefined;
  if (isOneValue && step !== undefined)
    return refused(`a step of the ${field.name} after * or a range, such as ${first}-${field.most}/2`, text);
  if (from === undefined || isOneValue) return from?.toString() ?? outOfRange(field, first);
  const to = readEnd(last, from, field);
  if (to === undefined) return outOfRange(field, last);
  if (to < from) return refused(`a range of the ${field.name} that does not end before it begins`, text);
  return `${from}-${to}${steps}`;
}

/** A step beyond the field leaves its first value alone, as the longest one does that fits. */
function readStep(step: string | undefined, { least, most }: CronField): string | undefined {
  if (step === undefined) return '';
  const steps = Math.min(Number(step), most - least + 1);
  return steps > 0 ? `/${steps}` : undefined;
}

function readValue(text: string, { least, most, names = [] }: CronField): number | undefined {
  const named = names.indexOf(text.toUpperCase());
  if (named !== -1) return least + named;
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  return value >= least && value <= most ? value : undefined;
}

/** A range of days that ends on Sunday ends with the week. */
function readEnd(text: string, from: number, field: CronField): number | undefined {
  const to = readValue(text, field);
  return field.most === 7 && to === 0 && from > 0 && text !== '0' ? 7 : to;
}

type Refusal = Extract<CronFields, { kind: 'refused' }>;

function outOfRange({ name, least, most, names }: CronField, got: string): Refusal {
  const named = names === undefined ? '' : ` or ${names[0]} to ${names.at(-1)}`;
  return refused(`the ${name} to be ${least} to ${most}${named}`, got);
}

function refused(expected: string, got: string): Refusal {
  return { kind: 'refused', detail: `expected ${expected}, got ${JSON.stringify(got)}` };
}
