import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { answers } from './answers.ts';
import { openControl } from './open-control.ts';
import { remoteControl } from './remote-control.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** Serves on a free port; the handler answers a status. */
async function serve(statusOf: (path: string) => number): Promise<string> {
  const server = createServer((request, response) => {
    response.writeHead(statusOf(`${request.method} ${request.url}`)).end();
  }).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const optionsFor = (url: string): { url: string; insecure: boolean; latencyMultiplier: number } => ({
  url,
  insecure: false,
  latencyMultiplier: 1,
});

describe('control by HTTP', () => {
  it('posts each action, and waits for the implementation after a start', async () => {
    const seen: string[] = [];
    const url = await serve((path) => (seen.push(path), 204));
    const control = remoteControl(`${url}/control`, optionsFor(url));
    await control.kill();
    await control.stop();
    await control.start();
    expect(seen).toEqual([
      'POST /control/kill',
      'POST /control/stop',
      'POST /control/start',
      'GET /.well-known/dispatchr',
    ]);
  });

  it('says what it expected of an action that fails', async () => {
    const url = await serve(() => 500);
    await expect(remoteControl(url, optionsFor(url)).kill()).rejects.toThrow(
      /expected 2xx from POST .*\/kill, got 500/,
    );
  });
});

describe('control of a command', () => {
  const commandAt = (url: string): string =>
    `"${process.execPath}" -e "require('http').createServer((q,s)=>s.end()).listen(${new URL(url).port},'127.0.0.1')"`;

  async function freeUrl(): Promise<string> {
    const url = await serve(() => 200);
    const [server] = servers.splice(0);
    server?.close();
    return url;
  }

  it('starts it, kills it with what it started, and starts it again', async () => {
    const url = await freeUrl();
    const opened = await openControl({ ...optionsFor(url), sut: `${commandAt(url)} & wait` });
    expect(await answers(url, false)).toBe(true);
    await opened?.control.kill();
    expect(await answers(url, false)).toBe(false);
    await opened?.control.start();
    expect(await answers(url, false)).toBe(true);
    await opened?.close();
    expect(await answers(url, false)).toBe(false);
  });

  it('shows the output of one that ends', async () => {
    const url = await freeUrl();
    const opening = openControl({ ...optionsFor(url), sut: 'echo no such database; exit 3' });
    await expect(opening).rejects.toThrow(/it ended with 3; the end of its output:\nno such database/);
  });

  it('refuses a URL at which something else answers, and two kinds of control', async () => {
    const url = await serve(() => 200);
    await expect(openControl({ ...optionsFor(url), sut: 'true' })).rejects.toThrow(/answers there already/);
    await expect(openControl({ ...optionsFor(url), sut: 'true', controlUrl: url })).rejects.toThrow(
      /got both/,
    );
  });
});
