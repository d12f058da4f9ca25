import { expect, it } from 'vitest';
import type { Delivery } from '../receiver/delivery.ts';
import { Receiver } from '../receiver/receiver.ts';
import { Origins } from './origins.ts';

it('tells of deliveries that come over a shared URL as of those to a port of its own', async () => {
  const receiver = await Receiver.listen({ host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${receiver.port}`;
  const seen: Delivery[] = [];
  const reachability = { listenHost: '127.0.0.1', host: '127.0.0.1', shared: { url, receiver } };
  const origins = new Origins(reachability, '/check', (delivery) => seen.push(delivery));
  const target = await origins.add([204]);
  const { status } = await fetch(target.url, { method: 'POST', body: 'x' });
  expect([status, seen.map(({ body }) => body.toString())]).toEqual([204, ['x']]);
  await receiver.close();
});
