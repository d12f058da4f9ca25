import type { ResolvedOptions } from '../client-options.ts';
import type { Environment } from '../environment.ts';
import { DispatchrError } from '../errors/dispatchr-error.ts';
import { DispatchrUnreachableError } from '../errors/dispatchr-unreachable-error.ts';
import { problemOfAnswer } from '../errors/problem-of-answer.ts';
import { repeat } from './repeat.ts';
import type { Try } from './repeat.ts';
import { retryAfterMs } from './retry-after.ts';
import { withDeadline } from './with-deadline.ts';

/** Answers that say "later", whether the recorder gives them or a gateway in front of it. */
const LATER = [429, 502, 503, 504];

/** One operation on a recorder. */
export interface Call {
  /** Method and path, for errors. */
  request: string;
  /** Whether doing it twice is the same as doing it once. */
  repeatable: boolean;
  signal: AbortSignal | undefined;
  /** How long the recorder was asked to wait with its answer, in milliseconds. */
  waitMs?: number;
  /** Sends the request. `elapsedMs` is the time since the first try began. */
  send(signal: AbortSignal, elapsedMs: number): Promise<Answer>;
}

/**
 * What openapi-fetch makes of an answer. Its type of the data is not used: it takes the open enumerations of the contract,
 * `string & {}`, for objects.
 */
export interface Answer {
  data?: unknown;
  error?: unknown;
  response: Response;
}

/**
 * Makes a call, repeated where that is safe, with every failure as one of the two errors of this package.
 * `Data` is what the contract says of the operation's success.
 */
export type MakeCall = <Data>(call: Call) => Promise<Data>;

/** Makes calls with these options. */
export function createCalls(options: ResolvedOptions, environment: Environment): MakeCall {
  return <Data>(call: Call) => {
    const { waitMs = 0, signal } = call;
    const maxDurationMs = options.retry.maxDurationMs + waitMs;
    const maxTries = call.repeatable ? options.retry.maxTries : 1;
    return repeat(
      { environment, retry: { ...options.retry, maxTries, maxDurationMs }, signal },
      (tries, ms) => tryOnce<Data>(call, options, environment, tries, ms),
    );
  };
}

async function tryOnce<Data>(
  call: Call,
  { url, timeoutMs }: ResolvedOptions,
  environment: Environment,
  tries: number,
  elapsedMs: number,
): Promise<Try<Data>> {
  try {
    const deadlineMs = timeoutMs + (call.waitMs ?? 0);
    const answer = await withDeadline(environment, deadlineMs, call.signal, (signal) =>
      call.send(signal, elapsedMs),
    );
    return judge<Data>(call, answer, environment.epochMs());
  } catch (error) {
    if (error instanceof DispatchrError) throw error;
    call.signal?.throwIfAborted();
    return {
      done: false,
      error: new DispatchrUnreachableError(url, call.request, tries, error),
      waitMs: 0,
    };
  }
}

function judge<Data>({ request }: Call, { data, error, response }: Answer, now: number): Try<Data> {
  if (response.ok) return { done: true, result: data as Data };
  const failure = new DispatchrError(request, problemOfAnswer(response, error));
  if (!LATER.includes(response.status)) throw failure;
  return { done: false, error: failure, waitMs: retryAfterMs(response.headers, now) };
}
