import fc from 'fast-check';
import { randomOf } from '../../run/random.ts';

/** A JSON value apart from how it is spelled; numbers and other literals are what they are written as. */
export type Value =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'array'; readonly items: readonly Value[] }
  | { readonly kind: 'object'; readonly members: readonly (readonly [name: string, value: Value])[] };

// `fc.string` would take a second to set itself up, in every command that loads the checks.
const characters = fc
  .integer({ min: 1, max: 0x10_ff_ff - 0x8_00 })
  .map((number) => String.fromCodePoint(number < 0xd8_00 ? number : number + 0x8_00));

/** Characters of every kind but U+0000, which JSN-007 forbids. */
const strings = fc
  .oneof(
    fc.array(characters, { maxLength: 6 }).map((each) => each.join('')),
    fc.constantFrom('', 'é', 'e\u0301', '\u{1f600}', '"\\/', '\u007f\u2028', '\u0001\b\f\n\r\t', 'null'),
  )
  .map((text) => text.replaceAll('\u0000', ''));

const names = fc.oneof(
  strings,
  fc.constantFrom('__proto__', 'constructor', 'toString', '1', '10', '02', 'a', 'A'),
);

const literals = fc.oneof(
  fc.constantFrom('null', 'true', 'false', '0', '-0', '1.0', '1e400', '1E+2', '0.10', '-1.5e-7'),
  fc.stringMatching(/^-?[1-9][0-9]{0,24}(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,3})?$/),
);

/** Any JSON value of a few levels. */
export const values: fc.Arbitrary<Value> = fc.letrec<{ value: Value; array: Value; object: Value }>(
  (tie) => ({
    value: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      literals.map((text): Value => ({ kind: 'literal', text })),
      strings.map((value): Value => ({ kind: 'string', value })),
      tie('array'),
      tie('object'),
    ),
    array: fc.array(tie('value'), { maxLength: 4 }).map((items): Value => ({ kind: 'array', items })),
    object: fc
      .uniqueArray(fc.tuple(names, tie('value')), { maxLength: 4, selector: ([name]) => name })
      .map((members): Value => ({ kind: 'object', members })),
  }),
).value;

/** One way to write a value: white space, escapes and (if `reorders`) the order of members as the seed says; plain for seed 0. */
export function spelled(value: Value, seed: number, reorders = true): string {
  const random = randomOf(seed);
  const below = (limit: number): number => random.below(limit);
  const chance = (limit: number): boolean => seed !== 0 && below(limit) === 0;
  const space = (): string => (chance(3) ? ([' ', '\n', '\t', '\r\n  '][below(4)] ?? '') : '');
  const character = (each: string): string => (chance(4) ? escaped(each, below(2) === 0) : plain(each));
  const text = (of: string): string => `"${Array.from(of, character).join('')}"`;
  const list = (parts: readonly string[]): string => parts.map((part) => space() + part + space()).join(',');
  const write = (each: Value): string => {
    if (each.kind === 'literal') return each.text;
    if (each.kind === 'string') return text(each.value);
    if (each.kind === 'array') return `[${list(each.items.map(write)) || space()}]`;
    const members = each.members.map(
      ([name, member]) => `${text(name)}${space()}:${space()}${write(member)}`,
    );
    return `{${list(reorders && chance(2) ? members.toReversed() : members) || space()}}`;
  };
  return write(value);
}

const plain = (character: string): string => JSON.stringify(character).slice(1, -1);

// `/` has a short escape that nobody needs; the others are spelled by their code units.
function escaped(character: string, upper: boolean): string {
  if (character === '/') return String.raw`\/`;
  const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at));
  const digits = units.map((unit) => unit.toString(16).padStart(4, '0'));
  return digits.map((four) => String.raw`\u${upper ? four.toUpperCase() : four}`).join('');
}

/** A submission with `taskArgs` written as they are given. */
export function withArgs(task: object, args: string): string {
  return `${JSON.stringify(task).slice(0, -1)},"taskArgs":${args}}`;
}

// A string, a bracket, or a run of anything else: enough to find where a member of the outermost object begins and ends.
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s"{}[\],:]+/gs;

/** The text of a member's value in the outermost object of a JSON text; `undefined` if there is none. */
export function memberText(json: string, name: string): string | undefined {
  let depth = 0;
  let last = '';
  let start: number | undefined;
  let end = 0;
  for (const { 0: token, index } of json.matchAll(TOKEN)) {
    if (depth === 1 && (token === ',' || token === '}') && start !== undefined) return json.slice(start, end);
    if (start === -1) start = index;
    if (depth === 1 && token === ':' && start === undefined && isName(last, name)) start = -1;
    if (token === '{' || token === '[') depth += 1;
    if (token === '}' || token === ']') depth -= 1;
    last = token;
    end = index + token.length;
  }
  return undefined;
}

const isName = (token: string, name: string): boolean => token.startsWith('"') && JSON.parse(token) === name;
