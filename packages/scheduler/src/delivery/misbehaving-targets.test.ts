import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  createDeliveryRig,
  post,
  response,
  SHORT_DEADLINE_MS,
  type DeliveryRig,
} from '../testing/delivery-rig.ts';
import { startRawTarget } from '../testing/raw-target.ts';

let rig: DeliveryRig;
beforeEach(() => (rig = createDeliveryRig()));
afterEach(() => rig.close());

const ok = response(200, 'ok');

/** Writes the beginning, and then the drop every 20 ms for as long as it can. */
const drip = (beginning: string, drop: string) => (socket: Socket) => {
  socket.write(beginning);
  const timer = setInterval(() => socket.write(drop), 20);
  socket.on('close', () => clearInterval(timer));
};

const CHUNKED = 'transfer-encoding: chunked\r\n\r\n';

/** Writes the beginning, and then the chunk again and again, as fast as it is read. */
const pour = (beginning: string, chunk: string) => (socket: Socket) => {
  socket.write(beginning);
  const goOn = (): void => {
    while (!socket.destroyed && socket.write(chunk));
    if (!socket.destroyed) socket.once('drain', goOn);
  };
  goOn();
};

describe('the deadline cuts a target that', () => {
  it('never answers, and its connection is closed', async () => {
    const { url, closed } = await rig.targetThat(() => {});
    const result = await rig.deliver(url, SHORT_DEADLINE_MS);
    expect(result).toMatchObject({ errorCode: 'timeout', errorMessage: 'no status within 150 ms' });
    await closed(0);
  });

  it.each([
    ['drips headers', drip('HTTP/1.1 200 OK\r\n', 'x-drip: 1\r\n')],
    ['sends 103 for ever', drip('', 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n')],
  ])('%s', async (_name, answer) => {
    const { url } = await rig.targetThat(answer);
    expect(await rig.deliver(url, SHORT_DEADLINE_MS)).toMatchObject({ errorCode: 'timeout' });
  });

  it('accepts and never reads', async () => {
    const target = await startRawTarget(
      () => {},
      (socket) => socket.pause(),
    );
    const body = 'x'.repeat(8_000_000);
    expect(await rig.deliver(target.url, SHORT_DEADLINE_MS, body)).toMatchObject({ errorCode: 'timeout' });
    await target.close();
  });

  it('never answers a TLS handshake, and its connection is closed', async () => {
    const { url, closed } = await rig.targetThat(() => {});
    const result = await rig.deliver(url.replace('http:', 'https:'), SHORT_DEADLINE_MS);
    expect(result).toMatchObject({ errorCode: 'timeout' });
    await closed(0);
  });

  it('drips the body of a 500, which is reported with what came', async () => {
    const { url } = await rig.targetThat(drip('HTTP/1.1 500 No\r\ncontent-length: 9999\r\n\r\n', 'x'));
    expect(await rig.deliver(url)).toMatchObject({
      status: 500,
      responseBody: expect.stringMatching(/^x+$/),
    });
  });
});

describe('a 2xx has completed', () => {
  it('at once, and its connection is closed a while later, when the body hangs or drips', async () => {
    const { url, closed } = await rig.targetThat(
      drip('HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n', 'x'),
    );
    expect(await rig.deliver(url)).toMatchObject({ status: 200 });
    expect(rig.dialled[0]?.destroyed).toBe(false);
    await closed(0);
  });

  it('after a 103 too', async () => {
    expect(await rig.deliverTo(`HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n${ok}`)).toMatchObject({
      status: 200,
    });
  });

  it.each([
    ['ends too early', (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nshort')],
    [
      'ends in bad chunks',
      (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n'),
    ],
    [
      'ends in a reset',
      (socket: Socket) => {
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n', () =>
          setImmediate(() => socket.resetAndDestroy()),
        );
      },
    ],
  ])('when its body %s', async (_name, answer) => {
    const { url } = await rig.targetThat(answer);
    expect(await rig.deliver(url)).toMatchObject({ status: 200 });
  });

  it('when a 204 has a body, and the next answer is not taken from that body', async () => {
    const smuggled = `HTTP/1.1 204 No Content\r\n\r\n${response(500, 'smuggled')}`;
    const { url } = await rig.targetThat((socket, _request, index) =>
      socket.write(index === 0 ? smuggled : ok),
    );
    expect(await rig.deliver(url)).toMatchObject({ status: 204 });
    expect(await rig.deliver(url)).toMatchObject({ status: 200 });
  });
});

describe('what is read is bounded:', () => {
  it.each([
    ['200 KB of headers', `HTTP/1.1 200 OK\r\n${`x-big: ${'x'.repeat(1000)}\r\n`.repeat(200)}\r\n`],
    ['a flood of cookies', `HTTP/1.1 200 OK\r\n${'set-cookie: a=bcdefghijk\r\n'.repeat(5000)}\r\n`],
  ])('%s', async (_name, bytes) => {
    expect(await rig.deliverTo(bytes)).toMatchObject({ errorCode: 'response-too-large' });
  });

  it('a flood of 103', async () => {
    const hints = 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n';
    const { url, closed } = await rig.targetThat(pour('', hints.repeat(100)));
    expect(await rig.deliver(url)).toMatchObject({ errorCode: 'response-too-large' });
    await closed(0);
    expect(rig.dialled[0]?.bytesRead).toBeLessThan(1_000_000);
  });

  it.each([
    ['a body', `1000\r\n${'y'.repeat(4096)}\r\n`],
    ['a body in pieces of one byte', '1\r\ny\r\n'.repeat(700)],
  ])('%s without end is cut off, and 4 KiB of it are kept', async (_name, chunk) => {
    const { url, closed } = await rig.targetThat(pour(`HTTP/1.1 500 No\r\n${CHUNKED}`, chunk));
    expect(await rig.deliver(url)).toMatchObject({ status: 500, responseBody: 'y'.repeat(4096) });
    await closed(0);
    // In the second that a body may take, a loopback connection carries hundreds of megabytes.
    expect(rig.dialled[0]?.bytesRead).toBeLessThan(1_000_000);
  });

  it.each([
    ['a chunk extension', '1;', 'x'.repeat(4096)],
    ['a trailer section', '0\r\n', 'x-more: 1\r\n'.repeat(400)],
  ])('%s without end is cut off', async (_name, beginning, chunk) => {
    const { url, closed } = await rig.targetThat(pour(`HTTP/1.1 500 No\r\n${CHUNKED}${beginning}`, chunk));
    expect(await rig.deliver(url)).toMatchObject({ status: 500 });
    await closed(0);
    expect(rig.dialled[0]?.bytesRead).toBeLessThan(1_000_000);
  });

  it('thousands of pieces are put together once, and not again with each that comes', async () => {
    const concat = vi.spyOn(Buffer, 'concat');
    const { url } = await rig.targetThat(pour(`HTTP/1.1 500 No\r\n${CHUNKED}`, '1\r\ny\r\n'.repeat(700)));
    await rig.deliver(url);
    expect(concat.mock.calls.filter(([pieces]) => pieces.length > 1000)).toHaveLength(1);
    concat.mockRestore();
  });

  it('a gzip bomb stays packed', async () => {
    const bomb = gzipSync(Buffer.alloc(5_000_000));
    const { url } = await rig.targetThat((socket) => {
      socket.write(`HTTP/1.1 500 No\r\ncontent-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`);
      socket.write(bomb);
    });
    const result = await rig.deliver(url, 1000);
    expect(result.status).toBe(500);
    expect(Buffer.byteLength(result.responseBody ?? '')).toBeLessThanOrEqual(4096);
  });
});

describe('not an answer', () => {
  it.each([
    ['two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\nok'],
    [
      'a length and chunks',
      'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['a bad status line', 'HTTP/1.1 abc OK\r\n\r\n'],
    ['HTTP/0.9', '<html>hello</html>'],
    ['101', 'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'],
    ['HTTP/2', '\0\0\x12\x04\0\0\0\0\0\0\x03\0\0\0\x80'],
  ])('is %s', async (_name, bytes) => {
    expect(await rig.deliverTo(bytes)).toMatchObject({ errorCode: 'not-http' });
  });

  it.each([
    ['two lengths', 'content-length: 2\r\ncontent-length: 3'],
    ['a length that is no number', 'content-length: 2x'],
    ['a length and chunks', 'content-length: 2\r\ntransfer-encoding: chunked'],
    ['chunks and a length', 'transfer-encoding: chunked\r\ncontent-length: 2'],
  ])('is a 200 with %s, before any of its body came', async (_name, lengths) => {
    expect(await rig.deliverTo(`HTTP/1.1 200 OK\r\n${lengths}\r\n\r\n`)).toMatchObject({
      errorCode: 'not-http',
    });
  });

  it('is a 200 whose connection ends within the header section', async () => {
    const { url } = await rig.targetThat((socket) => socket.end('HTTP/1.1 200 OK\r\nx-a: b\r\n'));
    expect(await rig.deliver(url)).toMatchObject({ errorCode: 'connection-reset' });
  });

  it.each([
    ['a reset', (socket: Socket) => void socket.resetAndDestroy()],
    ['the end of the connection', (socket: Socket) => void socket.end()],
  ])('is %s', async (_name, answer) => {
    const { url } = await rig.targetThat(answer);
    expect(await rig.deliver(url)).toMatchObject({ errorCode: 'connection-reset' });
  });

  it('comes from a closed port', async () => {
    const gone = await startRawTarget(() => {});
    await gone.close();
    expect(await rig.deliver(gone.url)).toMatchObject({ errorCode: 'connection-refused' });
  });
});

it.each([
  ['to a metadata address', 'http://169.254.169.254/'],
  ['to itself', '/hook'],
])('a redirect %s is an answer, and is not followed', async (_name, location) => {
  const { url, requests } = await rig.targetThat((socket) => {
    socket.write(response(302, '', `Location: ${location}\r\n`));
  });
  expect(await rig.deliver(url)).toMatchObject({ status: 302 });
  expect(requests).toHaveLength(1);
});

it('a 500 that ends too early is reported with its status and what came', async () => {
  const { url } = await rig.targetThat((socket) =>
    socket.end('HTTP/1.1 500 No\r\ncontent-length: 100\r\n\r\nshort'),
  );
  expect(await rig.deliver(url)).toMatchObject({ status: 500, responseBody: 'short' });
});

it('NUL and invalid UTF-8 are recorded as text that a database can store', async () => {
  const result = await rig.deliverTo('HTTP/1.1 500 \xff\xfe\r\ncontent-length: 5\r\n\r\na\0b\xff\xfe');
  expect(result.responseBody).toBe('a\uFFFDb\uFFFD\uFFFD');
});

it('a hung target does not hold up another', async () => {
  const hung = await rig.targetThat(() => {});
  const healthy = await rig.targetThat((socket) => socket.write(ok));
  const hanging = Array.from({ length: 50 }, () => rig.deliverer.deliver(post(hung.url), 60_000));
  expect(await rig.deliver(healthy.url)).toMatchObject({ status: 200 });
  for (const delivery of hanging) delivery.abort('released', 'over');
});
