import { describe, expect, it } from 'vitest';
import { gatherHeader, gatherList, parseListen, parseUrl, reportsOf, wholeNumber } from './parse-values.ts';

describe('option values', () => {
  it('are URLs without a slash at the end', () => {
    expect(parseUrl('http://127.0.0.1:9090/')).toBe('http://127.0.0.1:9090');
    expect(parseUrl('https://x.test/tasks')).toBe('https://x.test/tasks');
    for (const text of ['127.0.0.1:9090', 'ftp://x', 'http://x/?a=b', ''])
      expect(() => parseUrl(text)).toThrow(/Expected/);
  });

  it('are headers, with a colon or an equals sign', () => {
    const token = gatherHeader('Authorization: Bearer a=b:c', {});
    expect(gatherHeader('X-Key=1', token)).toEqual({ authorization: 'Bearer a=b:c', 'x-key': '1' });
    for (const text of ['nothing', ': x', 'a b: c']) expect(() => gatherHeader(text, {})).toThrow(/Expected/);
  });

  it('are places to listen', () => {
    expect(parseListen('127.0.0.1:80')).toEqual({ host: '127.0.0.1', port: 80 });
    expect(parseListen('[::]:0')).toEqual({ host: '::', port: 0 });
    expect(parseListen('8099')).toEqual({ host: '0.0.0.0', port: 8099 });
    for (const text of ['host', 'host:', ':80', 'host:70000', '::1:80'])
      expect(() => parseListen(text)).toThrow(/Expected/);
  });

  it('are whole numbers within their range', () => {
    expect(wholeNumber(1)('10')).toBe(10);
    for (const text of ['0', '1.5', '-1', 'x', ''])
      expect(() => wholeNumber(1, 9)(text)).toThrow(/from 1 to 9/);
  });

  it('are lists, by repetition or with commas', () => {
    expect(gatherList('b, c', ['a'])).toEqual(['a', 'b', 'c']);
    expect(() => gatherList('a,,b', [])).toThrow(/empty/);
  });

  it('are reports of the formats that there are', () => {
    const parse = reportsOf(['json', 'tap']);
    expect(parse('json=a=b.json,tap=-', [])).toEqual([
      { format: 'json', file: 'a=b.json' },
      { format: 'tap', file: '-' },
    ]);
    for (const text of ['json', 'xml=a', 'json=']) expect(() => parse(text, [])).toThrow(/json, tap/);
  });
});
