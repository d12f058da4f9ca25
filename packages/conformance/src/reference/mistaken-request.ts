import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { gunzipSync } from 'node:zlib';
import type { MutantId } from '../selftest/mutants/index.ts';
import { type JsonNode, readJson } from './json-reader.ts';
import { invalidRequest, Problem, type ProblemError } from './problems.ts';
import type { Answer } from './response.ts';
import type { Route } from './routes.ts';

type Mutants = ReadonlySet<MutantId>;

/** Whether a mutant takes the media type of a request for that of JSON; `undefined` if none has a say. */
export function mistakenMediaType(
  { headers, method, url = '' }: IncomingMessage,
  mutants: Mutants,
): boolean | undefined {
  const type = headers['content-type'];
  const isOperation = method === 'DELETE' || /\/(cancel|run|retry)$/.test(url);
  if (/;/.test(type ?? '') && mutants.has('charset-refused')) return false;
  if (type === undefined && mutants.has('missing-media-type-accepted')) return true;
  if (/json/i.test(type ?? '') && mutants.has('json-like-types-accepted')) return true;
  if (isOperation && mutants.has('operations-take-any-media-type')) return true;
  return headers['content-encoding'] === 'gzip' && mutants.has('gzip-decompressed') ? true : undefined;
}

/** The bytes that a mutant reads instead of a body. */
export function mistakenBody(body: Buffer, { headers }: IncomingMessage, mutants: Mutants): Buffer {
  return headers['content-encoding'] === 'gzip' && mutants.has('gzip-decompressed') ? gunzipSync(body) : body;
}

/** The limit that a mutant holds a body to. */
export function mistakenLimit(
  limitBytes: number,
  route: Route,
  { headers }: IncomingMessage,
  mutants: Mutants,
): number {
  const isBatch = route.name === 'submitTaskBatch';
  if (mutants.has('body-limit-ignored')) return Infinity;
  if (headers['content-length'] === undefined && mutants.has('chunked-body-unlimited')) return Infinity;
  if (route.body === 'optional' && mutants.has('operation-bodies-unlimited')) return Infinity;
  if (!isBatch && mutants.has('body-counted-in-characters')) return 3 * limitBytes;
  return !isBatch && mutants.has('body-limit-exclusive') ? limitBytes - 1 : limitBytes;
}

/** Reads a body as mutants of an operation do; `undefined` if it counts as none. */
export function readMistaken(
  body: Buffer,
  route: Route,
  mutants: Mutants,
): ReturnType<typeof readJson> | undefined {
  if (body.length === 0) {
    const isBatch = route.name === 'submitTaskBatch' && mutants.has('missing-batch-is-empty');
    if (route.body === 'required' && mutants.has('missing-body-is-malformed'))
      throw new Problem('malformed-json', 'expected JSON, got the end at character 0');
    return isBatch ? readJson(Buffer.from('{"tasks":[]}'), mutants) : undefined;
  }
  try {
    return readJson(body, mutants);
  } catch (error) {
    if (route.name === 'submitTaskBatch' && mutants.has('malformed-batch-is-invalid'))
      throw invalidRequest([{ pointer: '', detail: 'expected JSON, got another text' }]);
    if (route.body === 'optional' && mutants.has('operation-bodies-unread')) return undefined;
    throw error;
  }
}

/** What a mutant has against the body of an operation on a task. */
export function faultsOfOperation(
  root: JsonNode,
  { name }: Route,
  mutants: Mutants,
): readonly ProblemError[] {
  const isEmpty = root.kind === 'object' && root.members.size === 0;
  const isRefused =
    (name === 'runTask' && mutants.has('run-refuses-empty-object')) ||
    (name === 'deleteTask' && mutants.has('delete-refuses-empty-object'));
  return isEmpty && isRefused ? [{ pointer: '', detail: 'expected no body, got {}' }] : [];
}

/** What a mutant answers without looking any further. */
export function mistakenAnswer(
  { method, headers }: IncomingMessage,
  answer: Answer,
  mutants: Mutants,
): Answer {
  if (method === 'OPTIONS' && mutants.has('options-answered-204')) return { status: 204 };
  if (method === 'HEAD' && mutants.has('head-answers-200')) return { ...answer, status: 200 };
  const isForeign = headers.authorization !== undefined && !/^bearer /i.test(headers.authorization);
  if (!isForeign || !mutants.has('other-schemes-refused')) return answer;
  return { status: 401, headers: { 'WWW-Authenticate': 'Bearer' } };
}

const STRAY = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 12\r\n\r\n{"tasks":[]}';

/** What a mutant makes of connections: requests that are answered too often, or wrongly. */
export class MistakenConnections {
  readonly #mutants: Mutants;
  readonly #atWork = new WeakSet<object>();
  #isBroken = false;

  constructor(mutants: Mutants) {
    this.#mutants = mutants;
  }

  /** A request has begun; throws if a mutant has broken down before it. */
  begin({ socket }: IncomingMessage): void {
    this.#atWork.add(socket);
    const wasBroken = this.#isBroken;
    this.#isBroken = false;
    if (wasBroken) throw new Error('broken down');
  }

  /** A request was answered. */
  end({ socket, headers }: IncomingMessage, { status }: Answer): void {
    this.#atWork.delete(socket);
    // The suite's own client sends `Connection`; only what is written by hand comes without.
    const isRaw = headers.connection === undefined;
    if (status === 415 && isRaw && this.#mutants.has('refused-body-read-as-request')) socket.write(STRAY);
  }

  /** What a mutant answers instead of refusing a request that cannot be read; `undefined` if it refuses. */
  refusal(code: string | undefined, socket: Socket): string | undefined {
    const isSlow = code === 'ERR_HTTP_REQUEST_TIMEOUT';
    if (!isSlow && this.#mutants.has('broken-http-breaks-next')) this.#isBroken = true;
    if (!isSlow) return undefined;
    if (this.#atWork.has(socket)) return this.#mutants.has('slow-body-500') ? '500 Internal' : undefined;
    return this.#mutants.has('slow-header-section-400') ? '400 Bad Request' : undefined;
  }
}
