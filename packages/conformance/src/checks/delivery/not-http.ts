import type { Check } from '../../check.ts';
import { type Answer, raw } from '../../receiver/delivery.ts';
import { requireErrorCode } from './try-once.ts';

const OK = 'HTTP/1.1 200 OK\r\n';

/** Answers that are none of HTTP. */
export const NOT_HTTP_CHECKS: readonly Check[] = [
  check('http-0-9-is-not-http', 'An answer of HTTP/0.9, which has no status line, ends with `not-http`.', {
    'a page of HTTP/0.9': raw('<html><body>done</body></html>\r\n'),
    'some text': raw('200 OK\r\n\r\n'),
  }),
  check('unreadable-status-line-is-not-http', 'A status line that cannot be read ends with `not-http`.', {
    'letters for a status': raw('HTTP/1.1 abc OK\r\nContent-Length: 0\r\n\r\n'),
    'a status of two digits': raw('HTTP/1.1 20 OK\r\nContent-Length: 0\r\n\r\n'),
    'a status of four digits': raw('HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n'),
    'no status': raw('HTTP/1.1 \r\nContent-Length: 0\r\n\r\n'),
    'another protocol': raw('SSH-2.0-OpenSSH_9.6\r\n\r\n'),
  }),
  check('different-lengths-are-not-http', 'A 2xx with two different `Content-Length` ends with `not-http`.', {
    'two fields': raw(`${OK}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`),
    'two fields, the first fitting': raw(`${OK}Content-Length: 2\r\ncontent-length: 0\r\n\r\nab`),
  }),
  check(
    'length-that-is-no-number-is-not-http',
    'A 2xx whose `Content-Length` is not decimal digits ends with `not-http`.',
    {
      letters: raw(`${OK}Content-Length: abc\r\n\r\n`),
      'a minus': raw(`${OK}Content-Length: -1\r\n\r\n`),
      'a plus': raw(`${OK}Content-Length: +2\r\n\r\nab`),
      'hexadecimal digits': raw(`${OK}Content-Length: 0x2\r\n\r\nab`),
      'a fraction': raw(`${OK}Content-Length: 2.0\r\n\r\nab`),
    },
  ),
  check(
    'length-beside-chunks-is-not-http',
    'A 2xx with `Content-Length` beside `Transfer-Encoding` ends with `not-http`.',
    {
      'the length first': raw(`${OK}Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`),
      'the chunks first': raw(`${OK}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n`),
    },
  ),
  check(
    'switching-protocols-is-not-http',
    'An answer 101 ends with `not-http`, with what it switches to or without.',
    {
      '101 with Upgrade': raw(
        'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
      ),
      '101 alone': raw('HTTP/1.1 101 Switching Protocols\r\n\r\n'),
      '101 before a 200': raw(`HTTP/1.1 101 Switching Protocols\r\n\r\n${OK}Content-Length: 0\r\n\r\n`),
    },
  ),
];

function check(id: string, title: string, answers: Readonly<Record<string, Answer>>): Check {
  return {
    id,
    title,
    covers: { 'DLV-037': '2a4c19cc', 'ANS-009': '4a6aed8d' },
    profile: 'core',
    run: (t) => requireErrorCode(t, 'DLV-037', 'not-http', answers),
  };
}
