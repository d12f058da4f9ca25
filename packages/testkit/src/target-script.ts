import type { IncomingHttpHeaders, OutgoingHttpHeaders, ServerResponse } from 'node:http';

/** A request as a scripted target received it. */
export interface RecordedRequest {
  readonly method: string;
  /** Path and query as sent. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: IncomingHttpHeaders;
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  /** Monotonic milliseconds when the head of the request had arrived. */
  readonly receivedAt: number;
  /** Resolves when the client ends the connection before the answer is complete; pending otherwise. */
  readonly disconnected: Promise<void>;
}

/** A response that a script sends, `delayMs` after the request's body has arrived (default: at once). */
export interface ScriptedResponse {
  readonly status: number;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Buffer;
  readonly delayMs?: number;
}

/** What a target does with a request: respond, never answer, or reset the connection. */
export type ScriptedAnswer = ScriptedResponse | 'hang' | 'reset';

/** Decides when the request is there; returning nothing means that it wrote to `response` itself. */
export type ScriptedDecision = (
  request: RecordedRequest,
  response: ServerResponse,
) => ScriptedAnswer | undefined | void | Promise<ScriptedAnswer | undefined | void>;

/** One entry of a script. */
export type ScriptEntry = ScriptedAnswer | ScriptedDecision;
