import { curlOf } from '../http/curl.ts';
import type { HttpClient, HttpResponse } from '../http/http-client.ts';
import { rawExchange, type RawExchange, type RawExchangeOptions } from '../http/raw-exchange.ts';
import type { Json } from './json.ts';
import { judgeResponse } from './judge-response.ts';
import type { Ledger } from './ledger.ts';
import { shortened, type Timeline } from './timeline.ts';
import { Violation } from './violation.ts';

export type { Json } from './json.ts';

/** A response, with its body read as JSON where it is JSON. */
export interface ApiResponse extends HttpResponse {
  readonly json: Json;
  /** The request that it answers, for messages. */
  readonly request: string;
}

export interface RequestOptions {
  /** An object is sent as JSON; text and bytes are sent as they are. */
  readonly body?: object | string | Buffer;
  /** Sent beside `Content-Type: application/json`, which a body gets unless it is given here; '' leaves it out. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Leaves out what `--header` gives, the token among them. */
  readonly anonymous?: boolean;
}

export interface ApiOptions {
  readonly baseUrl: string;
  readonly client: HttpClient;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeline: Timeline;
  readonly ledger: Ledger;
  /** Id of the check that asks. */
  readonly check: string;
  /** The requirement that a request without any answer violates. */
  readonly requirement: string;
  /** Called with the id of every task that was recorded. */
  readonly onRecorded: (id: string) => void;
}

/** Requests of one check to the implementation: each is put on its timeline and held against the Recorder API. */
export class Api {
  readonly #options: ApiOptions;

  constructor(options: ApiOptions) {
    this.#options = options;
  }

  get baseUrl(): string {
    return this.#options.baseUrl;
  }

  /** Sends any request; `path` begins with `/`, and is sent as it is. Throws a `Violation` if no answer comes. */
  async request(method: string, path: string, options: RequestOptions = {}): Promise<ApiResponse> {
    const { client, timeline, baseUrl, requirement } = this.#options;
    const body = bodyOf(options.body);
    const request = {
      method,
      url: `${baseUrl}${path}`,
      headers: this.#headersOf(options, body),
      ...(body === undefined ? {} : { body }),
    };
    const curl = curlOf(request);
    timeline.add('request', `${method} ${path} ${shortened(String(body ?? ''))}`, curl);
    const { ledger, check } = this.#options;
    ledger.tasks.asked(method, path);
    const sentAtMs = performance.now();
    const response = await client.send(request).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      timeline.add('note', `no answer: ${reason}`);
      throw new Violation(
        requirement,
        `${method} ${shortened(path, 100)} got no answer`,
        'an HTTP response',
        reason,
      );
    });
    timeline.add('response', `${response.status} ${shortened(response.text)}`);
    const receivedAtMs = performance.now();
    const json = jsonOf(response);
    this.#judge(method, path, response, curl);
    ledger.tasks.answered({ method, path, sentAtMs, receivedAtMs, json, check, curl });
    return { ...response, json, request: `${method} ${shortened(path, 100)}` };
  }

  /** The `Authorization` that every request carries; `undefined` if the run was given none. */
  get authorization(): string | undefined {
    return lowerCased(this.#options.headers)['authorization'];
  }

  /** The request line and the header fields of a request that is written by hand, `Host` and those of the run among them. */
  head(method: string, path: string, fields: Readonly<Record<string, string | number>> = {}): string {
    const { host, pathname } = new URL(this.baseUrl);
    const all = Object.entries({ Host: host, ...this.#options.headers, ...fields });
    const lines = all.map(([name, value]) => `${name}: ${value}\r\n`).join('');
    return `${method} ${pathname.replace(/\/$/, '')}${path} HTTP/1.1\r\n${lines}\r\n`;
  }

  /** Writes bytes as they are on a connection of their own, and answers what came; nothing of it goes to the ledger. */
  async raw(bytes: string | Buffer, options: RawExchangeOptions): Promise<RawExchange> {
    const { client, timeline, baseUrl, requirement } = this.#options;
    timeline.add('request', `raw: ${shortened(masked(bytes))}`);
    const work = rawExchange(baseUrl, bytes, { insecure: client.insecure, ...options });
    const exchange = await work.catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Violation(requirement, 'no connection could be made', 'a connection', reason);
    });
    const end = exchange.isClosed ? 'closed' : 'left open';
    const statuses = exchange.responses.map(({ status }) => status).join(', ') || 'no answer';
    timeline.add('response', `${statuses}; ${end} after ${Math.round(exchange.durationMs)} ms`);
    return exchange;
  }

  /** `POST /v1/tasks`. */
  async submit(
    task: object | string | Buffer,
    headers: RequestOptions['headers'] = {},
  ): Promise<ApiResponse> {
    const response = await this.request('POST', '/v1/tasks', { body: task, headers });
    if (response.status === 201 && typeof response.json?.id === 'string')
      this.#options.onRecorded(response.json.id);
    return response;
  }

  /** `POST /v1/tasks/batch` with `{"tasks": […]}`, or with a body as it is. */
  async submitBatch(
    tasks: readonly object[] | string,
    headers: RequestOptions['headers'] = {},
  ): Promise<ApiResponse> {
    const body = typeof tasks === 'string' ? tasks : { tasks };
    const response = await this.request('POST', '/v1/tasks/batch', { body, headers });
    for (const item of itemsOf(response))
      if (typeof item?.task?.id === 'string') this.#options.onRecorded(item.task.id);
    return response;
  }

  /** `GET /v1/tasks` with the filters as query parameters. */
  list(query: Readonly<Record<string, string | number>> = {}): Promise<ApiResponse> {
    const search = new URLSearchParams(
      Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
    );
    return this.request('GET', `/v1/tasks${search.size === 0 ? '' : `?${search.toString()}`}`);
  }

  /** `GET /v1/tasks/{id}`. */
  get(id: string): Promise<ApiResponse> {
    return this.request('GET', `/v1/tasks/${encodeURIComponent(id)}`);
  }

  /** `GET /v1/tasks/{id}/attempts`. */
  attempts(id: string, query = ''): Promise<ApiResponse> {
    return this.request('GET', `/v1/tasks/${encodeURIComponent(id)}/attempts${query}`);
  }

  /** `POST /v1/tasks/{id}/cancel`, `run` or `retry`. */
  operate(id: string, operation: 'cancel' | 'run' | 'retry'): Promise<ApiResponse> {
    return this.request('POST', `/v1/tasks/${encodeURIComponent(id)}/${operation}`);
  }

  /** `DELETE /v1/tasks/{id}`. */
  delete(id: string): Promise<ApiResponse> {
    return this.request('DELETE', `/v1/tasks/${encodeURIComponent(id)}`);
  }

  #headersOf(options: RequestOptions, body: string | Buffer | undefined): Record<string, string> {
    const own = options.anonymous === true ? {} : lowerCased(this.#options.headers);
    const typed = body === undefined ? {} : { 'content-type': 'application/json' };
    const all: Record<string, string> = { ...own, ...typed, ...lowerCased(options.headers ?? {}) };
    return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
  }

  #judge(method: string, path: string, response: HttpResponse, curl: string): void {
    const { ledger, check } = this.#options;
    if (method === 'HEAD') return;
    for (const [rule, faults] of judgeResponse(method, path, response)) {
      const what = (fault: string): string =>
        `${method} ${shortened(path, 100)} answered ${response.status}: ${fault}`;
      ledger.note(
        rule,
        faults.map((fault) => ({ check, what: what(fault), curl })),
      );
    }
  }
}

const lowerCased = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

// A token belongs in no report.
const masked = (bytes: string | Buffer): string =>
  bytes.toString('latin1').replaceAll(/^(authorization:).*$/gim, '$1 Bearer $TOKEN');

function bodyOf(body: RequestOptions['body']): string | Buffer | undefined {
  return body === undefined || typeof body === 'string' || Buffer.isBuffer(body)
    ? body
    : JSON.stringify(body);
}

function jsonOf({ headers, text }: HttpResponse): Json {
  if (!/json/i.test(headers['content-type'] ?? '')) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function itemsOf({ status, json }: ApiResponse): Json[] {
  return status < 300 && Array.isArray(json?.tasks) ? json.tasks : [];
}
