import { createHmac } from 'node:crypto';
import type { MutantId } from '../selftest/mutants/index.ts';
import { parseInstant } from './instant.ts';
import type { ProblemError } from './problems.ts';
import { LIMITS } from './settings.ts';

/** Reads the query of a request and collects all that is wrong with it. Spec: JSN-014, JSN-024, JSN-037. */
export class QueryReader {
  readonly errors: ProblemError[] = [];
  readonly #values = new Map<string, string>();
  readonly #mutants: ReadonlySet<MutantId>;

  constructor(query: string, names: readonly string[], mutants: ReadonlySet<MutantId>) {
    this.#mutants = mutants;
    const form = mutants.has('plus-kept-in-queries') ? query.replaceAll('+', '%2B') : query;
    for (const [given, value] of new URLSearchParams(form)) {
      const inAnyCase = names.find((each) => each.toLowerCase() === given.toLowerCase()) ?? given;
      const name = mutants.has('parameters-in-any-case') ? inAnyCase : given;
      if (!names.includes(name)) {
        if (!mutants.has('unknown-parameters-ignored')) this.fault(name, 'no parameter of this name', value);
      } else if (this.#values.has(name)) {
        if (!mutants.has('first-parameter-counts')) this.fault(name, 'the parameter once', 'it twice');
      } else this.#values.set(name, value);
    }
  }

  fault(parameter: string, expected: string, got: string): void {
    const both = this.#mutants.has('errors-in-two-places') ? { pointer: '' } : {};
    this.errors.push({ parameter, ...both, detail: `expected ${expected}, got ${got.slice(0, 60)}` });
  }

  text(name: string, expected: string, accepts: (text: string) => boolean): string | undefined {
    const value = this.#values.get(name);
    const isUnjudged = !['limit', 'cursor'].includes(name) && this.#mutants.has('filters-unjudged');
    if (value !== undefined && !accepts(value) && !isUnjudged) this.fault(name, expected, value);
    return value;
  }

  instant(name: string): number | undefined {
    const text = this.text(
      name,
      'an RFC 3339 instant of the years 1970 to 9999',
      (value) =>
        parseInstant(value, this.#mutants) !== undefined ||
        (value.startsWith('1969-') && this.#mutants.has('year-of-filters-unjudged')),
    );
    const isWithoutOffset = this.#mutants.has('offset-ignored-in-filters');
    const read = isWithoutOffset ? text?.replace(/[+-]\d\d:\d\d$/, 'Z') : text;
    return read === undefined ? undefined : parseInstant(read, this.#mutants);
  }

  /** Items of a page at most. Spec: PAG-008, PAG-009. */
  limit(): number {
    const clamps = this.#mutants.has('limit-clamped');
    const most = LIMITS.maxPageSize - (this.#mutants.has('largest-limit-refused') ? 1 : 0);
    const inRange = (text: string) =>
      (/^[0-9]{1,9}$/.test(text) && Number(text) >= 1 && Number(text) <= most) || clamps;
    const otherwise = this.#mutants.has('default-limit-100') ? 100 : 50;
    const limit = Number(
      this.text('limit', `an integer from 1 to ${LIMITS.maxPageSize}`, inRange) ?? otherwise,
    );
    return clamps ? Math.max(1, Math.min(limit, most)) : limit;
  }
}

/** Makes cursors out of positions and reads them back; those of others are refused. Spec: PAG-004, PAG-005. */
export class Cursors {
  readonly #secret: Buffer;
  readonly #mutants: ReadonlySet<MutantId>;

  constructor(secret: Buffer, mutants: ReadonlySet<MutantId>) {
    this.#secret = secret;
    this.#mutants = mutants;
  }

  make(list: string, position: number): string {
    const seal = createHmac('sha256', this.#secret).update(`${list} ${position}`).digest('hex').slice(0, 16);
    return `${position}.${seal}${this.#mutants.has('cursor-in-base64') ? '==' : ''}`;
  }

  /** A cursor of a list that is ordered by name. */
  makeName(list: string, name: string): string {
    const text = Buffer.from(name).toString('base64url');
    const seal = createHmac('sha256', this.#secret).update(`${list} ${text}`).digest('hex').slice(0, 16);
    return `${text}.${seal}`;
  }

  /** The name in `cursor`, as `read` reads a position. */
  readName(list: string, query: QueryReader): string | undefined {
    const nameOf = (cursor: string): string =>
      Buffer.from(cursor.split('.')[0] ?? '', 'base64url').toString();
    const isOurs = (cursor: string): boolean => cursor === this.makeName(list, nameOf(cursor));
    const text = query.text('cursor', 'the nextCursor of a page', isOurs);
    return text === undefined ? undefined : nameOf(text);
  }

  /** The position in `cursor`; a fault of the query if this recorder did not make it for this list. */
  read(list: string, query: QueryReader): number | undefined {
    const isOurs = (cursor: string) =>
      /^-?[0-9]+\./.test(cursor) && cursor === this.make(list, Number.parseInt(cursor, 10));
    const accepts = (cursor: string) => isOurs(cursor) || this.#mutants.has('foreign-cursor-accepted');
    const text = query.text('cursor', 'the nextCursor of a page', accepts);
    return text === undefined || !isOurs(text) ? undefined : Number.parseInt(text, 10);
  }
}
