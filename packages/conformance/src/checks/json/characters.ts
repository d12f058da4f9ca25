import type { Check } from '../../check.ts';
import { acceptAll, bytesWith, refuseAll, textWith } from './texts.ts';

// Well-formed UTF-8 has none of these: a lone continuation, overlong forms, surrogates, beyond U+10FFFF, cut sequences.
const NOT_UTF8: readonly (readonly number[])[] = [
  [0xff],
  [0x80],
  [0xc0, 0x80],
  [0xc1, 0xbf],
  [0xe0, 0x80, 0xaf],
  [0xed, 0xa0, 0x80],
  [0xf4, 0x90, 0x80, 0x80],
  [0xe2, 0x82],
  [0xf0, 0x9f, 0x98],
];

/** Characters in strings and names, and names that are there twice. */
export const JSON_CHARACTER_CHECKS: readonly Check[] = [
  {
    id: 'bytes-that-are-no-utf-8-are-refused',
    title: 'A body with bytes that are not UTF-8 is malformed, and is not repaired.',
    covers: { 'JSN-004': 'fea51e2c' },
    profile: 'recorder',
    async run(t) {
      const bodies = NOT_UTF8.flatMap((bytes) => [
        bytesWith(t, '"flowKey":"a', bytes, 'b"'),
        bytesWith(t, '"headers":{"x', bytes, '":"y"}'),
      ]);
      await refuseAll(t, 'JSN-004', bodies);
    },
  },
  {
    id: 'characters-of-utf-8-are-accepted',
    title:
      'Characters of one to four bytes, and a pair of surrogates written as escapes, are accepted and shown.',
    covers: { 'JSN-001': '0eb1dac0', 'JSN-006': '4e628ef1' },
    profile: 'recorder',
    async run(t) {
      const taskName = 'é ß € 😀 \u{10ffff} \u2028 \ufeff 漢';
      const shown = await t.submit(t.parked({ taskName }));
      t.equal('JSN-001', 'the name is shown', shown.taskName, taskName);
      const response = await t.api.submit(textWith(t, String.raw`"flowKey":"\ud83d\ude00\u00e9\/"`));
      t.status('JSN-006', response, 201);
      t.equal('JSN-006', 'the escapes are read', response.json?.flowKey, '😀é/');
    },
  },
  {
    id: 'a-member-twice-is-refused',
    title: 'A body in which an object has two members of the same name is malformed.',
    covers: { 'JSN-005': '8c85d3ab' },
    profile: 'recorder',
    async run(t) {
      await refuseAll(t, 'JSN-005', [
        textWith(t, `"queue":${JSON.stringify(t.queue)}`),
        textWith(t, '"headers":{"x":"1","x":"2"}'),
        textWith(t, '"retry":{"maxAttempts":5,"jitter":0,"maxAttempts":5}'),
      ]);
      await acceptAll(t, 'JSN-005', [textWith(t, '"taskArgs":[{"a":1},{"a":1,"A":{"a":1}}]')]);
    },
  },
  {
    id: 'names-are-compared-after-unescaping',
    title: 'Two names that differ only in how they are escaped are the same name, and make a body malformed.',
    covers: { 'JSN-005': '8c85d3ab' },
    profile: 'recorder',
    async run(t) {
      await refuseAll(t, 'JSN-005', [
        textWith(t, String.raw`"\u0071ueue":${JSON.stringify(t.queue)}`),
        textWith(t, String.raw`"headers":{"x":"1","\u0078":"2"}`),
        textWith(t, String.raw`"headers":{"/":"1","\/":"2"}`),
      ]);
    },
  },
  {
    id: 'unpaired-surrogates-are-refused',
    title: 'A body with an unpaired surrogate in a string is malformed.',
    covers: { 'JSN-006': '4e628ef1' },
    profile: 'recorder',
    async run(t) {
      const strings = [
        String.raw`\ud800`,
        String.raw`\udc00`,
        String.raw`\uD83Dx`,
        String.raw`\ud83d\u0041`,
        String.raw`\ud83d\ud83d\ude00`,
        String.raw`\ude00\ud83d`,
        String.raw`\ud83d\n\ude00`,
      ];
      await refuseAll(
        t,
        'JSN-006',
        strings.map((text) => textWith(t, `"flowKey":"${text}"`)),
      );
    },
  },
  {
    id: 'u-0000-is-refused',
    title: 'A body with U+0000 in a string is malformed.',
    covers: { 'JSN-007': '13649a37' },
    profile: 'recorder',
    async run(t) {
      const strings = [String.raw`\u0000`, String.raw`a\u0000b`];
      await refuseAll(
        t,
        'JSN-007',
        strings.map((text) => textWith(t, `"flowKey":"${text}"`)),
      );
    },
  },
  {
    id: 'names-are-held-to-the-rules-of-strings',
    title: 'An unpaired surrogate or U+0000 in the name of a member makes a body malformed.',
    covers: { 'JSN-006': '4e628ef1', 'JSN-007': '13649a37' },
    profile: 'recorder',
    async run(t) {
      const body = (name: string): string[] => [
        textWith(t, `"headers":{"${name}":"y"}`),
        textWith(t, `"retry":{"${name}":1}`),
      ];
      await refuseAll(t, 'JSN-006', [...body(String.raw`a\ud800`), ...body(String.raw`\udfffa`)]);
      await refuseAll(t, 'JSN-007', body(String.raw`a\u0000`));
    },
  },
  {
    id: 'task-args-are-read-as-strictly',
    title: 'Whatever makes a body malformed does so inside `taskArgs` too, at any depth.',
    covers: { 'JSN-010': 'd5fb7c68' },
    profile: 'recorder',
    async run(t) {
      const values = ['01', '.5', 'NaN', '[1,]', '{"a":1,}', '/**/1', '"\t"', String.raw`"\x41"`, '\u00a01'];
      const strings = [
        String.raw`"\ud800"`,
        String.raw`"\u0000"`,
        '{"a":1,"b":2,"a":3}',
        String.raw`{"a":1,"\u0061":3}`,
      ];
      const texts = [...values, ...strings].flatMap((value) => [
        textWith(t, `"taskArgs":${value}`),
        textWith(t, `"taskArgs":{"deep":[[{"er":${value}}]]}`),
      ]);
      const bytes = NOT_UTF8.map((each) => bytesWith(t, '"taskArgs":["', each, '"]'));
      await refuseAll(t, 'JSN-010', [...texts, ...bytes]);
    },
  },
];
