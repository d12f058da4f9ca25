import { recorderOpenApi } from '@dispatchr/contract';
import type { OpenApiOperation } from '@dispatchr/contract';
import { parseTargetPolicy } from '@dispatchr/lifecycle';
import { Ajv2020 } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { createRecorderApp } from '../src/recorder-app.ts';
import { createRecorder } from '../src/recorder-plugin.ts';
import type { RecorderOptions } from '../src/recorder-options.ts';
import { RECORDER_SERVER_DEFAULTS } from '../src/recorder-server.ts';
import { FakeTaskStore } from './fake-task-store.ts';

const DOCUMENT = 'urn:test:openapi';
const ajv = new Ajv2020({ strict: false, allErrors: true });
ajvFormats.default(ajv);
ajv.addSchema(recorderOpenApi, DOCUMENT);

/** Statuses any path may have: they come before an operation is found. */
const BEFORE_ROUTING = [404, 405, 408, 415, 413, 431];

/** A recorder on a store in memory, each answer of which is checked against the emitted OpenAPI. */
export function createCheckedRecorder(options: Partial<RecorderOptions> = {}) {
  const store = new FakeTaskStore();
  let ids = 0;
  const defaults: RecorderOptions = {
    store: store.asStore(),
    newId: () => `made-${(ids += 1)}`,
    now: () => Date.UTC(2026, 10, 22),
    targetPolicy: parseTargetPolicy({ allow: [], listensOnLoopback: true }),
  };
  const app = createRecorderApp(RECORDER_SERVER_DEFAULTS);
  app.register(createRecorder({ ...defaults, ...options }));

  const send = async (request: InjectOptions & { url: string }): Promise<LightMyRequestResponse> => {
    const response = await app.inject(request);
    checkAnswer(request, response);
    return response;
  };
  const post = (url: string, body: unknown, headers: Record<string, string> = {}) =>
    send({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/json', ...headers },
      payload: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
    });
  return { app, store, send, post, get: (url: string) => send({ method: 'GET', url }) };
}

/** Throws unless status, headers, media type and body are those of the emitted OpenAPI. */
export function checkAnswer(
  request: InjectOptions & { url: string },
  response: LightMyRequestResponse,
): void {
  const method = String(request.method ?? 'GET').toLowerCase();
  const found = findOperation(request.url, method);
  if (!found) return checkSchema(`${DOCUMENT}#/components/schemas/Problem`, response);
  const { place, operation } = found;
  const documented = operation.responses[response.statusCode];
  if (!documented) {
    if (BEFORE_ROUTING.includes(response.statusCode))
      return checkSchema(`${DOCUMENT}#/components/schemas/Problem`, response);
    throw new Error(
      `expected a documented status of ${operation.operationId}, got ${response.statusCode} ${response.body}`,
    );
  }
  for (const [name, header] of Object.entries(documented.headers ?? {})) {
    if (header.required && response.headers[name.toLowerCase()] === undefined)
      throw new Error(`expected the header ${name}`);
  }
  const [mediaType] = Object.keys(documented.content ?? {});
  if (mediaType === undefined) {
    if (response.body !== '') throw new Error(`expected no body, got ${response.body}`);
    return;
  }
  const sent = String(response.headers['content-type']).split(';')[0];
  if (sent !== mediaType) throw new Error(`expected ${mediaType}, got ${sent}`);
  const name = mediaType.replaceAll('/', '~1');
  if (mediaType.endsWith('json')) {
    checkSchema(
      `${place}/responses/${response.statusCode}/content/${encodeURIComponent(name)}/schema`,
      response,
    );
  }
}

function findOperation(
  url: string,
  method: string,
): { place: string; operation: OpenApiOperation } | undefined {
  const path = url.split('?')[0] ?? '';
  const exact = Object.keys(recorderOpenApi.paths).toSorted(
    (a, b) => a.split('{').length - b.split('{').length,
  );
  const template = exact.find(
    (candidate) =>
      new RegExp(`^${candidate.replaceAll(/\{\w+\}/g, '[^/]*')}$`).test(path) &&
      recorderOpenApi.paths[candidate]?.[method],
  );
  const operation = template === undefined ? undefined : recorderOpenApi.paths[template]?.[method];
  if (template === undefined || !operation) return undefined;
  const pointer = encodeURIComponent(template.replaceAll('~', '~0').replaceAll('/', '~1'));
  return { place: `${DOCUMENT}#/paths/${pointer}/${method}`, operation };
}

function checkSchema($ref: string, response: LightMyRequestResponse): void {
  const validate = ajv.getSchema($ref) ?? ajv.compile({ $ref });
  if (!validate(response.json())) {
    throw new Error(
      `expected an answer of the specification, got ${response.body}: ${ajv.errorsText(validate.errors)}`,
    );
  }
}
