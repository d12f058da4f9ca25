import type { MutantId } from '../selftest/mutants/index.ts';
import { Problem } from './problems.ts';
import { LIMITS } from './settings.ts';

/** A JSON value with its place in the text, so that the text can be kept. Numbers keep their text. */
export type JsonNode = { readonly start: number; readonly end: number } & JsonValue;

type JsonValue =
  | { readonly kind: 'object'; readonly members: ReadonlyMap<string, JsonNode> }
  | { readonly kind: 'array'; readonly items: readonly JsonNode[] }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'number'; readonly value: string }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'null' };

const WHITE_SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
// oxlint-disable-next-line no-control-regex -- JSON forbids exactly these in a string.
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const LOOSE_NUMBER = /-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
// oxlint-disable-next-line no-control-regex -- what a mutant leaves out of them.
const LOOSE_PLAIN = /[^"\\\u0000-\u0008\u000b-\u001f]*/y;
const HEX = /[0-9A-Fa-f]{4}/y;
const LITERAL = /true|false|null/y;
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/** Reads a body strictly; throws `malformed-json`. Spec: JSN-003 to JSN-012. */
export function readJson(body: Buffer, mutants: ReadonlySet<MutantId>): { text: string; root: JsonNode } {
  const text = decode(body, mutants);
  return { text, root: new Reader(text, mutants).document() };
}

function decode(body: Buffer, mutants: ReadonlySet<MutantId>): string {
  if (mutants.has('invalid-utf8-repaired')) return body.toString('utf8');
  try {
    const ignoreBOM = !mutants.has('byte-order-mark-accepted');
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM }).decode(body);
  } catch {
    const valid = new TextDecoder('utf-8', { ignoreBOM: true }).decode(body).indexOf('\uFFFD');
    throw new Problem('malformed-json', `expected valid UTF-8, got another byte at character ${valid}`);
  }
}

class Reader {
  readonly #text: string;
  readonly #mutants: ReadonlySet<MutantId>;
  #at = 0;
  /** What only a mutant sets: inside `taskArgs`. */
  #isLoose = false;

  constructor(text: string, mutants: ReadonlySet<MutantId>) {
    this.#text = text;
    this.#mutants = mutants;
  }

  document(): JsonNode {
    const root = this.#value(1);
    this.#space();
    if (this.#at < this.#text.length && !this.#mutants.has('trailing-bytes-accepted'))
      this.#fail('the end of the body');
    return root;
  }

  #value(depth: number): JsonNode {
    const first = this.#peek();
    const start = this.#at;
    const value = this.#valueAt(first, depth);
    return { ...value, start, end: this.#at };
  }

  #valueAt(first: string, depth: number): JsonValue {
    if (first === '"') return { kind: 'string', value: this.#string() };
    if (first === '{' || first === '[') {
      if (this.#counted(depth) > LIMITS.maxDepth && !this.#mutants.has('depth-ignored')) {
        this.#fail(`at most ${LIMITS.maxDepth} levels of nesting`);
      }
      this.#at += 1;
      return first === '{' ? this.#object(depth) : this.#array(depth);
    }
    const literal = this.#take(LITERAL);
    if (literal === 'null') return { kind: 'null' };
    if (literal !== '') return { kind: 'boolean', value: literal === 'true' };
    const number = this.#take(this.#mutants.has('leading-zeros-accepted') ? LOOSE_NUMBER : NUMBER);
    return number === '' ? this.#fail('a JSON value') : { kind: 'number', value: number };
  }

  #object(depth: number): JsonValue {
    const members = new Map<string, JsonNode>();
    if (this.#skip('}')) return { kind: 'object', members };
    do {
      if (this.#peek() !== '"') this.#fail('the name of a member');
      const start = this.#at;
      const name = this.#string(this.#mutants.has('names-unjudged'));
      if (members.has(name) && !this.#passesTwice(name, start)) {
        this.#at = start;
        this.#fail(`the member ${JSON.stringify(name)} once`);
      }
      if (!this.#skip(':')) this.#fail('`:`');
      const wasLoose = this.#isLoose;
      this.#isLoose ||= name === 'taskArgs' && this.#mutants.has('task-args-read-loosely');
      members.set(name, this.#value(depth + 1));
      this.#isLoose = wasLoose;
    } while (this.#skip(',') && !this.#endsAt('}'));
    if (!this.#skip('}')) this.#fail('`,` or `}`');
    return { kind: 'object', members };
  }

  #array(depth: number): JsonValue {
    const items: JsonNode[] = [];
    if (this.#skip(']')) return { kind: 'array', items };
    do items.push(this.#value(depth + 1));
    while (this.#skip(',') && !this.#endsAt(']'));
    if (!this.#skip(']')) this.#fail('`,` or `]`');
    return { kind: 'array', items };
  }

  /** Whether a mutant passes over a second member of that name, which was written from `start` on. */
  #passesTwice(name: string, start: number): boolean {
    const isEscaped = this.#text.slice(start + 1, this.#at - 1) !== name;
    const isOther = isEscaped && this.#mutants.has('names-compared-as-written');
    return isOther || this.#isLoose || this.#mutants.has('duplicate-members-accepted');
  }

  /** Whether a mutant takes the comma before the end for no more than that. */
  #endsAt(end: string): boolean {
    return this.#mutants.has('trailing-commas-accepted') && this.#peek() === end;
  }

  /** The depth that counts, with what mutants make of it. */
  #counted(depth: number): number {
    const isFromTask = this.#text.startsWith('{"tasks"') && this.#mutants.has('depth-counted-from-the-task');
    return depth + (this.#mutants.has('depth-limit-exclusive') ? 1 : 0) - (isFromTask ? 2 : 0);
  }

  #string(isUnjudged = false): string {
    this.#at += 1;
    let value = '';
    for (;;) {
      value += this.#take(this.#mutants.has('raw-control-characters-accepted') ? LOOSE_PLAIN : PLAIN);
      const next = this.#text[this.#at];
      if (next === '\\') value += this.#escape(isUnjudged);
      else if (next === '"') break;
      else this.#fail('a character of a string or its end');
    }
    this.#at += 1;
    return value;
  }

  #escape(isUnjudged: boolean): string {
    const start = this.#at;
    const letter = this.#text[start + 1] ?? '';
    this.#at += 2;
    if (letter !== 'u' && this.#mutants.has('unknown-escapes-accepted')) return ESCAPES[letter] ?? letter;
    if (letter !== 'u') return ESCAPES[letter] ?? this.#fail('an escape of JSON', start);
    const unit = this.#hex(start);
    const takesNul = isUnjudged || this.#isLoose || this.#mutants.has('nul-accepted');
    if (unit === 0 && !takesNul) this.#fail('no U+0000', start);
    const takesHalves = isUnjudged || this.#mutants.has('lone-surrogates-accepted');
    if (unit < 0xd800 || unit > 0xdfff || takesHalves) return String.fromCharCode(unit);
    if (this.#mutants.has('escaped-pairs-refused')) this.#fail('a character that is not escaped', start);
    const low = unit < 0xdc00 && this.#text.startsWith('\\u', this.#at) ? this.#lowSurrogate(start) : 0;
    if (low < 0xdc00 || low > 0xdfff) this.#fail('a surrogate with its other half', start);
    return String.fromCharCode(unit, low);
  }

  #lowSurrogate(start: number): number {
    this.#at += 2;
    return this.#hex(start);
  }

  #hex(start: number): number {
    const digits = this.#take(HEX);
    return digits === '' ? this.#fail('four hexadecimal digits', start) : Number.parseInt(digits, 16);
  }

  /** The next character after white space, without taking it. */
  #peek(): string {
    this.#space();
    return this.#text[this.#at] ?? '';
  }

  #skip(character: string): boolean {
    const found = this.#peek() === character;
    if (found) this.#at += 1;
    return found;
  }

  #space(): void {
    if (this.#mutants.has('any-white-space-accepted')) this.#take(/\s*/y);
    if (this.#mutants.has('comments-accepted')) this.#take(/(?:[ \t\n\r]|\/\*.*?\*\/)*/sy);
    this.#take(WHITE_SPACE);
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const [match] = pattern.exec(this.#text) ?? [''];
    this.#at += match.length;
    return match;
  }

  #fail(expected: string, at = this.#at): never {
    if (this.#mutants.has('malformed-json-500')) throw new Error('unexpected token');
    if (at >= this.#text.length && this.#mutants.has('cut-body-500')) throw new Error('unexpected end');
    if (this.#mutants.has('detail-without-place')) throw new Problem('malformed-json', 'the body is no JSON');
    const got = at < this.#text.length ? JSON.stringify(this.#text[at]) : 'the end';
    const stack = this.#mutants.has('stack-shown') ? `\n${new Error(expected).stack}` : '';
    throw new Problem('malformed-json', `expected ${expected}, got ${got} at character ${at}${stack}`);
  }
}
