import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fingerprintOf } from './fingerprint.ts';
import { canonicalJson } from './json/canonical-json.ts';

describe('the canonical text', () => {
  test.each([
    [' { "b" : 1 , "a" : [ 1 , { } , [ ] ] } ', '{"a":[1,{},[]],"b":1}'],
    ['"\\u0061\\/\\u000a"', '"a/\\n"'],
    ['{"\\u0062":1,"a":2}', '{"a":2,"b":1}'],
    ['[1.0,1,1e400,9007199254740993,true,null]', '[1.0,1,1e400,9007199254740993,true,null]'],
    ['{"__proto__":1,"\\"":2}', '{"\\"":2,"__proto__":1}'],
  ])('of %s is %s', (source, canonical) => {
    expect(canonicalJson(source)).toBe(canonical);
  });

  test('keeps the value and is its own canonical text', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(undefined, 2), (text, space) => {
        const source = JSON.stringify(JSON.parse(text), null, space);
        const canonical = canonicalJson(source);
        expect(JSON.parse(canonical)).toEqual(JSON.parse(source));
        expect(canonicalJson(canonical)).toBe(canonical);
      }),
    );
  });
});

describe('the fingerprint', () => {
  test('does not depend on the order of members', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (members) => {
        const reversed = Object.fromEntries(Object.entries(members).toReversed());
        expect(fingerprintOf(JSON.stringify(members))).toBe(fingerprintOf(JSON.stringify(reversed, null, 1)));
      }),
    );
  });

  test.each([
    ['{"a":1}', '{"a":1.0}'],
    ['{"a":1}', '{"a":"1"}'],
    ['[1,2]', '[2,1]'],
    ['{"a":null}', '{}'],
  ])('of %s differs from that of %s', (one, other) => {
    expect(fingerprintOf(one)).not.toBe(fingerprintOf(other));
  });
});
