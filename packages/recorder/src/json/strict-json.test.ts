import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MalformedJsonError } from './malformed-json-error.ts';
import { RawJson } from './raw-json.ts';
import { parseStrictJson } from './strict-json.ts';

const parse = (text: string | Buffer, maxDepth = 64) =>
  parseStrictJson(Buffer.from(text as string), { maxDepth }).value;

const parseTask = (text: string) =>
  parseStrictJson(Buffer.from(text), { maxDepth: 64, records: { depth: 1, rawMember: 'taskArgs' } });

function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof MalformedJsonError) return error.message;
    throw error;
  }
  throw new Error('expected a MalformedJsonError, got none');
}

describe('what JSON.parse and the strict reader agree on', () => {
  test('every JSON value, however it is spaced', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), fc.constantFrom(undefined, 1, '\t'), (text, space) => {
        const spaced = JSON.stringify(JSON.parse(text), null, space);
        expect(parse(spaced, 1000)).toEqual(JSON.parse(spaced));
      }),
    );
  });

  test('whether a mutated text is JSON at all, but for what only the strict reader refuses', () => {
    const mutation = fc.record({
      at: fc.nat(200),
      char: fc.constantFrom(...'{}[]",:0e-.\\tu '),
      cut: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.json(), mutation, (text, { at, char, cut }) => {
        const index = at % (text.length + 1);
        const mutated = text.slice(0, index) + (cut ? '' : char) + text.slice(index + 1);
        const strict = attempt(() => parse(mutated, 1000));
        const loose = attempt(() => JSON.parse(mutated));
        if (strict.ok) expect(loose).toEqual(strict);
        else if (loose.ok) expect(strict.message).toMatch(/once|NUL|surrogate/);
      }),
      { numRuns: 2000 },
    );
  });

  test('each escape and every plane of Unicode', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }).filter((text) => !text.includes('\0')),
        (text) => {
          expect(parse(JSON.stringify(text))).toBe(text);
          const escaped = [...text].map((char) =>
            [...Array(char.length).keys()].map((i) => unit(char, i)).join(''),
          );
          expect(parse(`"${escaped.join('')}"`)).toBe(text);
        },
      ),
    );
    expect(parse(String.raw`"\"\\\/\b\f\n\r\t"`)).toBe('"\\/\b\f\n\r\t');
  });
});

describe('what the strict reader refuses', () => {
  test.each<[string, string | Buffer, string]>([
    ['an empty text', '', 'expected a JSON value, got the end of the text at character 0 (line 1, column 1)'],
    [
      'a truncated text',
      '{"a":[1,',
      'expected a JSON value, got the end of the text at character 8 (line 1, column 9), in /a/1',
    ],
    ['trailing text', '{} x', 'expected the end of the text, got "x" at character 3 (line 1, column 4)'],
    ['a trailing comma', '[1,]', 'expected a JSON value, got "]" at character 3 (line 1, column 4), in /1'],
    ['a comment', '/* */ 1', 'expected a JSON value, got "/" at character 0 (line 1, column 1)'],
    [
      'single quotes',
      "{'a':1}",
      'expected a member name in double quotes, got "\'" at character 1 (line 1, column 2)',
    ],
    [
      'a missing colon',
      '{"a" 1}',
      'expected ":" after a member name, got "1" at character 5 (line 1, column 6), in /a',
    ],
    ['a leading zero', '[01]', 'expected "," or "]", got "1" at character 2 (line 1, column 3), in /0'],
    ['a lone minus', '-', 'expected a digit, got the end of the text at character 1 (line 1, column 2)'],
    ['NaN', '{"a":NaN}', 'expected a JSON value, got "N" at character 5 (line 1, column 6), in /a'],
    [
      'an escaped NUL',
      '{"a":"\\u0000"}',
      'expected no NUL character, got \\u0000 at character 6 (line 1, column 7), in /a',
    ],
    [
      'a bare NUL',
      '"\0"',
      'expected no bare control character in a string, got U+0000 at character 1 (line 1, column 2)',
    ],
    ['a bare newline in a string', '{\n"a":"\n"}', 'got U+000A at character 7 (line 2, column 6), in /a'],
    ['an escaped NUL in a name', '{"\\u0000":1}', 'expected no NUL character'],
    ['a lone high surrogate', '"\\ud800x"', 'expected a pair of surrogates, got a lone \\ud800'],
    ['a lone low surrogate', '["\\uDC00"]', 'got a lone \\uDC00 at character 2 (line 1, column 3), in /0'],
    ['two high surrogates', '"\\ud800\\ud800"', 'got a lone \\ud800'],
    ['an unknown escape', '"\\x41"', 'expected an escape of JSON, got "x"'],
    ['a short \\u escape', '"\\u12"', 'expected \\u and four hexadecimal digits'],
    [
      'a duplicate member',
      '{"a":{"b":1,"b":2}}',
      'expected each member once, got a second "b" at character 16 (line 1, column 17), in /a/b',
    ],
    ['a duplicate under another spelling', '{"a":1,"\\u0061":2}', 'got a second "a"'],
    ['a duplicate __proto__', '{"__proto__":1,"__proto__":2}', 'got a second "__proto__"'],
    ['a byte order mark', '\uFEFF{}', 'got a byte order mark at byte 0'],
    [
      'invalid UTF-8',
      Buffer.from([0x22, 0xef, 0xbf, 0xbd, 0xc3, 0xa9, 0xff, 0x22]),
      'invalid sequence at byte 6',
    ],
    ['a UTF-8 encoded surrogate', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), 'invalid sequence at byte 1'],
    ['a pointer with escapes', '{"a/b~c":[x]}', 'in /a~1b~0c/0'],
  ])('%s', (_name, text, message) => {
    expect(messageOf(() => parse(text))).toContain(message);
  });

  test('one level too many, and not the level before', () => {
    const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
    expect(parse(nested(64))).toBeInstanceOf(Array);
    expect(messageOf(() => parse(nested(65)))).toContain('expected at most 64 levels of nesting, got more');
    expect(messageOf(() => parse('{"a":'.repeat(5000)))).toContain('at most 64 levels');
  });

  test('all of it inside a raw member too', () => {
    const inner = [
      '{"b":1,"b":2}',
      '"\\u0000"',
      '"\\ud800"',
      '{"a":01}',
      '['.repeat(64) + ']'.repeat(64),
      '',
    ];
    for (const text of inner)
      expect(messageOf(() => parseTask(`{"taskArgs":${text}}`))).toContain('in /taskArgs');
    const many = Array.from({ length: 50 }, (_, i) => `"${i}":1`).join(',');
    expect(messageOf(() => parseTask(`{"taskArgs":{${many},"49":2}}`))).toContain('in /taskArgs/49');
    expect(messageOf(() => parseTask(`{"taskArgs":{${many},"\\u00349":2}}`))).toContain('got a second "49"');
  });
});

test('more values than are asked for are refused where they are', () => {
  const refusal = (text: string) => {
    try {
      parseStrictJson(Buffer.from(text), { maxDepth: 9, maxValues: 3 });
    } catch (error) {
      return (error as { pointer?: string }).pointer;
    }
    return 'none';
  };
  expect(refusal('{"a":1,"b":2}')).toBe('none');
  expect(refusal('{"a":1,"b":2,"c":3}')).toBe('/c');
  expect(refusal('{"a":{"b":2,"c":3}}')).toBe('/a');
  expect(refusal('[1,2,[3]]')).toBe('/2');
  expect(refusal('[[1,[2]]]')).toBe('/0');
});

describe('raw members', () => {
  test('come back as the verbatim slice', () => {
    const raw = '{ "n" : 1e400,\n"big":9007199254740993, "__proto__":{"x":"\\u00e9\\/"}, "a":[ ] }';
    const { value, sourceOf } = parseTask(` {"target":"t","taskArgs": ${raw} ,"z":1} `);
    expect(value).toEqual({ target: 't', taskArgs: new RawJson(raw), z: 1 });
    expect(sourceOf(value as object)).toBe(`{"target":"t","taskArgs": ${raw} ,"z":1}`);
  });

  test('any value survives', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const { value } = parseTask(`{"taskArgs":${text}}`);
        expect((value as { taskArgs: RawJson }).taskArgs.text).toBe(text);
      }),
    );
  });

  test('are raw only in records of the depth asked for', () => {
    const text = '{"tasks":[{"taskArgs":[1],"headers":{"taskArgs":"x"}}]}';
    const { value, sourceOf } = parseStrictJson(Buffer.from(text), {
      maxDepth: 64,
      records: { depth: 3, rawMember: 'taskArgs' },
    });
    expect(value).toEqual({ tasks: [{ taskArgs: new RawJson('[1]'), headers: { taskArgs: 'x' } }] });
    const task = (value as { tasks: [object] }).tasks[0];
    expect(sourceOf(task)).toBe('{"taskArgs":[1],"headers":{"taskArgs":"x"}}');
    expect(sourceOf(value as object)).toBeUndefined();
  });
});

test('__proto__ is an ordinary member', () => {
  const value = parse('{"__proto__":{"polluted":1}}') as Record<string, unknown>;
  expect(Object.keys(value)).toEqual(['__proto__']);
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  expect(JSON.stringify(value)).toBe('{"__proto__":{"polluted":1}}');
});

function unit(char: string, index: number): string {
  return `\\u${char.charCodeAt(index).toString(16).padStart(4, '0')}`;
}

function attempt(run: () => unknown): { ok: true; value: unknown } | { ok: false; message: string } {
  try {
    return { ok: true, value: run() };
  } catch (error) {
    return { ok: false, message: (error as Error).message };
  }
}
