import type { ErrorCode } from '@dispatchr/contract';
import { remember } from '@dispatchr/lifecycle';
import type { Dispatcher } from 'undici';
import type { Clock } from '../clock.ts';
import type { Connect } from './connect.ts';
import { createConnections, type Connection, type Connections } from './connections.ts';
import { errorCodeOf } from './error-code-of.ts';
import { Exchange, failed, type Delivered } from './exchange.ts';
import type { DeliveryRequest } from './request-of.ts';

/** One attempt that is under way. */
export interface Delivery {
  /** Resolves when the outcome is certain; never rejects. */
  readonly done: Promise<Delivered>;
  /** Breaks the attempt off; `done` then carries this code unless it was certain before. */
  abort(code: ErrorCode, message: string): void;
}

/** Sends attempts to their targets over kept-alive HTTP/1.1 connections. */
export interface Deliverer {
  /** Starts one attempt; `timeoutMs` is its absolute deadline for connect, request and status together. */
  deliver(request: DeliveryRequest, timeoutMs: number): Delivery;
  /** Breaks off every attempt and ends every connection. */
  close(): void;
}

/** What `createDeliverer` needs. */
export interface DelivererOptions {
  connect: Connect;
  clock: Clock;
  /** How many connections are kept idle, and how many are read on after their outcome is certain, at most. */
  maxIdleConnections: number;
}

/** A deliverer with its own connections: no redirects, no retries, no decompression. */
export function createDeliverer({ connect, clock, maxIdleConnections }: DelivererOptions): Deliverer {
  const connections = createConnections(connect, maxIdleConnections);
  const attempts = new Set<Attempt>();
  let draining = 0;
  const events: AttemptEvents = {
    reported(attempt) {
      draining += 1;
      if (draining > maxIdleConnections) attempt.abort('released', 'too many responses are still being read');
    },
    ended(attempt) {
      draining -= 1;
      attempts.delete(attempt);
    },
  };
  return {
    deliver(request, timeoutMs) {
      const attempt = new Attempt(request, timeoutMs, clock, connections, events);
      attempts.add(attempt);
      attempt.start();
      return attempt;
    },
    close() {
      for (const attempt of attempts) attempt.abort('released', 'the scheduler is closed');
      connections.close();
    },
  };
}

/** What an attempt tells the deliverer: once that its outcome is certain, and once after it that its connection is free. */
interface AttemptEvents {
  reported(attempt: Attempt): void;
  ended(attempt: Attempt): void;
}

/** Walks one request through dial, send and answer under one deadline. */
class Attempt implements Delivery {
  readonly done: Promise<Delivered>;
  readonly #request: DeliveryRequest;
  readonly #timeoutMs: number;
  readonly #clock: Clock;
  readonly #connections: Connections;
  readonly #events: AttemptEvents;
  readonly #deadlineMs: number;
  #resolve: (result: Delivered) => void = () => {};
  #cancelDeadline = (): void => {};
  #dial: AbortController | undefined;
  #exchange: Exchange | undefined;
  #reported = false;
  #ended = false;

  constructor(
    request: DeliveryRequest,
    timeoutMs: number,
    clock: Clock,
    connections: Connections,
    events: AttemptEvents,
  ) {
    this.#request = request;
    this.#timeoutMs = timeoutMs;
    this.#clock = clock;
    this.#connections = connections;
    this.#events = events;
    this.#deadlineMs = clock.monotonicMs() + timeoutMs;
    this.done = new Promise((resolve) => (this.#resolve = resolve));
  }

  start(): void {
    this.#cancelDeadline = this.#clock.timer(this.#timeoutMs, () => this.#onDeadline());
    const target = targetOf(this.#request.target);
    if (target === undefined) {
      this.abort('invalid-request', 'expected a target with an absolute URL');
      return;
    }
    const idle = this.#connections.takeIdle(target.origin);
    if (idle === undefined) void this.#dialAndSend(target);
    // An idle connection that turns out closed before a byte was written costs nothing but a new one.
    else this.#send(target, idle, () => void this.#dialAndSend(target));
  }

  abort(code: ErrorCode, message: string): void {
    this.#dial?.abort();
    if (this.#exchange !== undefined) {
      this.#exchange.giveUp(code, message);
      return;
    }
    this.#report(failed(code, message));
    this.#end();
  }

  /** After a stall timers come first; an answer that arrived in time may still lie in the socket's buffer. */
  #onDeadline(): void {
    const expire = (): void => {
      if (!this.#reported) this.abort('timeout', `no status within ${this.#timeoutMs} ms`);
    };
    if (this.#clock.afterInput === undefined) expire();
    else this.#clock.afterInput(expire);
  }

  async #dialAndSend(target: Target): Promise<void> {
    this.#exchange = undefined;
    this.#dial = new AbortController();
    try {
      const connection = await this.#connections.open(target.url, this.#dial.signal);
      if (this.#ended) this.#connections.giveBack(connection);
      else this.#send(target, connection, (error) => this.abort(errorCodeOf(error), error.message));
    } catch (error) {
      const cause = error instanceof Error ? error : new Error(String(error));
      this.abort(errorCodeOf(cause), cause.message);
    }
  }

  #send(target: Target, connection: Connection, onUnsent: (error: Error) => void): void {
    const exchange = new Exchange(this.#clock, this.#deadlineMs, {
      delivered: (result) => this.#report(result),
      ended: (reusable) => {
        connection.exchange = undefined;
        this.#finishWith(connection, reusable);
      },
      unsent: (error) => {
        this.#connections.discard(connection);
        this.#exchange = undefined;
        onUnsent(error);
      },
    });
    this.#exchange = exchange;
    connection.exchange = exchange;
    connection.client.dispatch(dispatchOptions(this.#request, target), exchange);
  }

  #finishWith(connection: Connection, reusable: boolean): void {
    if (reusable) this.#connections.giveBack(connection);
    else this.#connections.discard(connection);
    this.#end();
  }

  #report(result: Delivered): void {
    if (this.#reported) return;
    this.#reported = true;
    this.#cancelDeadline();
    this.#resolve(result);
    this.#events.reported(this);
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#events.ended(this);
  }
}

function dispatchOptions(request: DeliveryRequest, { path }: Target): Dispatcher.DispatchOptions {
  return {
    method: request.method,
    path,
    headers: request.headers,
    body: request.body,
  };
}

/** A target as it is dialled and asked for. */
interface Target {
  readonly url: URL;
  readonly origin: string;
  readonly path: string;
}

/** Reads a target; undefined for what is no absolute URL. */
const targetOf = remember((target: string): Target | undefined => {
  if (!URL.canParse(target)) return undefined;
  const url = new URL(target);
  return { url, origin: url.origin, path: requestTarget(url) };
});

/** Cut out of the whole URL, because `search` does not tell an empty query from none. Spec: POL-023. */
function requestTarget({ href, protocol, hash }: URL): string {
  const path = href.indexOf('/', protocol.length + '//'.length);
  return href.slice(path, href.length - hash.length);
}
