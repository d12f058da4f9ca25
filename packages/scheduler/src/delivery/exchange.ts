import type { IncomingHttpHeaders } from 'node:http';
import type { ErrorCode } from '@dispatchr/contract';
import type { Answer } from '@dispatchr/lifecycle';
import type { Dispatcher } from 'undici';
import type { Clock } from '../clock.ts';
import { errorCodeOf } from './error-code-of.ts';
import { MAX_RECORDED_BODY_BYTES, MAX_RECORDED_MESSAGE_BYTES, recordedText } from './recorded-text.ts';

/** What became of one attempt to deliver, for the decision and for its record. */
export interface Delivered {
  answer: Answer;
  status?: number;
  errorCode?: ErrorCode;
  errorMessage?: string;
  /** At most 4 KiB, of answers that are not 2xx. */
  responseBody?: string;
}

/** How much of a response is read at most, in bytes; past it the connection is worth less than the reading. */
export const MAX_BODY_BYTES = 16 * 1024;

/** How much of interim responses (1xx) is read at most, in bytes: a flood of them would busy the whole process. */
export const MAX_INTERIM_BYTES = 256 * 1024;

/** How long a response's body may take at most, in milliseconds. */
export const MAX_BODY_MS = 1000;

/** What an exchange tells its owner; `ended` comes once, and `delivered` once before it or with it. */
export interface ExchangeEvents {
  delivered(result: Delivered): void;
  /** The connection is free again, or of no further use. */
  ended(reusable: boolean): void;
  /** The connection failed before anything of the request was written. */
  unsent(error: Error): void;
}

/**
 * One request and its response: a handler for undici that reports as soon as the outcome is certain and reads the
 * rest of the body, within bounds, only to keep the connection.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #clock: Clock;
  readonly #deadlineMs: number;
  readonly #events: ExchangeEvents;
  readonly #body: Buffer[] = [];
  #bodyBytes = 0;
  #bytesBefore: number | undefined;
  #bytesBeforeBody = 0;
  #started = false;
  #answer: (Answer & { kind: 'response' }) | undefined;
  #delivered = false;
  #ended = false;
  #cancelBodyTimer = (): void => {};

  constructor(clock: Clock, deadlineMs: number, events: ExchangeEvents) {
    this.#clock = clock;
    this.#deadlineMs = deadlineMs;
    this.#events = events;
  }

  /** Ends the exchange from outside; what was not reported yet is reported as `code`. */
  giveUp(code: ErrorCode, message: string): void {
    this.#report(this.#answer === undefined ? failed(code, message) : this.#answered());
    this.#end(false);
  }

  /**
   * Hears how many bytes the connection has read in its life, before they are parsed: chunk sizes, their extensions
   * and trailers are no data, and without end all the same.
   */
  onBytesRead(bytesRead: number): void {
    this.#bytesBefore ??= bytesRead;
    if (this.#answer !== undefined) {
      if (bytesRead - this.#bytesBeforeBody > MAX_BODY_BYTES) this.#cutBody();
      return;
    }
    this.#bytesBeforeBody = bytesRead;
    if (bytesRead - this.#bytesBefore > MAX_INTERIM_BYTES) {
      this.giveUp('response-too-large', `expected an answer, got ${MAX_INTERIM_BYTES} bytes of interim ones`);
    }
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // A second start would send the request again within one attempt.
    if (this.#started || this.#ended) controller.abort(new Error('the attempt is over'));
    this.#started = true;
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
  ): void {
    if (status < 200 || this.#ended) return;
    this.#answer = responseAnswer(status, headers);
    // What has no body has ended with its headers.
    if (status !== 204 && headers['content-length'] !== '0') this.#boundBody();
    if (isSuccess(status)) this.#report(this.#answered());
  }

  #boundBody(): void {
    const remainingMs = this.#deadlineMs - this.#clock.monotonicMs();
    const bodyMs = Math.max(0, Math.min(MAX_BODY_MS, remainingMs));
    this.#cancelBodyTimer = this.#clock.timer(bodyMs, () => this.#cutBody());
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#ended || this.#answer === undefined) return;
    if (!isSuccess(this.#answer.status) && this.#bodyBytes < MAX_RECORDED_BODY_BYTES) {
      this.#body.push(Buffer.from(chunk.subarray(0, MAX_RECORDED_BODY_BYTES - this.#bodyBytes)));
    }
    this.#bodyBytes += chunk.length;
    // Not for each piece again: of a body in pieces of one byte there are thousands.
    if (this.#bodyBytes >= MAX_RECORDED_BODY_BYTES && !this.#delivered) this.#report(this.#answered());
    if (this.#bodyBytes > MAX_BODY_BYTES) this.#cutBody();
  }

  onResponseEnd(): void {
    this.#report(this.#answered());
    this.#end(true);
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    if (this.#ended) return;
    const code = errorCodeOf(error);
    if (!this.#started && code !== 'invalid-request') {
      this.#ended = true;
      this.#events.unsent(error);
      return;
    }
    // A body that breaks off changes nothing about the status that came before it.
    this.giveUp(code, error.message);
  }

  #cutBody(): void {
    this.#report(this.#answered());
    this.#end(false);
  }

  #answered(): Delivered {
    const answer = this.#answer;
    if (answer === undefined) return failed('not-http', 'the response ended without a status');
    if (this.#body.length === 0) return { answer, status: answer.status };
    const responseBody = recordedText(Buffer.concat(this.#body), MAX_RECORDED_BODY_BYTES);
    return { answer, status: answer.status, responseBody };
  }

  #report(result: Delivered): void {
    if (this.#delivered) return;
    this.#delivered = true;
    this.#events.delivered(result);
  }

  #end(reusable: boolean): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#cancelBodyTimer();
    this.#events.ended(reusable);
  }
}

/** The record of an attempt that got no status. */
export function failed(errorCode: ErrorCode, message: string): Delivered {
  const errorMessage = recordedText(Buffer.from(message), MAX_RECORDED_MESSAGE_BYTES);
  return { answer: { kind: 'error', code: errorCode }, errorCode, errorMessage };
}

function responseAnswer(status: number, headers: IncomingHttpHeaders): Answer & { kind: 'response' } {
  const dispatchrRetry = firstOf(headers['dispatchr-retry']);
  const retryAfter = firstOf(headers['retry-after']);
  const date = firstOf(headers['date']);
  return {
    kind: 'response',
    status,
    ...(dispatchrRetry === undefined ? {} : { dispatchrRetry }),
    ...(retryAfter === undefined ? {} : { retryAfter }),
    ...(date === undefined ? {} : { date }),
  };
}

function firstOf(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}
