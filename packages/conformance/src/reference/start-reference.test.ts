import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { startReference, type Reference, type ReferenceOptions } from './start-reference.ts';

interface TaskView {
  readonly id: string;
  readonly state: string;
  readonly attempt: number;
  readonly attemptsUsed: number;
}

const cleanups: (() => Promise<void>)[] = [];

async function reference(options?: ReferenceOptions): Promise<Reference> {
  const started = await startReference(options);
  cleanups.push(() => started.close());
  return started;
}

/** A target that answers by a function; gives its URL. */
async function target(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server: Server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/tasks`;
}

async function submit(url: string, task: object, headers: Record<string, string> = {}): Promise<TaskView> {
  const response = await fetch(`${url}/v1/tasks`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(task),
  });
  expect(response.status).toBe(201);
  return (await response.json()) as TaskView;
}

const WAIT = { prefer: 'wait=2' };

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

describe('startReference', () => {
  it('delivers a submitted task and completes it', async () => {
    const bodies: string[] = [];
    const url = await target((request, response) => {
      request.on('data', (bytes: Buffer) => bodies.push(bytes.toString()));
      request.on('end', () => response.end());
    });
    const { url: base } = await reference();
    const task = await submit(base, { target: url, taskName: 'greet', taskArgs: { name: 'Ada' } }, WAIT);
    expect(task).toMatchObject({ state: 'completed', attempt: 1, attemptsUsed: 0 });
    expect(bodies).toEqual(['{"taskName":"greet","taskArgs":{"name":"Ada"}}']);
  });

  it('tries a task again after a 500', async () => {
    const statuses = [500, 204];
    const url = await target((_, response) => response.writeHead(statuses.shift() ?? 500).end('busy'));
    const { url: base } = await reference();
    const task = await submit(base, { target: url, taskName: 'greet', retry: { minBackoffMs: 5 } }, WAIT);
    expect(task).toMatchObject({ state: 'completed', attempt: 2, attemptsUsed: 1 });
    const response = await fetch(`${base}/v1/tasks/${task.id}/attempts`);
    const { attempts } = (await response.json()) as { attempts: object[] };
    expect(attempts).toMatchObject([
      { attempt: 1, outcome: 'retryable', status: 500, responseBody: 'busy' },
      { attempt: 2, outcome: 'completed', status: 204 },
    ]);
  });

  it('keeps acknowledged tasks over a kill and ends what was running as lease-lost', async () => {
    let hangs = true;
    let arrived = (): void => undefined;
    const arrival = new Promise<void>((resolve) => (arrived = resolve));
    const url = await target((_, response) => {
      arrived();
      if (!hangs) response.end();
    });
    const killed = await reference();
    const running = await submit(killed.url, { target: url, taskName: 'greet' });
    const waiting = await submit(killed.url, { target: url, taskName: 'greet', delayMs: 60_000 });
    await arrival;
    await killed.kill();
    await expect(fetch(`${killed.url}/livez`)).rejects.toThrow('fetch failed');
    hangs = false;
    await killed.start();
    await expect
      .poll(async () => (await fetch(`${killed.url}/v1/tasks/${running.id}`)).json(), { interval: 5 })
      .toMatchObject({ state: 'completed', attempt: 2, attemptsUsed: 1 });
    const kept = await fetch(`${killed.url}/v1/tasks/${waiting.id}`);
    expect(await kept.json()).toMatchObject({ state: 'pending', attempt: 0 });
  });
});
