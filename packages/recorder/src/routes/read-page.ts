import { LIMITS } from '@dispatchr/contract';
import type { Limits, ProblemError } from '@dispatchr/contract';
import { decodeCursor } from '../cursor.ts';
import { show } from '../validation/show.ts';

/** Which page of a list is asked for, or what is wrong with the question. */
export type PageQuery =
  { kind: 'page'; limit: number; position: number | undefined } | { kind: 'invalid'; errors: ProblemError[] };

/** Reads `limit` and `cursor` of a list. Spec: PAG-008, PAG-009. */
export function readPage(
  asked: number | undefined,
  cursor: string | undefined,
  { maxPageSize }: Limits,
): PageQuery {
  const limit = asked ?? Math.min(LIMITS.defaultPageSize, maxPageSize);
  const errors: ProblemError[] = [];
  if (limit > maxPageSize)
    errors.push({ parameter: 'limit', detail: `expected at most ${maxPageSize}, got ${limit}` });
  const position = cursor === undefined ? undefined : decodeCursor(cursor);
  if (cursor !== undefined && position === undefined) {
    const expected = 'expected the "nextCursor" of the page before, or no cursor for the first page';
    errors.push({ parameter: 'cursor', detail: `${expected}, got ${show(cursor)}` });
  }
  return errors.length > 0 ? { kind: 'invalid', errors } : { kind: 'page', limit, position };
}
