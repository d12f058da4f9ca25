import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, AnswerParts, Delivery, Wire } from './delivery.ts';
import { type ReadRequest, readRequest } from './read-request.ts';
import type { Target } from './target.ts';

interface Host {
  findTarget(path: string): Target | undefined;
  onDelivery(delivery: Delivery, target: Target | undefined): void;
}

/** Reads requests from a connection, one after the other, and answers each as its target's script says. */
export function serveConnection(socket: Socket, connection: number, host: Host): void {
  const closed = new Promise<number>((resolve) => {
    socket.once('close', () => resolve(performance.now()));
  });
  const wire = wireOf(socket);
  let bytes: Buffer = Buffer.alloc(0);
  let startedAtMs: number | undefined;
  let busy = false;
  const read = async (): Promise<void> => {
    if (busy || bytes.length === 0) return;
    const request = readOrAnswer400(bytes, wire);
    if (request === 'incomplete') return;
    busy = true;
    bytes = bytes.subarray(request.length);
    const target = host.findTarget(request.path);
    const number = (target?.deliveries.length ?? 0) + 1;
    const delivery = deliveryOf(request, { number, connection, closed, startedAtMs });
    startedAtMs = undefined;
    target?.add(delivery);
    host.onDelivery(delivery, target);
    await answer(target?.answerTo(number) ?? 404, wire, delivery);
    busy = false;
    await read();
  };
  socket.on('data', (chunk: Buffer) => {
    startedAtMs ??= performance.now();
    bytes = Buffer.concat([bytes, chunk]);
    void read();
  });
}

function readOrAnswer400(bytes: Buffer, wire: Wire): ReadRequest | 'incomplete' {
  try {
    return readRequest(bytes);
  } catch {
    void wire.write('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
    wire.end();
    return 'incomplete';
  }
}

interface Circumstances {
  readonly number: number;
  readonly connection: number;
  readonly closed: Promise<number>;
  readonly startedAtMs: number | undefined;
}

function deliveryOf(
  request: ReadRequest,
  { number, connection, closed, startedAtMs }: Circumstances,
): Delivery {
  const arrivedAtMs = performance.now();
  const valuesOf = (wanted: string): string[] =>
    request.rawHeaders
      .filter(([name]) => name.toLowerCase() === wanted.toLowerCase())
      .map(([, value]) => value);
  return {
    number,
    method: request.method,
    path: request.path,
    httpVersion: request.httpVersion,
    rawHeaders: request.rawHeaders,
    body: Buffer.from(request.body),
    startedAtMs: startedAtMs ?? arrivedAtMs,
    arrivedAtMs,
    arrivedAtEpochMs: Date.now(),
    connection,
    header: (name) => (valuesOf(name).length === 0 ? undefined : valuesOf(name).join(', ')),
    count: (name) => valuesOf(name).length,
    closed,
  };
}

function wireOf(socket: Socket): Wire {
  return {
    socket,
    write: (bytes) =>
      new Promise((resolve) => {
        if (!socket.writable) resolve();
        else socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes, () => resolve());
      }),
    end: () => void socket.end(),
    reset: () => void socket.resetAndDestroy(),
  };
}

async function answer(given: Answer, wire: Wire, delivery: Delivery): Promise<void> {
  const found = typeof given === 'function' ? await given(wire, delivery) : given;
  if (found === undefined) return;
  const parts = typeof found === 'number' ? { status: found } : found;
  if (parts.afterMs !== undefined) await sleep(parts.afterMs);
  await wire.write(bytesOf(parts, delivery.method === 'HEAD'));
}

function bytesOf(
  { status, reason = 'Answer', headers = {}, body = '' }: AnswerParts,
  withoutBody: boolean,
): Buffer {
  const fields = Object.entries(headers).flatMap(([name, values]) =>
    [values].flat().map((value) => [name, value] as const),
  );
  const framed = fields.some(([name]) => /^(content-length|transfer-encoding)$/i.test(name));
  const bodiless = status === 204 || status === 304;
  if (!framed && !bodiless) fields.push(['Content-Length', String(Buffer.byteLength(body))]);
  const head = [
    `HTTP/1.1 ${status} ${reason}`,
    ...fields.map(([name, value]) => `${name}: ${value}`),
    '',
    '',
  ];
  const content = withoutBody || bodiless ? Buffer.alloc(0) : Buffer.from(body);
  return Buffer.concat([Buffer.from(head.join('\r\n'), 'latin1'), content]);
}
