import fc from 'fast-check';
import type { Check } from '../../check.ts';
import { holdProperty } from '../../run/hold-property.ts';
import { showVerbatim, textWith } from './texts.ts';

/** What `taskArgs` and names that mean something to a language must come through unchanged. */
export const JSON_VERBATIM_CHECKS: readonly Check[] = [
  {
    id: 'numbers-of-any-size-are-kept',
    title: 'Numbers of `taskArgs` are accepted in any size and precision, and shown digit by digit.',
    covers: { 'JSN-011': '980480db', 'REC-050': 'a82f961d' },
    profile: 'recorder',
    async run(t) {
      const integers = ['9007199254740993', '-12345678901234567890', '1'.repeat(400)];
      const fractions = ['0.1000', '1.0', '-0', '-0.0', '3.14159265358979323846264338327950288'];
      const powers = ['1e400', '-1E+400', '1e-400', '0e0', '1.5E-0007', '1e99999999999999999999'];
      await showVerbatim(t, 'JSN-011', `[${[...integers, ...fractions, ...powers].join(',')}]`);
      await showVerbatim(t, 'JSN-011', '1e400');
    },
  },
  {
    id: 'order-of-members-is-kept',
    title:
      'The members of `taskArgs` are shown in the order of the submission, also those whose names are numbers.',
    covers: { 'REC-050': 'a82f961d' },
    profile: 'recorder',
    run: (t) => showVerbatim(t, 'REC-050', '{"b":1,"a":2,"10":3,"9":4,"":5,"B":6}'),
  },
  {
    id: 'nulls-inside-task-args-are-kept',
    title: '`null` is a value like any other as `taskArgs` and inside of it.',
    covers: { 'JSN-015': '4574c1aa', 'JSN-031': '9ea64bed', 'REC-050': 'a82f961d' },
    profile: 'recorder',
    async run(t) {
      await showVerbatim(t, 'JSN-015', '{"a":null,"b":[null,{"c":null}]}');
      await showVerbatim(t, 'JSN-031', 'null');
    },
  },
  {
    id: 'characters-of-task-args-are-kept',
    title: 'Text of `taskArgs` is shown code point by code point, neither composed nor decomposed.',
    covers: { 'REC-050': 'a82f961d' },
    profile: 'recorder',
    run: (t) =>
      showVerbatim(
        t,
        'REC-050',
        '{"e\u0301":"\u00e9","\u00e9":"e\u0301","\ufb01":"\u212b \u2028 \ufeff \u{1f600}"}',
      ),
  },
  {
    id: 'spelling-of-task-args-is-kept',
    title: '`taskArgs` are shown with the escapes and the white space of the submission.',
    covers: { 'REC-050': 'a82f961d' },
    profile: 'recorder',
    run: (t) =>
      showVerbatim(
        t,
        'REC-050',
        String.raw`{ "\u0061" :"\/\u00e9\ud83D\uDE00<\u003c" ,` + '\r\n\t"b": [ ] , "c":{ } }',
      ),
  },
  {
    id: 'task-args-may-be-any-value',
    title: 'Each type of JSON value is accepted as `taskArgs`, empty ones included, and shown.',
    covers: { 'REC-050': 'a82f961d', 'FEA-007': 'df0dbeeb' },
    profile: 'recorder',
    async run(t) {
      for (const value of ['true', 'false', '0', '""', '"text"', '[]', '{}', '[[]]', '{"":{"":[]}}'])
        await showVerbatim(t, 'REC-050', value);
    },
  },
  {
    id: 'proto-in-task-args-is-kept',
    title: 'Members of `taskArgs` named `__proto__`, `constructor` or `toString` are kept.',
    covers: { 'JSN-012': 'b2bdee3a', 'REC-050': 'a82f961d' },
    profile: 'recorder',
    run: (t) =>
      showVerbatim(
        t,
        'JSN-012',
        '{"__proto__":{"a":1},"constructor":{"prototype":2},"toString":"x","b":[{"__proto__":null}]}',
      ),
  },
  {
    id: 'proto-is-an-unknown-member',
    title:
      'Outside of `taskArgs` members named `__proto__`, `constructor` or `toString` are refused as unknown.',
    covers: { 'JSN-012': 'b2bdee3a', 'JSN-013': '230719d1' },
    profile: 'recorder',
    async run(t) {
      for (const name of ['__proto__', 'constructor', 'toString']) {
        for (const value of ['{}', '"x"', 'null']) {
          const top = await t.api.submit(textWith(t, `"${name}":${value}`));
          t.problem('JSN-012', top, 'invalid-request', { pointer: `/${name}` });
        }
        const inner = await t.api.submit(textWith(t, `"retry":{"${name}":{"maxAttempts":3}}`));
        t.problem('JSN-012', inner, 'invalid-request', { pointer: `/retry/${name}` });
      }
    },
  },
  {
    id: 'proto-may-be-a-header',
    title: 'A header of a task may be named `__proto__`, `constructor` or `toString`, and is shown.',
    covers: { 'JSN-012': 'b2bdee3a' },
    profile: 'recorder',
    async run(t) {
      const names = ['__proto__', 'constructor', 'toString'];
      const headers = `{${names.map((name) => `"${name}":"of ${name}"`).join(',')}}`;
      const { id } = await t.submit(textWith(t, `"headers":${headers}`));
      const { json } = await t.api.get(id);
      for (const name of names)
        t.ok(
          'JSN-012',
          `the header ${name} is shown`,
          Object.hasOwn(json?.headers ?? {}, name),
          json?.headers,
        );
    },
  },
  {
    id: 'any-task-args-come-back-as-they-were',
    title:
      'Generated values of `taskArgs`, written in one of the many ways that JSON has, are shown as they were submitted.',
    covers: { 'REC-050': 'a82f961d', 'JSN-001': '0eb1dac0' },
    profile: 'recorder',
    run: (t) =>
      holdProperty(t, generatedText, async (taskArgs) => {
        await showVerbatim(t, 'REC-050', taskArgs);
      }),
  },
];

const space = fc.constantFrom('', '', ' ', '\n', '\t', '\r\n  ');
const character = fc.oneof(
  fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 1 })
    .map((text) => JSON.stringify(text).slice(1, -1)),
  fc.constantFrom(
    String.raw`\u00e9`,
    String.raw`\/`,
    '/',
    String.raw`\ud83d\ude00`,
    String.raw`\n`,
    'ÿ',
    '漢',
  ),
);
const string = fc.array(character, { maxLength: 8 }).map((all) => `"${all.join('')}"`);
const number = fc
  .tuple(
    fc.constantFrom('', '-'),
    fc.bigInt({ min: 0n, max: 10n ** 40n }),
    fc.constantFrom('', '.0', '.10', 'e9', 'E-400'),
  )
  .map((parts) => parts.join(''));

/** Text of JSON values, at most as deep as every implementation accepts. */
const { generatedText } = fc.letrec<{ generatedText: string }>((tie) => {
  const item = fc.tuple(space, tie('generatedText'), space).map((parts) => parts.join(''));
  const items = fc.array(item, { maxLength: 4 });
  return {
    generatedText: fc.oneof(
      { maxDepth: 5, withCrossShrink: true },
      fc.constantFrom('null', 'true', 'false'),
      number,
      string,
      items.map((all) => `[${all.join(',')}]`),
      // The number of the member makes each name a new one.
      items.chain((all) =>
        fc
          .array(string, { minLength: all.length, maxLength: all.length })
          .map(
            (names) => `{${all.map((each, at) => `${names[at]?.slice(0, -1)}${at}" :${each}`).join(',')}}`,
          ),
      ),
    ),
  };
});
