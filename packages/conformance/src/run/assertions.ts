import { isDeepStrictEqual } from 'node:util';
import { statusOfProblem } from '../spec/documents.ts';
import type { ApiResponse, Json } from './api.ts';
import { shortened } from './timeline.ts';
import { earlinessMs, type Timing } from './timing.ts';

/** Where a problem must say that the fault is, and what else it must carry. */
export interface ProblemPlace {
  readonly pointer?: string;
  readonly parameter?: string;
  /** Other members, for example `{ state: 'running' }`. */
  readonly members?: object;
}

/** A value for a message, on one line. */
export function shown(value: unknown): string {
  return shortened(typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing'));
}

/** Deep equality; `undefined` members count as absent. */
export function isEqual(a: unknown, b: unknown): boolean {
  return isDeepStrictEqual(plain(a), plain(b));
}

/** True if `value` has at least the members of `wanted`, deeply; arrays must have the same length. */
export function isMatch(value: Json, wanted: Json): boolean {
  if (Array.isArray(wanted)) {
    return (
      Array.isArray(value) &&
      value.length === wanted.length &&
      wanted.every((each, at) => isMatch(value[at], each))
    );
  }
  if (typeof wanted !== 'object' || wanted === null) return isEqual(value, wanted);
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(wanted).every(([name, member]) => isMatch(value[name], member));
}

const plain = (value: unknown): unknown =>
  value === undefined ? undefined : JSON.parse(JSON.stringify(value));

/** What is wrong with a response that must be that problem; `undefined` if nothing is. */
export function problemFault(
  response: ApiResponse,
  name: string,
  at: ProblemPlace,
): { expected: string; got: string } | undefined {
  const status = statusOfProblem(name);
  if (status === undefined) throw new TypeError(`${name} is not in the problem catalogue`);
  const { json } = response;
  const isThere = response.status === status && json?.type === `urn:dispatchr:problem:${name}`;
  const places: Json[] = Array.isArray(json?.errors) ? json.errors : [];
  const isPlaced =
    (at.pointer === undefined && at.parameter === undefined) || places.some((each) => isAt(each, at));
  if (isThere && isPlaced && isMatch(json, at.members ?? {})) return undefined;
  const place = at.pointer === undefined ? at.parameter : `pointer ${JSON.stringify(at.pointer)}`;
  const expected = `${status} ${name}${place === undefined ? '' : ` at ${place}`}${at.members === undefined ? '' : ` with ${shown(at.members)}`}`;
  return { expected, got: `${response.status} ${shown(json ?? response.text)}` };
}

function isAt(error: Json, { pointer, parameter }: ProblemPlace): boolean {
  // Header names are the same in any case.
  const named = String(error?.parameter).toLowerCase() === parameter?.toLowerCase();
  return pointer === undefined ? named : error?.pointer === pointer;
}

/** Judges a pause: too early is a violation; late is a warning, and far too late a violation. */
export function judgePause(
  gotMs: number,
  minimumMs: number,
  maximumMs: number,
  timing: Timing,
): { violation?: string; warning?: string } {
  if (gotMs < minimumMs - earlinessMs(minimumMs)) return { violation: `at least ${minimumMs} ms` };
  // A busy machine is late by seconds; a pause that is not kept is late by its next multiple, or for ever.
  const latest = 2 * maximumMs + 4 * timing.latencyMs + timing.patienceMs / 5;
  if (gotMs > latest) return { violation: `at most ${maximumMs} ms, and some time for the delivery` };
  const isLate = gotMs > maximumMs + timing.latencyMs + earlinessMs(maximumMs);
  return isLate ? { warning: `expected about ${maximumMs} ms, got ${Math.round(gotMs)} ms` } : {};
}
