import { MalformedJsonError, TooManyValuesError } from './malformed-json-error.ts';
import { cut, describe, lineAndColumn, pointerOf } from './json-place.ts';
import { NameSet } from './name-set.ts';
import { RawJson } from './raw-json.ts';

/** Which objects are records: those nested `depth` deep (1 is the outermost value). */
export interface RecordOptions {
  depth: number;
  /** The member of a record that is verified and returned as RawJson. */
  rawMember: string;
}

/** What a reader keeps to; see StrictJsonOptions. */
export interface ReaderOptions {
  maxDepth: number;
  maxValues?: number;
  records?: RecordOptions;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
const COMMA = 0x2c;
const COLON = 0x3a;
const ARRAY_START = 0x5b;
const ARRAY_END = 0x5d;
const OBJECT_START = 0x7b;
const OBJECT_END = 0x7d;

/** Reads one JSON text in a single pass; recursion is bounded by `maxDepth`. Used once, then thrown away. */
export class JsonReader {
  readonly #text: string;
  readonly #maxDepth: number;
  readonly #maxValues: number;
  readonly #records: RecordOptions | undefined;
  readonly #sources = new Map<object, [start: number, end: number]>();
  /** The member name or index being read at each depth; tells where an error is. */
  readonly #path: (string | number | undefined)[] = [];
  #depth = 0;
  #values = 0;
  #position = 0;
  /** False inside a raw member: the text is verified and nothing is built. */
  #keep = true;

  constructor(text: string, options: ReaderOptions) {
    this.#text = text;
    this.#maxDepth = options.maxDepth;
    this.#maxValues = options.maxValues ?? Number.POSITIVE_INFINITY;
    this.#records = options.records;
  }

  /** Reads the whole text; throws MalformedJsonError. */
  readText(): unknown {
    this.#skipSpace();
    const value = this.#readValue();
    this.#skipSpace();
    if (this.#position < this.#text.length) this.#fail('expected the end of the text');
    return value;
  }

  /** How many values were read outside of raw members. */
  get values(): number {
    return this.#values;
  }

  /** The verbatim text of a record that was read, or undefined for any other object. */
  sourceOf(record: object): string | undefined {
    const range = this.#sources.get(record);
    return range && this.#text.slice(range[0], range[1]);
  }

  #readValue(): unknown {
    if (this.#keep && (this.#values += 1) > this.#maxValues) this.#refuseValue();
    const code = this.#text.charCodeAt(this.#position);
    if (code === QUOTE) return this.#readString(this.#keep);
    if (code === OBJECT_START) return this.#readObject();
    if (code === ARRAY_START) return this.#readArray();
    if (code === MINUS || (code >= ZERO && code <= NINE)) return this.#readNumber();
    if (this.#takeWord('true')) return true;
    if (this.#takeWord('false')) return false;
    if (this.#takeWord('null')) return null;
    return this.#fail('expected a JSON value');
  }

  #readObject(): object {
    const start = this.#position;
    this.#enter();
    const isRecord = this.#keep && this.#depth === this.#records?.depth;
    const rawMember = isRecord ? this.#records?.rawMember : undefined;
    const members: Record<string, unknown> = {};
    const names = this.#keep ? undefined : new NameSet();
    for (let more = !this.#takes(OBJECT_END); more; more = this.#takesSeparator(OBJECT_END)) {
      const name = this.#readName();
      if (names === undefined ? Object.hasOwn(members, name) : !names.add(name)) {
        this.#fail(`expected each member once, got a second ${JSON.stringify(cut(name))}`, true);
      }
      const value = name === rawMember ? this.#readRaw() : this.#readValue();
      if (names === undefined) setMember(members, name, value);
    }
    this.#depth -= 1;
    if (isRecord) this.#sources.set(members, [start, this.#position]);
    return members;
  }

  #readArray(): unknown[] {
    this.#enter();
    const values: unknown[] = [];
    let index = 0;
    for (let more = !this.#takes(ARRAY_END); more; more = this.#takesSeparator(ARRAY_END)) {
      this.#path[this.#depth - 1] = index;
      index += 1;
      const value = this.#readValue();
      if (this.#keep) values.push(value);
    }
    this.#depth -= 1;
    return values;
  }

  #readName(): string {
    this.#path[this.#depth - 1] = undefined;
    if (this.#text.charCodeAt(this.#position) !== QUOTE)
      this.#fail('expected a member name in double quotes');
    const name = this.#readString(true);
    this.#path[this.#depth - 1] = name;
    this.#skipSpace();
    if (this.#text.charCodeAt(this.#position) !== COLON) this.#fail('expected ":" after a member name');
    this.#position += 1;
    this.#skipSpace();
    return name;
  }

  #readRaw(): RawJson {
    const start = this.#position;
    this.#keep = false;
    this.#readValue();
    this.#keep = true;
    return new RawJson(this.#text.slice(start, this.#position));
  }

  #readString(decode: boolean): string {
    const text = this.#text;
    const start = this.#position + 1;
    let escaped = false;
    let at = start;
    for (;;) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) break;
      if (code === BACKSLASH) {
        escaped = true;
        at = this.#checkEscape(at);
      } else if (code >= 0x20) at += 1;
      else this.#failAt(at, 'expected no bare control character in a string');
    }
    this.#position = at + 1;
    if (!decode) return '';
    return escaped ? (JSON.parse(text.slice(start - 1, at + 1)) as string) : text.slice(start, at);
  }

  /** Returns the position after the escape that begins at `at`. */
  #checkEscape(at: number): number {
    const letter = this.#text[at + 1] ?? '';
    if (letter !== 'u') {
      if (letter === '' || !'"\\/bfnrt'.includes(letter)) this.#failAt(at + 1, 'expected an escape of JSON');
      return at + 2;
    }
    const unit = this.#hexUnit(at);
    if (unit === 0) this.#failAt(at, 'expected no NUL character', '\\u0000');
    if (unit < 0xd800 || unit > 0xdfff) return at + 6;
    const paired = unit < 0xdc00 && this.#text.startsWith('\\u', at + 6) ? this.#hexUnit(at + 6) : 0;
    if (paired < 0xdc00 || paired > 0xdfff) {
      this.#failAt(at, 'expected a pair of surrogates', `a lone ${this.#text.slice(at, at + 6)}`);
    }
    return at + 12;
  }

  #hexUnit(at: number): number {
    const digits = this.#text.slice(at + 2, at + 6);
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) this.#failAt(at, 'expected \\u and four hexadecimal digits');
    return Number.parseInt(digits, 16);
  }

  #readNumber(): number {
    const start = this.#position;
    if (this.#text.charCodeAt(this.#position) === MINUS) this.#position += 1;
    if (this.#text.charCodeAt(this.#position) === ZERO) this.#position += 1;
    else this.#takeDigits();
    if (this.#text[this.#position] === '.') {
      this.#position += 1;
      this.#takeDigits();
    }
    if (this.#text[this.#position] === 'e' || this.#text[this.#position] === 'E') {
      this.#position += 1;
      const sign = this.#text[this.#position];
      if (sign === '+' || sign === '-') this.#position += 1;
      this.#takeDigits();
    }
    return this.#keep ? Number(this.#text.slice(start, this.#position)) : 0;
  }

  #takeDigits(): void {
    const text = this.#text;
    let at = this.#position;
    let code = text.charCodeAt(at);
    if (!(code >= ZERO && code <= NINE)) this.#fail('expected a digit');
    while (code >= ZERO && code <= NINE) code = text.charCodeAt((at += 1));
    this.#position = at;
  }

  #takeWord(word: string): boolean {
    if (!this.#text.startsWith(word, this.#position)) return false;
    this.#position += word.length;
    return true;
  }

  #enter(): void {
    if (this.#depth === this.#maxDepth) {
      this.#fail(`expected at most ${this.#maxDepth} levels of nesting`, true, 'more');
    }
    this.#path[this.#depth] = undefined;
    this.#depth += 1;
    this.#position += 1;
    this.#skipSpace();
  }

  #takes(end: number): boolean {
    if (this.#text.charCodeAt(this.#position) !== end) return false;
    this.#position += 1;
    return true;
  }

  /** True after a comma, false after `end`. */
  #takesSeparator(end: number): boolean {
    this.#skipSpace();
    if (this.#takes(end)) return false;
    if (!this.#takes(COMMA)) this.#fail(`expected "," or "${String.fromCharCode(end)}"`);
    this.#skipSpace();
    return true;
  }

  #skipSpace(): void {
    const text = this.#text;
    let at = this.#position;
    let code = text.charCodeAt(at);
    while (code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09)
      code = text.charCodeAt((at += 1));
    this.#position = at;
  }

  #refuseValue(): never {
    const steps = this.#path.slice(0, Math.max(1, this.#depth - 1));
    const message = `expected at most ${this.#maxValues} values outside of raw members, got more`;
    throw new TooManyValuesError(message, pointerOf(steps));
  }

  #failAt(at: number, expected: string, got?: string): never {
    this.#position = at;
    return this.#fail(expected, false, got);
  }

  #fail(expected: string, isComplete = false, got?: string): never {
    const found = got ?? (isComplete ? undefined : describe(this.#text, this.#position));
    const what = found === undefined ? expected : `${expected}, got ${found}`;
    const pointer = cut(pointerOf(this.#path.slice(0, this.#depth)));
    const place = `at character ${this.#position} (${lineAndColumn(this.#text, this.#position)})`;
    throw new MalformedJsonError(`${what} ${place}${pointer && `, in ${pointer}`}`);
  }
}

function setMember(members: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== '__proto__') members[name] = value;
  else Object.defineProperty(members, name, { value, writable: true, enumerable: true, configurable: true });
}
