import { describe, expect, it } from 'vitest';
import { durationFrom, parseDuration, parseMilliseconds } from './parse-duration.ts';
import { parseInstantAgo, parseInstantAhead } from './parse-instant.ts';
import { integerFrom } from './parse-integer.ts';
import { parseJson } from './parse-json.ts';

describe('parseDuration', () => {
  it.each([
    ['500ms', 500],
    ['5s', 5000],
    ['1.5s', 1500],
    ['2m', 120_000],
    ['2min', 120_000],
    ['1.5h', 5_400_000],
    ['1d', 86_400_000],
  ])('reads %s', (text, durationMs) => {
    expect(parseDuration(text)).toBe(durationMs);
  });

  it.each(['', '5', '-5s', '5 s', 's', '1e3s', '-'])('refuses "%s"', (text) => {
    expect(() => parseDuration(text)).toThrow('Expected a duration such as');
  });

  it('may ask for a least one', () => {
    expect(durationFrom(100)('100ms')).toBe(100);
    expect(() => durationFrom(100)('99ms')).toThrow('Expected at least 100ms.');
  });

  it('takes a bare number for milliseconds only where that is said', () => {
    expect([parseMilliseconds('250'), parseMilliseconds('2s')]).toEqual([250, 2000]);
  });
});

describe('an instant', () => {
  const nowMs = Date.parse('2026-11-22T14:50:00.000Z');

  it.each([
    ['2026-11-22T15:00:00Z', '2026-11-22T15:00:00.000Z'],
    ['2026-11-22 16:00:00.5+01:00', '2026-11-22T15:00:00.500Z'],
  ])('is read from %s', (text, instant) => {
    expect(parseInstantAhead(text, nowMs)).toBe(instant);
    expect(parseInstantAgo(text, nowMs)).toBe(instant);
  });

  it('may be a duration, ahead or ago', () => {
    expect(parseInstantAhead('10min', nowMs)).toBe('2026-11-22T15:00:00.000Z');
    expect(parseInstantAgo('10min', nowMs)).toBe('2026-11-22T14:40:00.000Z');
  });

  it.each(['tomorrow', '2026-11-22', '2026-11-22T15:00:00', '2026-13-22T15:00:00Z', '1000000000d'])(
    'is not read from %s',
    (text) => {
      expect(() => parseInstantAhead(text, nowMs)).toThrow('Expected an instant such as');
    },
  );
});

describe('integerFrom', () => {
  it.each(['0', '11', '1.5', 'x', '', '1e1'])('refuses "%s" where 1 to 10 is asked for', (text) => {
    expect(() => integerFrom(1, 10)(text)).toThrow('Expected a whole number from 1 to 10.');
  });

  it('reads negative numbers where they are allowed', () => {
    expect(integerFrom(-1000, 1000)('-7')).toBe(-7);
  });
});

describe('parseJson', () => {
  it.each([
    '{"orderId":12345678901234567890,"price":1.0,"tiny":1e-400}',
    '[1,2.5,-0,"1.0",null,true]',
    '{"__proto__":{"a":1}}',
  ])('gives back %s as it was written', (text) => {
    expect(JSON.stringify(parseJson(text))).toBe(text);
  });

  it('throws for what is no JSON', () => {
    expect(() => parseJson('{')).toThrow(SyntaxError);
  });
});
