import type { HttpResponse } from '../http/http-client.ts';
import { type OpenApiOperation, type OpenApiResponse, RECORDER_DOCUMENT } from '../spec/documents.ts';
import { headerValueOf, type Validate, validatorsOf } from '../spec/validator.ts';
import { judgeProblem } from './judge-problem.ts';
import type { Finding } from './finding.ts';

const validatorOf = validatorsOf(RECORDER_DOCUMENT);

interface Route {
  readonly pattern: RegExp;
  readonly operations: Readonly<Record<string, OpenApiOperation>>;
}

// Paths without a parameter first: `/v1/tasks/batch` is not a task's id.
const routes: readonly Route[] = Object.entries(RECORDER_DOCUMENT.paths)
  .toSorted(([a], [b]) => a.split('{').length - b.split('{').length)
  .map(([path, operations]) => ({
    pattern: new RegExp(`^${path.replaceAll('.', String.raw`\.`).replaceAll(/\{\w+\}/g, '[^/]+')}$`),
    operations,
  }));

/** The operation that the Recorder API has for a method and a path; `undefined` if it has none. */
export function operationOf(method: string, path: string): OpenApiOperation | undefined {
  const matching = routes.filter(({ pattern }) => pattern.test(path.split('?')[0] ?? ''));
  return matching
    .map(({ operations }) => operations[method.toLowerCase()])
    .find((each) => each !== undefined);
}

/** Holds a response against the Recorder API: what each rule that applies finds wrong with it. */
export function judgeResponse(method: string, path: string, response: HttpResponse): readonly Finding[] {
  const operation = operationOf(method, path);
  const json = parsedJson(response);
  const general: Finding[] = json === undefined ? [] : [['no-null', nullsIn(json, '')]];
  if (hasInstant(json)) general.push(['instants', instantsIn(json, '')]);
  if (response.status >= 400 && isMethod(method)) general.push(...judgeProblem(response, json));
  if (operation === undefined || isNotServed(operation, response)) return general;
  const documented = operation.responses[String(response.status)];
  if (documented === undefined) {
    const faults = [
      `${operation.operationId} answers ${Object.keys(operation.responses).join(', ')}, got ${response.status}`,
    ];
    return [...general, ['response-status', faults]];
  }
  return [...general, ['response-status', []], ...againstDocument(documented, response, json)];
}

function againstDocument(
  documented: OpenApiResponse,
  response: HttpResponse,
  json: unknown,
): readonly Finding[] {
  const mediaTypes = Object.keys(documented.content ?? {});
  const got = mediaTypeOf(response);
  const isExpected = mediaTypes.length === 0 ? response.body.length === 0 : mediaTypes.includes(got);
  const mediaType = isExpected
    ? []
    : [`expected ${mediaTypes.join(' or ') || 'no body'}, got ${got || 'no Content-Type'}`];
  const headers = Object.entries(documented.headers ?? {}).flatMap(([name, { required, schema }]) => {
    const value = response.headers[name.toLowerCase()];
    if (value === undefined) return required === true ? [`expected the header ${name}, got none`] : [];
    return validatorOf(schema)(headerValueOf(value, schema)).map((fault) => `${name}: ${value}: ${fault}`);
  });
  const schema = documented.content?.[got]?.schema;
  const isJson = got.endsWith('json');
  const body = schema === undefined || !isJson ? [] : (validatorOf(schema) satisfies Validate)(json);
  return [
    ['response-media-type', mediaType],
    ...(documented.headers === undefined ? [] : ([['response-headers', headers]] as const)),
    ['response-body', body],
  ];
}

// REC-072 and REC-073 are no more than advice.
const MAY_BE_MISSING = new Set(['getOpenApiJson', 'getOpenApiYaml', 'getDocs']);

const isNotServed = ({ operationId }: OpenApiOperation, { status }: HttpResponse): boolean =>
  MAY_BE_MISSING.has(operationId) && status === 404;

// Any other method may be answered with anything of 400 or above (PRB-020).
const isMethod = (method: string): boolean =>
  ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'].includes(method);

const mediaTypeOf = ({ headers }: HttpResponse): string =>
  (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';

function parsedJson(response: HttpResponse): unknown {
  if (!mediaTypeOf(response).endsWith('json')) return undefined;
  try {
    return JSON.parse(response.text);
  } catch {
    return undefined;
  }
}

// What the producer sent is the producer's own: nulls and dates in it are not judged.
const OPAQUE = new Set(['taskArgs', 'request', 'headers', 'responseBody']);

// Members that an implementation adds are its own.
const KNOWN = new Set(
  Object.values(RECORDER_DOCUMENT.components.schemas).flatMap((schema) =>
    Object.keys((schema as { properties?: object }).properties ?? {}),
  ),
);

function nullsIn(value: unknown, at: string): string[] {
  return membersOf(value).flatMap(([name, member]) => {
    if (OPAQUE.has(name) || !(Array.isArray(value) || KNOWN.has(name))) return [];
    if (member === null) return [`${at}/${name} is null`];
    return nullsIn(member, `${at}/${name}`);
  });
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

function instantsIn(value: unknown, at: string): string[] {
  return membersOf(value).flatMap(([name, member]) => {
    if (OPAQUE.has(name) || !(Array.isArray(value) || KNOWN.has(name))) return [];
    const isInstant = typeof member === 'string' && /[a-z]At$/.test(name);
    if (isInstant && !INSTANT.test(member))
      return [`${at}/${name}: expected an instant like 2026-11-22T14:50:00.000Z, got ${member}`];
    return instantsIn(member, `${at}/${name}`);
  });
}

const hasInstant = (value: unknown): boolean =>
  membersOf(value).some(
    ([name, member]) => !OPAQUE.has(name) && (/[a-z]At$/.test(name) || hasInstant(member)),
  );

const membersOf = (value: unknown): [string, unknown][] =>
  typeof value === 'object' && value !== null ? Object.entries(value) : [];
