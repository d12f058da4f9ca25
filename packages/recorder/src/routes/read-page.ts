import { LIMITS } from '@dispatchr/contract';
import type { Limits, ProblemError } from '@dispatchr/contract';
import { decodeCursor, decodeNameCursor } from '../cursor.ts';
import { show } from '../validation/show.ts';

/** Which page of a list is asked for, or what is wrong with the question. */
export type PageQuery<Position = number> =
  | { kind: 'page'; limit: number; position: Position | undefined }
  | { kind: 'invalid'; errors: ProblemError[] };

/** Reads `limit` and `cursor` of a list in the order of a number. Spec: PAG-008, PAG-009. */
export function readPage(asked: number | undefined, cursor: string | undefined, limits: Limits): PageQuery {
  return readPageBy(decodeCursor, asked, cursor, limits);
}

/** Reads `limit` and `cursor` of a list in the order of a name. Spec: PAG-008, PAG-009. */
export function readNamedPage(
  asked: number | undefined,
  cursor: string | undefined,
  limits: Limits,
): PageQuery<string> {
  return readPageBy(decodeNameCursor, asked, cursor, limits);
}

function readPageBy<Position>(
  decode: (cursor: string) => Position | undefined,
  asked: number | undefined,
  cursor: string | undefined,
  { maxPageSize }: Limits,
): PageQuery<Position> {
  const limit = asked ?? Math.min(LIMITS.defaultPageSize, maxPageSize);
  const errors: ProblemError[] = [];
  if (limit > maxPageSize)
    errors.push({ parameter: 'limit', detail: `expected at most ${maxPageSize}, got ${limit}` });
  const position = cursor === undefined ? undefined : decode(cursor);
  if (cursor !== undefined && position === undefined) {
    const expected = 'expected the "nextCursor" of the page before, or no cursor for the first page';
    errors.push({ parameter: 'cursor', detail: `${expected}, got ${show(cursor)}` });
  }
  return errors.length > 0 ? { kind: 'invalid', errors } : { kind: 'page', limit, position };
}
