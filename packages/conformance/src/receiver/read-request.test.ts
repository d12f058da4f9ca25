import { describe, expect, it } from 'vitest';
import { readRequest } from './read-request.ts';

const read = (text: string): ReturnType<typeof readRequest> => readRequest(Buffer.from(text, 'latin1'));

describe('a request read from bytes', () => {
  it('has its names, values and path as they were sent', () => {
    const request = read('POST /a/../b?c=%7e HTTP/1.1\r\nHOST: x\r\nX-Empty:\r\nX-Spaced: \t a b \r\n\r\n');
    expect(request).toMatchObject({
      method: 'POST',
      path: '/a/../b?c=%7e',
      httpVersion: '1.1',
      rawHeaders: [
        ['HOST', 'x'],
        ['X-Empty', ''],
        ['X-Spaced', 'a b'],
      ],
    });
  });

  it('is incomplete until its headers and its whole body have come', () => {
    expect(read('GET / HTTP/1.1\r\nHost: x\r\n')).toBe('incomplete');
    expect(read('POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nab')).toBe('incomplete');
  });

  it('ends with its body, and leaves what follows', () => {
    const text = 'POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\nab';
    const request = read(`${text}GET / HTTP/1.1\r\n\r\n`);
    expect(request).toMatchObject({ body: Buffer.from('ab'), length: text.length });
  });

  it('puts chunks together', () => {
    const text = 'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1;x=y\r\nc\r\n0\r\n\r\n';
    expect(read(text)).toMatchObject({ body: Buffer.from('abc'), length: text.length });
    expect(read(text.slice(0, -2))).toBe('incomplete');
  });

  it.each([
    'nonsense\r\n\r\n',
    'GET /\r\n\r\n',
    'GET / HTTP/1.1\r\nno colon\r\n\r\n',
    'POST / HTTP/1.1\r\nContent-Length: 5, 5\r\n\r\nabcde',
    'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nmany\r\nab\r\n',
  ])('refuses %j', (text) => {
    expect(() => read(text)).toThrow(/expected/);
  });
});
