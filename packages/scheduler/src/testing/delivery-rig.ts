import type { Socket } from 'node:net';
import { createConnect } from '../delivery/connect.ts';
import { createDeliverer, type Deliverer } from '../delivery/deliver.ts';
import type { Delivered } from '../delivery/exchange.ts';
import type { DeliveryRequest } from '../delivery/request-of.ts';
import { startRawTarget, type RawTarget } from './raw-target.ts';
import { realClock } from './real-clock.ts';

/** A deliverer on real sockets, with one raw target. */
export interface DeliveryRig {
  readonly deliverer: Deliverer;
  /** Our ends of the connections. */
  readonly dialled: Socket[];
  /** Starts the target. */
  targetThat(answer: (socket: Socket, request: string, index: number) => void): Promise<RawTarget>;
  /** Delivers to a target that writes these bytes and then leaves the connection as it is. */
  deliverTo(bytes: string, timeoutMs?: number): Promise<Delivered>;
  /** Delivers once more to the target of this URL. */
  deliver(url: string, timeoutMs?: number, body?: string): Promise<Delivered>;
  close(): Promise<void>;
}

/** The deadline of an attempt unless the test says otherwise, in milliseconds: no load of the machine reaches it. */
export const DEADLINE_MS = 60_000;

/** The deadline of an attempt that is meant to be cut. */
export const SHORT_DEADLINE_MS = 150;

/** A rig that allows every address, resolves no names, and keeps at most 4 connections. */
export function createDeliveryRig(): DeliveryRig {
  const dialled: Socket[] = [];
  const targets: RawTarget[] = [];
  const connect = createConnect({
    lookup: () => Promise.reject(new Error('expected no name to be looked up')),
    checkAddress: () => ({ allowed: true }),
    clock: realClock,
  });
  const deliverer = createDeliverer({
    connect: async (url, signal) => {
      const socket = await connect(url, signal);
      dialled.push(socket);
      return socket;
    },
    clock: realClock,
    maxIdleConnections: 4,
  });
  const rig: DeliveryRig = {
    deliverer,
    dialled,
    async targetThat(answer) {
      const target = await startRawTarget(answer);
      targets.push(target);
      return target;
    },
    async deliverTo(bytes, timeoutMs) {
      const { url } = await rig.targetThat((socket) => socket.write(bytes, 'latin1'));
      return rig.deliver(url, timeoutMs);
    },
    deliver: (url, timeoutMs = DEADLINE_MS, body = '{}') =>
      deliverer.deliver(post(url, body), timeoutMs).done,
    async close() {
      deliverer.close();
      await Promise.all(targets.map((target) => target.close()));
    },
  };
  return rig;
}

/** A POST of some JSON. */
export function post(target: string, body = '{}'): DeliveryRequest {
  return { target, method: 'POST', headers: ['Content-Type', 'application/json'], body: Buffer.from(body) };
}

/** A whole response. */
export function response(status: number, body = '', headers = ''): string {
  return `HTTP/1.1 ${status} Whatever\r\n${headers}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}
