import type { ProblemError } from '@dispatchr/contract';
import type { ErrorObject } from 'ajv';
import { escapePointer } from '../json/json-place.ts';

/** More errors than this help nobody, and a hostile body can have many. */
const MAX_ERRORS = 100;

/** What ajv found wrong with a body, place by place; needs ajv's `verbose`. */
export function bodyErrors(errors: readonly ErrorObject[]): ProblemError[] {
  const found = new Map<string, string>();
  for (const error of errors) {
    const pointer = `${error.instancePath}${missingStep(error)}`;
    if (!found.has(pointer)) found.set(pointer, describeError(error));
    if (found.size === MAX_ERRORS) break;
  }
  return [...found].map(([pointer, detail]) => ({ pointer, detail }));
}

/** What ajv found wrong with the query, parameter by parameter. */
export function queryErrors(errors: readonly ErrorObject[]): ProblemError[] {
  return bodyErrors(errors).map(({ pointer, detail }) => ({ parameter: (pointer ?? '').slice(1), detail }));
}

function missingStep({ keyword, params }: ErrorObject): string {
  if (keyword === 'required') return `/${escapePointer(String(params['missingProperty']))}`;
  if (keyword === 'additionalProperties') return `/${escapePointer(String(params['additionalProperty']))}`;
  return '';
}

function describeError(error: ErrorObject): string {
  if (error.keyword === 'required') return 'expected this member, got none';
  if (error.keyword === 'additionalProperties') {
    return `expected one of ${knownNames(error)}, got ${show(error.params['additionalProperty'])}`;
  }
  return `expected ${expectation(error)}, got ${show(error.data)}`;
}

function expectation({ keyword, params, schema, message }: ErrorObject): string {
  switch (keyword) {
    case 'type':
      return Array.isArray(schema) ? schema.join(' or ') : article(String(schema));
    case 'enum':
      return `one of ${(schema as unknown[]).map((value) => JSON.stringify(value)).join(', ')}`;
    case 'pattern':
      return `text that matches ${String(schema)}`;
    case 'format':
      return schema === 'date-time'
        ? 'an RFC 3339 instant from 1970 to 9999 such as 2026-11-22T14:50:00.000Z'
        : `a ${String(schema)}`;
    case 'minimum':
      return `at least ${params['limit']}`;
    case 'maximum':
      return `at most ${params['limit']}`;
    case 'minLength':
      return `at least ${params['limit']} characters`;
    case 'maxLength':
      return `at most ${params['limit']} characters`;
    case 'minItems':
      return `at least ${params['limit']} items`;
    case 'maxItems':
      return `at most ${params['limit']} items`;
    default:
      return message ?? keyword;
  }
}

function article(type: string): string {
  return /^[aeio]/.test(type) ? `an ${type}` : `a ${type}`;
}

function knownNames({ parentSchema }: ErrorObject): string {
  const names = Object.keys((parentSchema?.['properties'] as object | undefined) ?? {});
  return names.length === 0 ? 'no members' : names.join(', ');
}

/** A value as JSON, cut to what fits in a sentence. */
export function show(value: unknown): string {
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = typeof value === 'string' ? JSON.stringify(value.slice(0, 80)) : String(value);
  return typeof value === 'string' && value.length > 80 ? `${text}… (${value.length} characters)` : text;
}
