import { setTimeout as sleep } from 'node:timers/promises';
import type { Check } from '../../check.ts';
import type { CheckContext } from '../../run/check-context.ts';
import { withArgs } from './json-text.ts';

/** Submits two texts with one id, and requires that they count as the same content, or as different ones. */
async function compare(
  t: CheckContext,
  requirement: string,
  [first, second]: readonly [first: string, second: string],
  is: 'same' | 'different',
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  t.note(`${first} and ${second} are the ${is} content`);
  await t.submit(first);
  const response = await t.api.submit(second, headers);
  const what = `the status of a submit of ${second} after ${first}, which is ${is === 'same' ? 'the same' : 'other'} content`;
  t.equal(requirement, what, response.status, is === 'same' ? 200 : 409);
}

/** Compares two spellings of `taskArgs`, each pair with an id of its own. */
async function compareArgs(
  t: CheckContext,
  requirement: string,
  pairs: readonly (readonly [string, string])[],
  is: 'same' | 'different',
): Promise<void> {
  for (const [first, second] of pairs) {
    const task = t.parked({ id: t.newId() });
    await compare(t, requirement, [withArgs(task, first), withArgs(task, second)], is);
  }
}

/** What makes two submissions the same. */
export const CONTENT_CHECKS: readonly Check[] = [
  {
    id: 'identity-ignores-member-order',
    title: 'Two submissions that differ in the order of members, at any level, are the same content.',
    covers: { 'IDN-002': '7133b0a0' },
    profile: 'recorder',
    async run(t) {
      const id = t.newId();
      const inner = '{"a":1,"b":{"c":2,"d":3},"10":4,"9":5}';
      const turned = '{"9":5,"10":4,"b":{"d":3,"c":2},"a":1}';
      const members = Object.entries({ ...t.parked({ id }), retry: { maxAttempts: 3, jitter: 0 } });
      const task = Object.fromEntries(members);
      const other = { ...Object.fromEntries(members.toReversed()), retry: { jitter: 0, maxAttempts: 3 } };
      await compare(
        t,
        'IDN-002',
        [withArgs(task, inner), `{"taskArgs":${turned},${JSON.stringify(other).slice(1)}`],
        'same',
      );
    },
  },
  {
    id: 'identity-ignores-white-space',
    title: 'Two submissions that differ in white space outside of strings are the same content.',
    covers: { 'IDN-001': '43563da3' },
    profile: 'recorder',
    async run(t) {
      const task = withArgs(t.parked({ id: t.newId() }), '{"a":[1,{"b":[]},"c  d"]}');
      const spaced = `\r\n${JSON.stringify(JSON.parse(task), undefined, '\t ')}\n `;
      await compare(t, 'IDN-001', [task, spaced], 'same');
    },
  },
  {
    id: 'identity-compares-numbers-by-text',
    title: 'Numbers that are written differently are different contents, whatever their value.',
    covers: { 'IDN-003': '870677c8' },
    profile: 'recorder',
    async run(t) {
      const pairs = [
        ['1', '1.0'],
        ['[100]', '[1e2]'],
        ['1e2', '1E2'],
        ['{"a":0}', '{"a":-0}'],
        ['9007199254740993', '9007199254740992'],
        ['0.1', '0.10000000000000000001'],
        ['1e400', '1e401'],
      ] as const;
      await compareArgs(t, 'IDN-003', pairs, 'different');
    },
  },
  {
    id: 'identity-compares-strings-by-value',
    title: 'Strings and names that are escaped differently are the same content.',
    covers: { 'IDN-004': 'b02962e3' },
    profile: 'recorder',
    async run(t) {
      const pairs = [
        ['"a"', String.raw`"\u0061"`],
        ['"a/b"', String.raw`"a\/b"`],
        ['{"é":1}', String.raw`{"\u00E9":1}`],
        ['"\u{1f600}"', String.raw`"\ud83d\uDE00"`],
        [String.raw`"\n\"\\"`, String.raw`"\u000a\u0022\u005c"`],
        ['"\u2028\u007f"', String.raw`"\u2028\u007f"`],
      ] as const;
      await compareArgs(t, 'IDN-004', pairs, 'same');
      const task = JSON.stringify(t.parked({ id: t.newId() }));
      const escaped = task.replace('"target":"h', String.raw`"t\u0061rget":"\u0068`);
      await compare(t, 'IDN-004', [task, escaped], 'same');
    },
  },
  {
    id: 'identity-normalises-no-strings',
    title: 'Strings of other code points are different contents, also where people see the same text.',
    covers: { 'IDN-004': 'b02962e3' },
    profile: 'recorder',
    async run(t) {
      const pairs = [
        ['"\u00e9"', '"e\u0301"'],
        ['"a"', '"A"'],
        ['"a b"', '"a  b"'],
        ['"a"', '"a "'],
      ] as const;
      await compareArgs(t, 'IDN-004', pairs, 'different');
    },
  },
  {
    id: 'identity-sees-every-difference',
    title:
      'The order of an array, the type of a value, null and the names of members are part of the content.',
    covers: { 'IDN-001': '43563da3' },
    profile: 'recorder',
    async run(t) {
      const pairs = [
        ['[1,2]', '[2,1]'],
        ['[]', '{}'],
        ['"1"', '1'],
        ['{"a":null}', '{}'],
        ['null', '"null"'],
        ['[[1],2]', '[1,[2]]'],
        ['{"a":{"b":1},"c":2}', '{"a":{"b":1,"c":2}}'],
      ] as const;
      await compareArgs(t, 'IDN-001', pairs, 'different');
    },
  },
  {
    id: 'identity-sees-members-named-proto',
    title: 'A member named `__proto__` is part of the content as any other.',
    covers: { 'IDN-001': '43563da3' },
    profile: 'recorder',
    async run(t) {
      const pairs = [
        ['{"__proto__":{"a":1}}', '{"__proto__":{"a":2}}'],
        ['{"__proto__":1}', '{}'],
        ['{"constructor":1}', '{"constructor":2}'],
      ] as const;
      await compareArgs(t, 'IDN-001', pairs, 'different');
    },
  },
  {
    id: 'identity-counts-a-given-default',
    title: 'A member that is given with its default makes other content than one that is left out.',
    covers: { 'IDN-005': 'c6cf81bf' },
    profile: 'recorder',
    async run(t) {
      const defaults = [{ taskArgs: null }, { timeoutMs: 30_000 }, { priority: 0 }, { retry: {} }];
      for (const given of defaults) {
        const task = t.parked({ id: t.newId() });
        await compare(
          t,
          'IDN-005',
          [JSON.stringify(task), JSON.stringify({ ...task, ...given })],
          'different',
        );
      }
    },
  },
  {
    id: 'identity-ignores-clock-and-headers',
    title: 'A submit that is repeated later, with other request headers, has the same content.',
    covers: { 'IDN-006': 'a722477a' },
    profile: 'recorder',
    async run(t) {
      const task = JSON.stringify(t.parked({ id: t.newId() }));
      const headers = {
        'content-type': 'application/json; charset=utf-8',
        'user-agent': 'another/1.0',
        traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
        prefer: 'handling=lenient',
        'x-request-id': '17',
      };
      // `delayMs` counts from now, and that must not show in the content.
      await compare(t, 'IDN-006', [task, task], 'same');
      await sleep(20);
      const again = await t.api.submit(task, headers);
      t.equal('IDN-006', 'the status of the same submit with other headers', again.status, 200);
    },
  },
];
