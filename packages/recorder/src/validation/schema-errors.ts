import { recorderOpenApi } from '@dispatchr/contract';
import type { ProblemError } from '@dispatchr/contract';
import type { ErrorObject } from 'ajv';
import { escapePointer } from '../json/json-place.ts';
import { checkTarget } from './check-target.ts';
import { show } from './show.ts';

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
  if (error.keyword === 'additionalProperties') return describeUnknownName(error);
  const problem = isOfTarget(error) ? checkTarget(error.data) : undefined;
  if (problem !== undefined) return problem;
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

function describeUnknownName({ parentSchema, params }: ErrorObject): string {
  const known = Object.keys((parentSchema?.['properties'] as object | undefined) ?? {});
  const name: unknown = params['additionalProperty'];
  return known.length === 0
    ? expectedNoMembers(name)
    : `expected one of ${known.join(', ')}, got ${show(name)}`;
}

/** For a body with a member, sent to an operation that takes none. */
export function expectedNoMembers(name: unknown): string {
  return `expected no members, because this operation takes none, got ${show(name)}; send no body or {}`;
}

/** A pattern or a length would not tell anybody what is missing from a target. */
function isOfTarget({ parentSchema }: ErrorObject): boolean {
  return parentSchema === recorderOpenApi.components.schemas['TargetUrl'];
}
