import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Attempt, Task } from '@dispatchr/contract';
import { startServiceProcess } from '@dispatchr/testkit';
import { ADDRESSES, NAMES } from './network-of-its-own.ts';

/**
 * Runs inside the network of its own, where somebody listens on every address: delivers to all names and addresses,
 * and prints what became of it as one line of JSON, the `Findings`.
 */
export interface Findings {
  /** By host of the target. */
  outcomes: Record<string, Outcome>;
  /** How many connections each address saw. */
  connections: Record<string, number>;
}

/** How the submit was answered and, if it was accepted, how the task ended and why. */
export interface Outcome {
  submit: number;
  state?: string;
  errorCodes?: (string | undefined)[];
}

const PORT = 8080;
const TOKEN = 'only-for-this-test';
const ALL_ADDRESSES = ['127.0.0.1', '::1', ...Object.values(ADDRESSES)];
const HOSTS = [
  ...Object.keys(NAMES),
  'localhost',
  ...ALL_ADDRESSES.map((address) => (address.includes(':') ? `[${address}]` : address)),
  // The first private and the first loopback address again, spelt in other ways.
  '0x0a010203',
  '167838211',
  '127.1',
  '[::ffff:10.1.2.3]',
];

const folder = mkdtempSync(join(tmpdir(), 'dispatchr-forbidden-'));
try {
  const connections = await listenEverywhere();
  const submitted = await submitToAll();
  const outcomes = await deliverAll(submitted);
  console.log(JSON.stringify({ outcomes, connections: Object.fromEntries(connections) }));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit();

async function listenEverywhere(): Promise<Map<string, number>> {
  const connections = new Map(ALL_ADDRESSES.map((address) => [address, 0]));
  for (const address of ALL_ADDRESSES) {
    const server = createServer((socket) => {
      connections.set(address, (connections.get(address) ?? 0) + 1);
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'));
    });
    server.listen(PORT, address);
    await once(server, 'listening');
  }
  return connections;
}

/** A service for this machine alone accepts private targets; the tasks are not due before it has ended. */
async function submitToAll(): Promise<Map<string, { status: number; id?: string }>> {
  const service = await startServiceProcess(['serve', '--port', '0', '--data-dir', folder]);
  const submitted = new Map<string, { status: number; id?: string }>();
  for (const host of HOSTS) {
    const task = { target: `http://${host}:${PORT}/hook`, taskName: 'n', delayMs: 3_600_000 };
    const response = await call(`${service.url}/v1/tasks`, task);
    const { id } = (await response.json()) as Partial<Task>;
    submitted.set(host, {
      status: response.status,
      ...(response.status === 201 && id !== undefined && { id }),
    });
  }
  await service.end('SIGTERM');
  return submitted;
}

/** The same database under a service for others, which may deliver to one private address only. */
async function deliverAll(
  submitted: ReadonlyMap<string, { status: number; id?: string }>,
): Promise<Record<string, Outcome>> {
  const words = ['serve', '--host', '0.0.0.0', '--port', '0', '--data-dir', folder];
  const service = await startServiceProcess([...words, '--target-allow', ADDRESSES.allowed], {
    DISPATCHR_TOKEN: TOKEN,
  });
  const tasks = `http://127.0.0.1:${new URL(service.url).port}/v1/tasks`;
  const outcomes: Record<string, Outcome> = {};
  for (const [host, { status, id }] of submitted) {
    outcomes[host] = { submit: status };
    if (id === undefined) continue;
    await call(`${tasks}/${id}/run`, {});
    let task = await read<Task>(`${tasks}/${id}`);
    while (!['completed', 'failed'].includes(task.state)) task = await read<Task>(`${tasks}/${id}`);
    const { attempts } = await read<{ attempts: Attempt[] }>(`${tasks}/${id}/attempts`);
    outcomes[host] = {
      submit: status,
      state: task.state,
      errorCodes: attempts.map(({ errorCode }) => errorCode),
    };
  }
  await service.end('SIGTERM');
  return outcomes;
}

function call(url: string, body: object): Promise<Response> {
  const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };
  return fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
}

async function read<T>(url: string): Promise<T> {
  const response = await fetch(url, { headers: { authorization: `Bearer ${TOKEN}` } });
  return (await response.json()) as T;
}
