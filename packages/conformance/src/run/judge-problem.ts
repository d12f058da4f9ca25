import type { HttpResponse } from '../http/http-client.ts';
import { RECORDER_DOCUMENT, statusOfProblem } from '../spec/documents.ts';
import { validatorsOf } from '../spec/validator.ts';
import type { Json } from './json.ts';
import type { Finding } from './finding.ts';

const validatorOf = validatorsOf(RECORDER_DOCUMENT);
const PROBLEM = { $ref: '#/components/schemas/Problem' };
const PREFIX = 'urn:dispatchr:problem:';

/** Holds a response of 400 or above against what a problem must be: what each rule that applies finds wrong with it. */
export function judgeProblem(response: HttpResponse, json: Json): readonly Finding[] {
  if (response.body.length === 0) return [];
  const mediaType = (response.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  const wrongType = [`expected application/problem+json, got ${mediaType || 'no Content-Type'}`];
  const schema = validatorOf(PROBLEM);
  const general: Finding[] = [
    ['problem', mediaType === 'application/problem+json' ? schema(json) : wrongType],
    ['problem-secrets', secretsIn(response.text)],
  ];
  if (typeof json?.type !== 'string' || !json.type.startsWith(PREFIX)) return general;
  const name = json.type.slice(PREFIX.length);
  return [
    ...general,
    ['problem-type', statusOfProblem(name) === undefined ? [`${name} is not in the catalogue`] : []],
    ['problem-status', statusFaults(name, response.status, json.status)],
    ...errorsFindings(name, json.errors),
    ...membersFindings(name, json),
  ];
}

function statusFaults(name: string, status: number, written: unknown): string[] {
  const wrong = written === status ? [] : [`the problem says ${JSON.stringify(written)}`];
  const catalogued = statusOfProblem(name);
  return catalogued === undefined || catalogued === status
    ? wrong
    : [...wrong, `the catalogue has ${catalogued} for ${name}`];
}

function errorsFindings(name: string, errors: Json): Finding[] {
  const items: Json[] = Array.isArray(errors) ? errors : [];
  if (items.length === 0)
    return name === 'invalid-request' ? [['problem-errors', ['expected errors with an item, got none']]] : [];
  const faults = items
    .filter((item) => (item?.pointer === undefined) === (item?.parameter === undefined))
    .map((item) => `expected exactly one of pointer and parameter, got ${JSON.stringify(item)}`);
  return [['problem-errors', faults]];
}

// What a problem of that name must carry, and the type of it.
const MEMBERS: Readonly<Record<string, readonly [member: string, type: string]>> = {
  'task-state-conflict': ['state', 'string'],
  'payload-too-large': ['limitBytes', 'number'],
  'feature-not-supported': ['feature', 'string'],
};

function membersFindings(name: string, json: Json): Finding[] {
  const [member, type] = MEMBERS[name] ?? [];
  if (member === undefined) return [];
  const isThere = typeof json[member] === type;
  return [['problem-members', isThere ? [] : [`expected ${member} in ${name}, got none`]]];
}

// Signs of what an implementation lets slip: frames of a stack, names of exceptions, statements of SQL.
const SECRETS: readonly RegExp[] = [
  /\\n\s+at \S+.*:\d+:\d+/,
  /Traceback \(most recent call last\)/,
  /\bgoroutine \d+ \[/,
  /\b(Type|Syntax|Reference|Range|Internal|Assertion|Key|Value|Attribute)Error\b/,
  /\b\w+Exception\b/,
  /\b(SELECT|INSERT INTO|UPDATE|DELETE FROM)\s.+\b(FROM|VALUES|SET|WHERE)\b/,
  /\bselect\s.+\sfrom\s+\w+\s+where\b/,
  /\bSQLSTATE\b|\bsyntax error at or near\b/,
];

function secretsIn(text: string): string[] {
  const found = SECRETS.map((sign) => sign.exec(text)?.[0]).find((each) => each !== undefined);
  return found === undefined ? [] : [`expected no text of an internal error, got ${found}`];
}
