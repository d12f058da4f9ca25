import { Agent, request as httpRequest } from 'node:http';
import { describe, expect, test } from 'vitest';
import { RawConnection } from '../test/raw-connection.ts';
import { JSON_TYPE, start, TASK } from '../test/started-recorder.ts';
import { refuseOpenHost } from './recorder-server.ts';

describe('closing', () => {
  test('lets the request in flight finish and closes idle connections', async () => {
    const { close, store, url } = await start();
    const agent = new Agent({ keepAlive: true });
    const idle = await RawConnection.open(url);
    idle.write('GET /livez HTTP/1.1\r\nHost: a\r\n\r\n');
    await idle.until(/"ok"/);

    const { promise: gate, resolve: openGate } = Promise.withResolvers<void>();
    const { promise: reached, resolve: reach } = Promise.withResolvers<void>();
    store.gate = gate;
    const submitTask = store.submitTask.bind(store);
    store.submitTask = (task) => {
      reach();
      return submitTask(task);
    };
    const answer = new Promise<number | undefined>((resolve, reject) => {
      const request = httpRequest(
        `${url}/v1/tasks`,
        { method: 'POST', headers: JSON_TYPE, agent },
        (response) => {
          response.resume().on('end', () => resolve(response.statusCode));
        },
      );
      request.on('error', reject).end(TASK);
    });
    await reached;
    const closed = close();
    await idle.untilClosed();
    openGate();
    expect(await answer).toBe(201);
    await closed;
    await expect(fetch(`${url}/livez`)).rejects.toThrow('fetch failed');
    agent.destroy();
  });
});

describe('ending connections', () => {
  test('takes no new ones, and ends each there is with its next answer', async () => {
    const { close, endConnections, url } = await start();
    const kept = await RawConnection.open(url);
    kept.write('GET /livez HTTP/1.1\r\nHost: a\r\n\r\n');
    await kept.until(/"ok"/);
    endConnections();
    kept.write('GET /livez HTTP/1.1\r\nHost: a\r\n\r\n');
    await kept.until(/connection: close[^]*"ok"/i);
    await kept.untilClosed();
    await expect(fetch(`${url}/livez`)).rejects.toThrow('fetch failed');
    await close();
  });
});

describe('starting', () => {
  test.each(['0.0.0.0', '::', '192.168.1.5', 'example.com', '128.0.0.1'])(
    'on %s without a token is refused in one sentence',
    async (host) => {
      expect(() => refuseOpenHost(host, undefined)).toThrow(`Listening on ${host} needs a bearer token`);
      expect(() => refuseOpenHost(host, 'secret')).not.toThrow();
      await expect(start({ host })).rejects.toThrow('needs a bearer token');
    },
  );

  test.each(['127.0.0.1', '127.9.9.9', '::1', 'localhost'])('on %s needs none', (host) => {
    expect(() => refuseOpenHost(host, undefined)).not.toThrow();
  });

  test('on every address with a token asks for it', async () => {
    const { url } = await start({ host: '0.0.0.0', token: 'secret' });
    const port = new URL(url).port;
    expect((await fetch(`http://127.0.0.1:${port}/v1/tasks`)).status).toBe(401);
    const headers = { authorization: 'Bearer secret' };
    expect((await fetch(`http://127.0.0.1:${port}/v1/tasks`, { headers })).status).toBe(200);
  });

  test('on a port in use fails with the code of it', async () => {
    const { url } = await start();
    await expect(start({ port: Number(new URL(url).port) })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  test('with an unknown option names it', async () => {
    await expect(start({ prot: 1 } as never)).rejects.toThrow('got prot');
  });
});
