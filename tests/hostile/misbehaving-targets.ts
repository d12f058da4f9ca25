import { gzipSync } from 'node:zlib';
import type { Attempt } from '@dispatchr/contract';
import { CERTIFICATES } from '@dispatchr/testkit';
import { type HostileServer, startBlackhole, startHostileServer } from './hostile-server.ts';
import {
  answersWith,
  type Behaviour,
  dripsAfter,
  endsAfter,
  onRequest,
  poursAfter,
  resetsAfter,
  response,
} from './socket-behaviours.ts';

/** A target that misbehaves, and what an attempt to deliver to it must come to. */
export interface MisbehavingTarget {
  readonly name: string;
  readonly attempt: Partial<Attempt>;
  /** The server; its URL is the target. */
  start(): Promise<HostileServer>;
}

const status = (code: number): Partial<Attempt> => ({
  outcome: code < 300 ? 'completed' : 'retryable',
  status: code,
});
const error = (errorCode: string): Partial<Attempt> => ({ outcome: 'retryable', errorCode });

const OK_HEAD = 'HTTP/1.1 200 OK\r\n';
const NO_HEAD = 'HTTP/1.1 500 No\r\n';
const LENGTH = 'content-length: 9999\r\n\r\n';
const CHUNKED = 'transfer-encoding: chunked\r\n\r\n';
const EARLY_HINTS = 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n';
const CHUNK = `1000\r\n${'y'.repeat(4096)}\r\n`;

/** Fifty megabytes of nothing in fifty kilobytes. */
const BOMB = gzipSync(Buffer.alloc(50_000_000)).toString('latin1');
const GZIP_BOMB = `${NO_HEAD}content-encoding: gzip\r\ncontent-length: ${BOMB.length}\r\n\r\n${BOMB}`;

const SLOW = [
  on('accepts and never reads', (socket) => void socket.pause(), error('timeout')),
  on('never answers', () => {}, error('timeout')),
  on('drips headers', dripsAfter(OK_HEAD, 'x-drip: 1\r\n'), error('timeout')),
  on('drips 103', dripsAfter('', EARLY_HINTS), error('timeout')),
  on('drips the body of a 200', dripsAfter(OK_HEAD + LENGTH, 'x'), status(200)),
  on('drips the body of a 500', dripsAfter(NO_HEAD + LENGTH, 'x'), status(500)),
  on('answers 200 and hangs', answersWith(OK_HEAD + LENGTH), status(200)),
  on('answers 500 and hangs', answersWith(NO_HEAD + LENGTH), status(500)),
  { name: 'never answers a connect', attempt: error('timeout'), start: startBlackhole },
  on(
    'never answers a TLS handshake',
    () => {},
    error('timeout'),
    (url) => url.replace('http:', 'https:'),
  ),
];

const LARGE = [
  on('floods with 103', poursAfter('', EARLY_HINTS.repeat(100)), error('response-too-large')),
  on('has 200 KB of headers', answersWith(`${OK_HEAD}${`x-big: ${'x'.repeat(1000)}\r\n`.repeat(200)}\r\n`), {
    errorCode: 'response-too-large',
  }),
  on('has headers without end', poursAfter(OK_HEAD, 'x-more: 1\r\n'.repeat(400)), {
    errorCode: 'response-too-large',
  }),
  on('floods with cookies', answersWith(`${OK_HEAD}${'set-cookie: a=bcdefghijk\r\n'.repeat(5000)}\r\n`), {
    errorCode: 'response-too-large',
  }),
  on('has a 200 without end', poursAfter(OK_HEAD + CHUNKED, CHUNK), status(200)),
  on('has a 500 without end', poursAfter(NO_HEAD + CHUNKED, CHUNK), status(500)),
  on('has a 500 that ends with its connection, never', poursAfter(`${NO_HEAD}\r\n`, CHUNK), status(500)),
  on(
    'has a body in pieces of one byte',
    poursAfter(NO_HEAD + CHUNKED, '1\r\ny\r\n'.repeat(700)),
    status(500),
  ),
  on('has a chunk extension without end', poursAfter(`${NO_HEAD}${CHUNKED}1;`, 'a'.repeat(4096)), {
    status: 500,
  }),
  on('has trailers without end', poursAfter(`${NO_HEAD}${CHUNKED}0\r\n`, 'x-more: 1\r\n'.repeat(400)), {
    status: 500,
  }),
  on('answers 500 with a gzip bomb', answersWith(GZIP_BOMB), status(500)),
];

const BROKEN_OFF = [
  on('ends a 200 too early', endsAfter(`${OK_HEAD}${LENGTH}short`), status(200)),
  on('ends a 500 too early', endsAfter(`${NO_HEAD}${LENGTH}short`), {
    ...status(500),
    responseBody: 'short',
  }),
  on('ends within its headers', endsAfter(`${OK_HEAD}x-a: b\r\n`), error('connection-reset')),
  on('ends without an answer', endsAfter(''), error('connection-reset')),
  on('resets before the status', resetsAfter(''), error('connection-reset')),
  on('resets after the status', resetsAfter(OK_HEAD + LENGTH), status(200)),
];

const NOT_HTTP = [
  on('has two lengths', answersWith(`${OK_HEAD}content-length: 2\r\ncontent-length: 3\r\n\r\nok`), {
    errorCode: 'not-http',
  }),
  on('has a length and chunks', answersWith(`${OK_HEAD}content-length: 2\r\n${CHUNKED}0\r\n\r\n`), {
    errorCode: 'not-http',
  }),
  on('has a bad status line', answersWith('HTTP/1.1 abc OK\r\n\r\n'), error('not-http')),
  on('speaks HTTP/0.9', answersWith('<html>hello</html>'), error('not-http')),
  on('answers 101', answersWith('HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'), {
    errorCode: 'not-http',
  }),
];

const ODD = [
  on('has NUL in its reason', answersWith(response(500).replace('Whatever', 'a\0b')), status(500)),
  on(
    'has invalid UTF-8 in its reason',
    answersWith(response(500).replace('Whatever', '\xFF\xFE')),
    status(500),
  ),
  on(
    'has NUL and invalid UTF-8 in its body',
    answersWith(`${NO_HEAD}content-length: 5\r\n\r\na\0b\xFF\xFE`),
    {
      ...status(500),
      responseBody: 'a\uFFFDb\uFFFD\uFFFD',
    },
  ),
  on(
    'has a body with its 204',
    answersWith(`HTTP/1.1 204 No\r\n\r\n${response(500, 'smuggled')}`),
    status(204),
  ),
  on('redirects to a metadata address', redirectsOnceTo('http://169.254.169.254/latest'), status(302)),
  on('redirects to itself', redirectsOnceTo('/hook'), status(302)),
];

const UNTRUSTED = [
  on('has a certificate that nobody signed', answersOk, error('tls-failed'), undefined, 'untrusted'),
  on('has an expired certificate', answersOk, error('tls-failed'), undefined, 'expired'),
  on(
    'has the certificate of another host',
    answersOk,
    error('tls-failed'),
    (url) => url.replace('127.0.0.1', 'localhost'),
    'valid',
  ),
];

/** Those of the project's list of faults that one attempt shows. */
export const MISBEHAVING_TARGETS: readonly MisbehavingTarget[] = [
  ...SLOW,
  ...LARGE,
  ...BROKEN_OFF,
  ...NOT_HTTP,
  ...ODD,
  ...UNTRUSTED,
];

function on(
  name: string,
  behaviour: Behaviour,
  attempt: Partial<Attempt>,
  targetOf = (url: string) => url,
  certificate?: keyof typeof CERTIFICATES,
): MisbehavingTarget {
  return {
    name,
    attempt,
    async start() {
      const server = await startHostileServer(behaviour, certificate && CERTIFICATES[certificate]);
      return { ...server, url: targetOf(server.url) };
    },
  };
}

function answersOk(socket: Parameters<Behaviour>[0]): void {
  answersWith(response(200))(socket);
}

/** A scheduler that followed would find a 200. */
function redirectsOnceTo(location: string): Behaviour {
  const seen = new Set<string | undefined>();
  return onRequest((socket, request) => {
    const taskId = /dispatchr-task-id: (.*)\r\n/i.exec(request)?.[1];
    socket.write(seen.has(taskId) ? response(200) : response(302, '', `location: ${location}\r\n`));
    seen.add(taskId);
  });
}
