import type { Socket } from 'node:net';

/** One request that reached a target, as it came over the wire. */
export interface Delivery {
  /** 1 for the first that this target received. */
  readonly number: number;
  readonly method: string;
  /** The request target as it was sent, query included. */
  readonly path: string;
  readonly httpVersion: string;
  /** Every field in order, names and values as they were sent (ISO 8859-1). */
  readonly rawHeaders: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
  /** Milliseconds of `performance.now()` at which the first byte came. */
  readonly startedAtMs: number;
  /** Milliseconds of `performance.now()` at which the whole request had come. */
  readonly arrivedAtMs: number;
  /** Milliseconds of `Date.now()` at which the whole request had come. */
  readonly arrivedAtEpochMs: number;
  /** Number of the connection that it came over. */
  readonly connection: number;
  /** The value of a header, several fields joined by a comma; `undefined` if there is none. */
  header(name: string): string | undefined;
  /** How many fields of that name there are. */
  count(name: string): number;
  /** Resolves with `performance.now()` when the connection is gone, whoever closed it. */
  readonly closed: Promise<number>;
}

/** What an answer that is given by hand can do with the connection. */
export interface Wire {
  readonly socket: Socket;
  /** Writes bytes as they are; resolves when they are handed to the system, or at once if the peer is gone. */
  write(bytes: string | Buffer): Promise<void>;
  /** Closes the connection in order. */
  end(): void;
  /** Closes it with a TCP reset. */
  reset(): void;
}

/** An answer in parts; `Content-Length` is added unless `headers` frames the body itself. */
export interface AnswerParts {
  readonly status: number;
  readonly reason?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Buffer;
  /** Milliseconds to wait before the answer. */
  readonly afterMs?: number;
}

/** How a target answers one delivery: a status, parts, or a function that does it by hand. */
export type Answer = number | AnswerParts | AnswerByHand;

/** Writes the answer itself, or returns what is to be answered once it is known. */
export type AnswerByHand = (
  wire: Wire,
  delivery: Delivery,
) => void | number | AnswerParts | Promise<void | number | AnswerParts>;

/** Never answers, and keeps the connection open. */
export const hang: Answer = () => undefined;

/** Closes the connection with a TCP reset, without an answer. */
export const reset: Answer = (wire) => wire.reset();

/** Closes the connection in order, without an answer. */
export const close: Answer = (wire) => wire.end();

/** Answers bytes as they are, then closes the connection unless `keep` is set. */
export function raw(bytes: string | Buffer, options: { readonly keep?: boolean } = {}): Answer {
  return async (wire) => {
    await wire.write(bytes);
    if (options.keep !== true) wire.end();
  };
}
