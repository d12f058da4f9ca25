import { timingSafeEqual, createHash } from 'node:crypto';
import {
  createServer,
  STATUS_CODES,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { RECORDER_DOCUMENT } from '../spec/documents.ts';
import { discoveryJson } from './discovery.ts';
import type { Disk } from './disk.ts';
import type { Engine } from './engine.ts';
import type { Flow } from './flow.ts';
import type { readJson } from './json-reader.ts';
import { MemberReader } from './member-reader.ts';
import { faultsOfOperation, mistakenAnswer, MistakenConnections, readMistaken } from './mistaken-request.ts';
import { invalidRequest, featureNotSupported, Problem } from './problems.ts';
import { QueueOperations } from './queue-operations.ts';
import { TargetOperations } from './target-operations.ts';
import { QueryReader } from './query-reader.ts';
import { ReadOperations } from './read-operations.ts';
import { readBody } from './request-body.ts';
import { type Answer, problemAnswer, sendAnswer } from './response.ts';
import { type Route, routeOf } from './routes.ts';
import { ScheduleOperations } from './schedules/schedule-operations.ts';
import type { ScheduleTable } from './schedules/schedule-table.ts';
import { LIMITS, type Settings } from './settings.ts';
import { SubmitOperations } from './submit-operations.ts';
import { summaryJson } from './task-json.ts';
import type { Task } from './task.ts';

const REQUEST_TIMEOUT_MS = 4000;
const UNAVAILABLE = JSON.stringify({
  type: 'urn:dispatchr:problem:database-unavailable',
  title: 'The database does not answer',
  status: 503,
});

/** The Recorder API over an engine: judges each request in the order of PRB-017. */
export class Recorder {
  readonly server: Server;
  readonly #engine: Engine;
  readonly #settings: Settings;
  readonly #submit: SubmitOperations;
  readonly #read: ReadOperations;
  readonly #queues: QueueOperations;
  readonly #targets: TargetOperations;
  readonly #schedules: ScheduleOperations;
  readonly #connections: MistakenConnections;

  constructor(engine: Engine, flow: Flow, schedules: ScheduleTable, settings: Settings, disk: Disk) {
    this.#engine = engine;
    this.#settings = settings;
    this.#connections = new MistakenConnections(settings.mutants);
    this.#submit = new SubmitOperations(engine, settings);
    this.#read = new ReadOperations(engine.table, flow, settings, disk.cursorSecret);
    this.#queues = new QueueOperations(engine, flow, settings, disk.cursorSecret);
    this.#targets = new TargetOperations(flow, settings, disk.cursorSecret);
    this.#schedules = new ScheduleOperations(schedules, this.#submit, settings, disk.cursorSecret);
    const options = {
      requestTimeout: REQUEST_TIMEOUT_MS,
      headersTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: 500,
      keepAliveTimeout: 60_000,
    };
    this.server = createServer(options, (request, response) => void this.#serve(request, response));
    this.server.on('clientError', (error: Error & { code?: string }, socket) =>
      refuse(error, socket as Socket, this.#connections),
    );
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const right = await this.#dispatch(request).catch((error: unknown) =>
      problemAnswer(error, this.#settings),
    );
    const answer = mistakenAnswer(request, right, this.#settings.mutants);
    if (this.#settings.variants.has('slow-and-uneven'))
      await delay(Math.random() * 150, undefined, { ref: false });
    if (!response.destroyed) sendAnswer(response, answer, this.#settings);
    this.#connections.end(request, answer);
  }

  async #dispatch(request: IncomingMessage): Promise<Answer> {
    this.#connections.begin(request);
    // The absolute form of a request target has the scheme and the host before the path.
    const [path = '', query = ''] = (request.url ?? '').replace(/^https?:\/\/[^/?]*/i, '').split(/\?(.*)/s);
    const { mutants } = this.#settings;
    if (/^\/v1(\/|$)/.test(path) || (path === '/health' && mutants.has('health-asks-for-token')))
      this.#authorise(request);
    const route = routeOf(request.method ?? '', path, this.#settings);
    const isServed =
      (route.feature === 'queues' && mutants.has('undeclared-queues-served')) ||
      (route.feature === 'flow-keys' && mutants.has('undeclared-flow-keys-served')) ||
      (route.feature === 'schedules' && mutants.has('undeclared-schedules-served'));
    if (route.feature !== undefined && !this.#settings.features.has(route.feature) && !isServed)
      throw featureNotSupported(route.feature);
    const isOfBatch = route.name === 'submitTaskBatch' && !mutants.has('batch-held-to-task-limit');
    const limit = isOfBatch ? LIMITS.maxBatchBytes : LIMITS.maxTaskBytes;
    const hasBody = route.body !== undefined || mutants.has('get-body-judged');
    const body = hasBody ? await readBody(request, { limitBytes: limit, route, mutants }) : Buffer.alloc(0);
    const json = readMistaken(body, route, mutants);
    const isJudged = route.query !== undefined || mutants.has('probe-parameters-refused');
    const reader = new QueryReader(isJudged ? query : '', route.query ?? [], mutants);
    if (route.body !== 'required') return this.#answer(route, reader, json);
    if (json === undefined) {
      throw invalidRequest([{ pointer: '', detail: 'expected a body, got none' }, ...reader.errors]);
    }
    return await this.#submit[route.name === 'submitTask' ? 'submitTask' : 'submitTaskBatch']({
      request,
      errors: reader.errors,
      ...json,
    });
  }

  /** Operations that record nothing. */
  #answer(route: Route, query: QueryReader, json: ReturnType<typeof readJson> | undefined): Answer {
    if (route.name === 'listTasks') return this.#read.listTasks(query);
    if (route.name === 'listAttempts') return this.#read.listAttempts(route.id, query);
    if (route.name === 'listQueues') return this.#queues.list(query);
    if (route.name === 'listFlowKeys') return this.#queues.listFlowKeys(route, query);
    if (route.name === 'listTargets') return this.#targets.list(query);
    if (route.name === 'closeCircuit') return this.#targets.close(query, json?.root);
    if (route.feature === 'schedules') return this.#schedules.answer(route, query, json);
    if (route.feature !== undefined) return this.#queues.answer(route, query, json?.root);
    const members = new MemberReader(this.#settings.mutants);
    const { mutants } = this.#settings;
    if (json) members.members(json.root, '', mutants.has('operation-members-ignored') ? undefined : []);
    const errors = [...query.errors, ...members.errors];
    if (json) errors.push(...faultsOfOperation(json.root, route, mutants));
    if (errors.length > 0) throw invalidRequest(errors);
    switch (route.name) {
      case 'getTask':
        return this.#read.getTask(route.id);
      case 'cancelTask':
        return this.#operated(
          this.#engine.cancel(route.id),
          mutants.has('cancel-of-running-200') ? 200 : 202,
        );
      case 'runTask':
        return this.#operated(this.#engine.run(route.id));
      case 'retryTask':
        return this.#operated(this.#retried(this.#engine.retry(route.id)));
      case 'deleteTask':
        this.#engine.delete(route.id);
        return { status: 204 };
      default:
        return this.#serverAnswer(route);
    }
  }

  #retried(task: Task): Task {
    const isRenamed = this.#settings.mutants.has('retry-answers-another-id');
    return isRenamed ? { ...task, id: `${task.id}.again` } : task;
  }

  #operated(task: Task, whileRunning = 200): Answer {
    const status = task.state === 'running' ? whileRunning : 200;
    return { status, body: summaryJson(task, this.#settings) };
  }

  #serverAnswer({ name }: Route): Answer {
    const { mutants } = this.#settings;
    if (name === 'getLiveness' && mutants.has('livez-fails')) throw new Error('not alive');
    if (name === 'getHealth' && mutants.has('health-503'))
      return {
        status: 503,
        body: UNAVAILABLE,
        type: 'application/problem+json',
        headers: { 'Retry-After': '1' },
      };
    switch (name) {
      case 'getDiscovery':
        return { status: 200, body: discoveryJson(this.#settings) };
      case 'getOpenApiJson':
        return { status: 200, body: JSON.stringify(RECORDER_DOCUMENT) };
      case 'getOpenApiYaml':
        // JSON is YAML 1.2.
        return {
          status: 200,
          body: mutants.has('openapi-yaml-is-empty') ? '{}' : JSON.stringify(RECORDER_DOCUMENT),
          type: 'application/yaml',
        };
      case 'getDocs':
        return {
          status: mutants.has('docs-answered-203') ? 203 : 200,
          body: `<!doctype html><title>Reference</title>${mutants.has('docs-from-elsewhere') ? '<script src="https://cdn.test/docs.js"></script>' : ''}`,
          type: 'text/html; charset=utf-8',
        };
      default:
        return {
          status: 200,
          body: mutants.has('health-status-is-a-number') ? '{"status":1}' : '{"status":"ok"}',
          type: mutants.has('livez-as-text') ? 'text/plain' : 'application/json',
        };
    }
  }

  /** Spec: SEC-002 to SEC-006. */
  #authorise({ headers }: IncomingMessage): void {
    const { token, mutants } = this.#settings;
    if (token === undefined || mutants.has('token-not-asked')) return;
    const scheme = mutants.has('scheme-in-one-case') ? /^Bearer +(.*?) *$/ : /^bearer +(.*?) *$/i;
    const given = scheme.exec(headers.authorization ?? '')?.[1];
    if (given?.startsWith(token) === true && mutants.has('token-prefix-accepted')) return;
    if (given !== undefined && timingSafeEqual(digest(given), digest(token))) return;
    const got = given === undefined ? 'none' : 'another one';
    const challenge = { 'WWW-Authenticate': 'Bearer' };
    throw new Problem(
      'unauthorized',
      `expected the header Authorization: Bearer <token>, got ${got}`,
      {},
      challenge,
    );
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** Answers what Node could not read as a request. Spec: JSN-022, JSN-039. */
function refuse({ code }: Error & { code?: string }, socket: Socket, connections: MistakenConnections): void {
  if (!socket.writable) return;
  const mistaken = connections.refusal(code, socket);
  if (mistaken !== undefined)
    socket.end(`HTTP/1.1 ${mistaken}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
  else if (code === 'HPE_HEADER_OVERFLOW') {
    sendRaw(
      socket,
      new Problem('header-fields-too-large', 'expected a header section of at most 16384 bytes'),
    );
  } else if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    sendRaw(
      socket,
      new Problem('request-timeout', `the request was not complete after ${REQUEST_TIMEOUT_MS} ms`),
    );
  } else socket.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
}

function sendRaw(socket: Socket, { status, body }: Problem): void {
  const text = JSON.stringify(body);
  const head = `Content-Type: application/problem+json\r\nContent-Length: ${Buffer.byteLength(text)}\r\nConnection: close`;
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${head}\r\n\r\n${text}`);
}
