import { PROBLEMS } from '@dispatchr/contract';
import type { Problem, ProblemError, ProblemName } from '@dispatchr/contract';
import { DatabaseUnavailableError } from '@dispatchr/store';
import { MalformedJsonError, TooManyValuesError } from './json/malformed-json-error.ts';
import { shorten } from './validation/show.ts';

/** An answer that carries a problem of the catalogue, with the headers the specification asks for. */
export interface ProblemAnswer<Name extends ProblemName = ProblemName> {
  status: (typeof PROBLEMS)[Name]['status'];
  headers: HeadersByStatus[(typeof PROBLEMS)[Name]['status']];
  body: Problem;
}

/** What a problem says beyond its entry in the catalogue. */
export type ProblemDetails = Omit<Problem, 'type' | 'title' | 'status'>;

type RequiredHeaders = {
  401: { 'WWW-Authenticate': string };
  405: { Allow: string };
  503: { 'Retry-After': number };
};

type HeadersByStatus = {
  [Status in (typeof PROBLEMS)[ProblemName]['status']]: Status extends keyof RequiredHeaders
    ? RequiredHeaders[Status]
    : Record<string, never>;
};

/** The Content-Type of every problem; Fastify adds the charset to texts by itself, but not to streams. */
export const PROBLEM_CONTENT_TYPE = 'application/problem+json; charset=utf-8';

/** Seconds after which a producer may try again while the database is away. */
export const RETRY_AFTER_SECONDS = 1;

/** A problem of the catalogue that needs no header. */
export function problem<
  Name extends Exclude<ProblemName, 'unauthorized' | 'method-not-allowed' | 'database-unavailable'>,
>(name: Name, details: ProblemDetails = {}): ProblemAnswer<Name> {
  return {
    status: PROBLEMS[name].status,
    headers: {},
    body: problemBody(name, details),
  };
}

/** 400 `invalid-request`: everything that was found wrong. */
export function invalidRequest(errors: ProblemError[]): ProblemAnswer<'invalid-request'> {
  const [first] = errors;
  const where = first?.parameter ?? (first?.pointer || 'the body');
  const detail = errors.length === 1 ? `${where}: ${first?.detail}` : `${errors.length} places are not valid`;
  return problem('invalid-request', { detail, errors });
}

/** 401 `unauthorized`; `challenge` is the value of WWW-Authenticate. */
export function unauthorized(challenge: string, detail: string): ProblemAnswer<'unauthorized'> {
  return {
    status: 401,
    headers: { 'WWW-Authenticate': challenge },
    body: problemBody('unauthorized', { detail }),
  };
}

/** 405 `method-not-allowed`, with the methods the path does have. */
export function methodNotAllowed(
  method: string,
  allowed: readonly string[],
): ProblemAnswer<'method-not-allowed'> {
  const allow = allowed.join(', ');
  const detail = `expected ${allow}, got ${method}`;
  return { status: 405, headers: { Allow: allow }, body: problemBody('method-not-allowed', { detail }) };
}

/** 415 with the option of curl that most often is what is missing. */
export function unsupportedMediaType(got: string | undefined): ProblemAnswer<'unsupported-media-type'> {
  const found = got === undefined ? 'none' : `"${got.slice(0, 100)}"`;
  return problem('unsupported-media-type', {
    detail: `expected Content-Type: application/json, got ${found}; with curl: -H 'Content-Type: application/json'`,
  });
}

/** Thrown for a body of any media type but JSON. */
export class UnsupportedMediaTypeError extends Error {
  override readonly name = 'UnsupportedMediaTypeError';
}

/** What a problem needs to know of the request it answers. */
export interface FailedRequest {
  /** Path and query. */
  url: string;
  /** The value of Content-Type. */
  contentType: string | undefined;
  /** Bytes the route accepts. */
  bodyLimit: number;
  /** The path under which the recorder is mounted; empty at the root. */
  prefix: string;
}

/** The problem for anything that was thrown while a request was read or handled; a cause never shows in it. */
export function problemOfError(error: unknown, request: FailedRequest): ProblemAnswer {
  if (error instanceof MalformedJsonError) return problem('malformed-json', { detail: error.message });
  if (error instanceof TooManyValuesError) {
    return invalidRequest([{ pointer: error.pointer, detail: error.message }]);
  }
  if (error instanceof UnsupportedMediaTypeError) return unsupportedMediaType(request.contentType);
  if (error instanceof DatabaseUnavailableError) return databaseUnavailable();
  switch (codeOf(error)) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return payloadTooLarge(request.bodyLimit);
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
    case 'FST_ERR_CTP_EMPTY_TYPE':
      return unsupportedMediaType(request.contentType);
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
    case 'ECONNRESET':
      return invalidRequest([
        { parameter: 'Content-Length', detail: 'expected as many bytes as announced, got fewer' },
      ]);
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return parameterTooLong(request);
    case 'FST_ERR_BAD_URL':
    case 'FST_ERR_NOT_FOUND':
      return routeNotFound(request.url, request.prefix);
    default:
      return problem('internal', { detail: 'the cause is in the log of the recorder' });
  }
}

/** The router refuses a part of the path that is too long before the operation could. */
function parameterTooLong({ url, prefix }: FailedRequest): ProblemAnswer {
  const path = url.slice(prefix.length);
  if (/^\/v1\/queues\/[^/]{1,128}\/flow-keys\//.test(path)) {
    const detail = 'expected 1 to 512 characters, none of them a control character, got more';
    return invalidRequest([{ parameter: 'flowKey', detail }]);
  }
  if (path.startsWith('/v1/queues/'))
    return problem('queue-not-found', { detail: 'expected the name of a queue, got one that is too long' });
  if (path.startsWith('/v1/schedules/'))
    return problem('schedule-not-found', {
      detail: 'expected the name of a schedule, got one that is too long',
    });
  return problem('task-not-found', { detail: 'expected the id of a task, got one that is too long' });
}

/** 404 `route-not-found`, with where the paths there are can be read. */
export function routeNotFound(url: string, prefix: string): ProblemAnswer<'route-not-found'> {
  const path = shorten(url.split('?', 1)[0] ?? '');
  return problem('route-not-found', {
    detail: `expected a path of the Recorder API, got ${path}; see GET ${prefix}/docs`,
  });
}

/** 413 `payload-too-large`; `limitBytes` is what is accepted. */
export function payloadTooLarge(limitBytes: number, what = 'the body'): ProblemAnswer<'payload-too-large'> {
  return problem('payload-too-large', {
    detail: `expected at most ${limitBytes} bytes in ${what}, got more`,
    limitBytes,
  });
}

/** 503 `database-unavailable`. */
export function databaseUnavailable(): ProblemAnswer<'database-unavailable'> {
  const detail = 'nothing was recorded or changed as far as is known; try again';
  return {
    status: 503,
    headers: { 'Retry-After': RETRY_AFTER_SECONDS },
    body: problemBody('database-unavailable', { detail }),
  };
}

/** An error's `code`, if it has one. */
export function codeOf(error: unknown): string | undefined {
  const code: unknown =
    typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

function problemBody(name: ProblemName, details: ProblemDetails): Problem {
  const { type, title, status } = PROBLEMS[name];
  return { type, title, status, ...details };
}
