import { recorderOpenApi } from '@dispatchr/contract';
import type { OpenApiOperation, ProblemError } from '@dispatchr/contract';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ValidateFunction } from 'ajv';
import ajvFormats from 'ajv-formats';
import { escapePointer } from '../json/json-place.ts';
import { parseInstant } from './instant.ts';
import { bodyErrors, expectedNoMembers, queryErrors } from './schema-errors.ts';
import { show } from './show.ts';

/** Checks the parts of a request against an operation's schemas. */
export interface OperationValidator {
  /** `values` is how many the body has; of very many only the first fault is looked for. */
  checkBody(body: unknown, values: number): ProblemError[];
  /** Turns the texts of numeric parameters into numbers, in place. */
  checkQuery(query: Record<string, unknown>): ProblemError[];
}

const DOCUMENT = 'urn:dispatchr:recorder-openapi';

const validators = new Map<string, OperationValidator>();

/** The validator of an operation, compiled from the emitted document at its first use in this process. */
export function validatorOf(path: string, method: string): OperationValidator {
  const key = `${method} ${path}`;
  const validator = validators.get(key) ?? compileValidator(path, method);
  validators.set(key, validator);
  return validator;
}

/** A fault costs ajv some hundred bytes: with more values than this, finding all of them could fill the memory. */
const MAX_VALUES_FOR_ALL_FAULTS = 20_000;

const bodies = createAjv({ allErrors: true });
const largeBodies = createAjv({ allErrors: false });
const queries = createAjv({ allErrors: true, coerceTypes: true });

function compileValidator(path: string, method: string): OperationValidator {
  const operation = recorderOpenApi.paths[path]?.[method] as OpenApiOperation;
  const place = `${DOCUMENT}#/paths/${encodeURIComponent(escapePointer(path))}/${method}`;
  const schema = { $ref: `${place}/requestBody/content/application~1json/schema` };
  const body = operation.requestBody && bodies.compile(schema);
  const largeBody = operation.requestBody && largeBodies.compile(schema);
  const query = queries.compile(querySchema(operation, place));
  return {
    checkBody: (value, values) =>
      checkBody(operation, values > MAX_VALUES_FOR_ALL_FAULTS ? largeBody : body, value),
    checkQuery: (values) => (query(values) ? nulErrors(values) : queryErrors(query.errors ?? [])),
  };
}

function createAjv(options: { allErrors: boolean; coerceTypes?: boolean }): Ajv2020 {
  const ajv = new Ajv2020({ ...options, verbose: true, strict: false });
  ajvFormats.default(ajv);
  ajv.addFormat('date-time', (text) => parseInstant(text) !== undefined);
  ajv.addSchema(recorderOpenApi, DOCUMENT);
  return ajv;
}

function querySchema(operation: OpenApiOperation, place: string): object {
  // Probes and browsers may add what they like where the specification has no 400. Spec: JSN-026.
  if (!operation.responses['400']) return {};
  const parameters = operation.parameters.map(({ name, in: where }, index) => ({ name, where, index }));
  const inQuery = parameters.filter(({ where }) => where === 'query');
  const properties = inQuery.map(
    ({ name, index }) => [name, { $ref: `${place}/parameters/${index}/schema` }] as const,
  );
  return { type: 'object', properties: Object.fromEntries(properties), additionalProperties: false };
}

function checkBody(
  operation: OpenApiOperation,
  validate: ValidateFunction | undefined,
  body: unknown,
): ProblemError[] {
  if (body === undefined) {
    return operation.requestBody?.required
      ? [{ pointer: '', detail: 'expected a JSON object, got no body' }]
      : [];
  }
  if (!validate) return noBodyErrors(body);
  return validate(body) ? [] : bodyErrors(validate.errors ?? []);
}

/** Clients that always send JSON send `{}` for nothing. Spec: JSN-019. */
function noBodyErrors(body: unknown): ProblemError[] {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    const detail = `expected no body, because this operation takes none, got ${show(body)}`;
    return [{ pointer: '', detail }];
  }
  return Object.keys(body).map((name) => ({
    pointer: `/${escapePointer(name)}`,
    detail: expectedNoMembers(name),
  }));
}

/** PostgreSQL cannot compare with a text that has a NUL in it. */
function nulErrors(query: Record<string, unknown>): ProblemError[] {
  const found = Object.entries(query).filter(
    ([, value]) => typeof value === 'string' && value.includes('\0'),
  );
  return found.map(([parameter]) => ({ parameter, detail: 'expected no NUL character, got one' }));
}
