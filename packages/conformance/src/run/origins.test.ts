import { expect, it, vi } from 'vitest';
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

it('gives no check the port of another, for as long as the system has others', async () => {
  let given = 0;
  const closed: number[] = [];
  const listen = vi.spyOn(Receiver, 'listen').mockImplementation(async () => {
    given += 1;
    const port = given % 3 === 0 ? given : 1;
    return { port, close: async () => void closed.push(port) } as unknown as Receiver;
  });
  const originsOf = (check: string) =>
    new Origins({ listenHost: '127.0.0.1', host: '127.0.0.1' }, check, () => {});
  const ports = [
    await originsOf('/a').listen(),
    await originsOf('/b').listen(),
    await originsOf('/c').listen(),
  ];
  listen.mockRestore();
  expect(ports.map(({ port }) => port)).toEqual([1, 3, 6]);
  expect(closed).toEqual([1, 1, 1]);
});
