import type { ApiResponse } from '../../run/api.ts';
import type { CheckContext } from '../../run/check-context.ts';

// Longer than `parked`: what is accepted here may name a host that somebody has. The run cancels it at its end.
const YEAR_MS = 31_536_000_000;
const ROWS_AT_A_TIME = 16;

/** Judges a table, some rows at a time: a table of a hundred requests must not take a hundred times as long as one. */
export async function forAll<Row>(rows: Iterable<Row>, judge: (row: Row) => Promise<unknown>): Promise<void> {
  const left = [...rows].toReversed();
  const work = async (): Promise<void> => {
    for (let row = left.pop(); row !== undefined; row = left.pop()) await judge(row);
  };
  await Promise.all(Array.from({ length: ROWS_AT_A_TIME }, work));
}

/** Requires that a submit of these members beside those of a parked task is refused at `pointer`. */
export async function requireRefused(
  t: CheckContext,
  requirement: string,
  members: object,
  pointer: string,
  name = 'invalid-request',
): Promise<void> {
  const response = await t.api.submit(t.parked({ id: t.newId(), ...members }));
  t.problem(requirement, response, name, { pointer });
}

/** Requires that a submit of these members beside those of a parked task is recorded; answers its 201. */
export async function requireAccepted(
  t: CheckContext,
  requirement: string,
  members: object,
): Promise<ApiResponse> {
  const response = await t.api.submit(t.parked({ id: t.newId(), delayMs: YEAR_MS, ...members }));
  t.status(requirement, response, 201);
  return response;
}

/** Requires a problem at one of several places, where the specification leaves open which of two members is the wrong one. */
export function requireProblemAtOneOf(
  t: CheckContext,
  requirement: string,
  response: ApiResponse,
  pointers: readonly string[],
): void {
  t.problem(requirement, response, 'invalid-request');
  const found: unknown[] = (response.json.errors ?? []).map(({ pointer }: { pointer?: string }) => pointer);
  t.ok(
    requirement,
    `${response.request} has an error at ${pointers.join(' or ')}`,
    pointers.some((pointer) => found.includes(pointer)),
    found,
  );
}
