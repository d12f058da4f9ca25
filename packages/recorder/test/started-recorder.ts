import { parseTargetPolicy } from '@dispatchr/lifecycle';
import { onTestFinished } from 'vitest';
import { startRecorder } from '../src/recorder-server.ts';
import type { RecorderServerOptions } from '../src/recorder-server.ts';
import { FakeTaskStore } from './fake-task-store.ts';

export const TARGET = 'http://127.0.0.1:3000/tasks';
export const TASK = JSON.stringify({ target: TARGET, taskName: 'n' });
export const JSON_TYPE = { 'content-type': 'application/json' };

/** A recorder that listens, on a store in memory, until the test is over. */
export async function start(options: Partial<RecorderServerOptions> = {}) {
  const store = new FakeTaskStore();
  let ids = 0;
  const server = await startRecorder({
    store: store.asStore(),
    newId: () => `made-${(ids += 1)}`,
    now: () => 0,
    targetPolicy: parseTargetPolicy({ allow: [], listensOnLoopback: true }),
    port: 0,
    ...options,
  });
  let closed: Promise<void> | undefined;
  const close = () => (closed ??= server.close());
  onTestFinished(close);
  return { close, endConnections: () => server.endConnections(), store, url: server.url };
}

/** Submits a body as it is. */
export function submit(
  url: string,
  body: string | Buffer,
  headers: Record<string, string> = JSON_TYPE,
): Promise<Response> {
  return fetch(`${url}/v1/tasks`, { method: 'POST', headers, body: body as string });
}

/** Throws unless the server serves the next request, on a connection of its own. */
export async function expectStillServing(url: string): Promise<void> {
  const { status } = await submit(url, TASK);
  if (status !== 201) throw new Error(`expected the next submit to be answered with 201, got ${status}`);
}
