import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { QueueCall } from '../events.ts';
import { startOperator } from './operator.ts';

describe('the operator', () => {
  it('sets every limit before it begins, asks again where a recorder could not, and logs each call', async () => {
    const paths: string[] = [];
    const server = createServer((request, response) => {
      paths.push(`${request.method} ${request.url}`);
      response.writeHead(paths.length === 1 ? 503 : 200, { 'content-type': 'application/json' }).end('{}');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const recorder = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const calls: QueueCall[] = [];
    try {
      const onCall = (call: QueueCall) => void calls.push(call);
      const operator = await startOperator({ recorders: [recorder], seed: 1, rate: 100, onCall });
      await operator.stop();
    } finally {
      server.close();
    }
    const all = ['metered', 'narrow', 'tenants'];
    expect(paths).toEqual(['metered', ...all, ...all].map((queue) => `PUT /v1/queues/${queue}`));
    expect(calls.map(({ status }) => status)).toEqual([503, 200, 200, 200, 200, 200, 200]);
    expect(calls.at(-3)?.settings.rateLimit?.perSecond).toBeGreaterThan(
      calls[1]?.settings.rateLimit?.perSecond ?? Infinity,
    );
    expect(calls.every(({ from, until = 0 }) => from <= until)).toBe(true);
  });
});
