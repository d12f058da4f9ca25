import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  createDeliveryRig,
  DEADLINE_MS,
  post,
  response,
  SHORT_DEADLINE_MS,
  type DeliveryRig,
} from '../testing/delivery-rig.ts';

let rig: DeliveryRig;
beforeEach(() => (rig = createDeliveryRig()));
afterEach(() => rig.close());

const ok = response(200, 'ok');

it('an answer of 2xx is reported with its status and without its body', async () => {
  expect(await rig.deliverTo(ok)).toEqual({
    answer: { kind: 'response', status: 200 },
    status: 200,
  });
});

it('an answer of another status is reported with its body and the headers that decide', async () => {
  const headers = 'Retry-After: 7\r\nDispatchr-Retry: no\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\n';
  expect(await rig.deliverTo(response(503, 'busy', headers))).toMatchObject({
    answer: {
      kind: 'response',
      status: 503,
      retryAfter: '7',
      dispatchrRetry: 'no',
      date: 'Thu, 01 Jan 1970 00:00:00 GMT',
    },
    status: 503,
    responseBody: 'busy',
  });
});

it('method, path, headers and body are sent as they are', async () => {
  const { url, requests } = await rig.targetThat((socket) => socket.write(ok));
  const request = { target: `${url}?a=%2F&b`, method: 'PUT', headers: ['X-Mixed', 'Ä value'] };
  await rig.deliverer.deliver({ ...request, body: Buffer.from('{ "a":1 }') }, DEADLINE_MS).done;
  expect(requests[0]).toMatch(/^PUT \/hook\?a=%2F&b HTTP\/1\.1\r\nhost: 127\.0\.0\.1:\d+\r\n/);
  expect(requests[0]).toContain('X-Mixed: Ä value\r\n');
  expect(requests[0]).toMatch(/content-length: 9\r\n\r\n\{ "a":1 \}$/);
});

it.each([
  ['/hook?', '/hook?'],
  ['?', '/?'],
  ['', '/'],
  ['/a/../b?q=%7e&é', '/b?q=%7e&%C3%A9'],
  ['/?/?', '/?/?'],
])('a target that ends in "%s" is asked for "%s"', async (end, asked) => {
  const { port, requests } = await rig.targetThat((socket) => socket.write(ok));
  await rig.deliver(`http://127.0.0.1:${port}${end}`);
  expect(requests[0]?.split(' HTTP')[0]).toBe(`POST ${asked}`);
});

it('an answer that came before the deadline counts although the process stood still until after it', async () => {
  const { url } = await rig.targetThat((socket) => {
    socket.write(ok);
    standStill(2 * SHORT_DEADLINE_MS);
  });
  expect(await rig.deliver(url, SHORT_DEADLINE_MS)).toMatchObject({ status: 200 });
});

it('a connection is kept for the next attempt', async () => {
  const { url, sockets, requests } = await rig.targetThat((socket, _request, index) => {
    socket.write(index === 0 ? ok : response(500, 'no'));
  });
  for (const status of [200, 500, 500]) expect(await rig.deliver(url)).toMatchObject({ status });
  expect(requests).toHaveLength(3);
  expect(sockets).toHaveLength(1);
});

it('a kept connection that was closed between two attempts costs nothing', async () => {
  const { url, sockets, requests } = await rig.targetThat((socket) => socket.write(ok));
  await rig.deliver(url);
  sockets[0]?.end();
  await new Promise((resolve) => rig.dialled[0]?.once('close', resolve));
  expect(await rig.deliver(url)).toMatchObject({ status: 200 });
  expect(requests).toHaveLength(2);
});

it('a kept connection that closes before the request is written is replaced by a new one', async () => {
  const { url, requests } = await rig.targetThat((socket) => socket.write(ok));
  await rig.deliver(url);
  const second = rig.deliver(url);
  rig.dialled[0]?.destroy();
  expect(await second).toMatchObject({ status: 200 });
  expect(rig.dialled).toHaveLength(2);
  expect(requests).toHaveLength(2);
});

it('a request that a kept connection was reset under is not sent again within the attempt', async () => {
  const { url, requests } = await rig.targetThat((socket, _request, index) => {
    if (index === 0) socket.write(ok);
    else socket.resetAndDestroy();
  });
  await rig.deliver(url);
  expect(await rig.deliver(url)).toMatchObject({ errorCode: 'connection-reset' });
  expect(requests).toHaveLength(2);
});

it('an attempt that is aborted ends with the given code and closes its connection', async () => {
  const { url, closed } = await rig.targetThat(() => delivery.abort('lease-lost', 'gone'));
  const delivery = rig.deliverer.deliver(post(url), 60_000);
  expect(await delivery.done).toMatchObject({ errorCode: 'lease-lost', errorMessage: 'gone' });
  await closed(0);
});

it('a header that cannot be sent makes an invalid request', async () => {
  const { url, requests } = await rig.targetThat((socket) => socket.write(ok));
  const delivery = rig.deliverer.deliver({ ...post(url), headers: ['x-bad', 'a\r\nb: c'] }, DEADLINE_MS);
  expect(await delivery.done).toMatchObject({ errorCode: 'invalid-request' });
  expect(requests).toHaveLength(0);
});

it('a target that is no URL makes an invalid request', async () => {
  expect(await rig.deliver('/relative')).toMatchObject({ errorCode: 'invalid-request' });
});

it('connections that are only read on are bounded in number', async () => {
  const { url, closed } = await rig.targetThat((socket) => {
    socket.write('HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n');
  });
  const all = await Promise.all([1, 2, 3, 4, 5].map(() => rig.deliver(url, 60_000)));
  expect(all.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  await Promise.race([0, 1, 2, 3, 4].map(closed));
  expect(rig.dialled.filter((socket) => socket.destroyed)).toHaveLength(1);
});

/** Blocks the whole process, as a long collection of garbage or a SIGSTOP does. */
function standStill(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
