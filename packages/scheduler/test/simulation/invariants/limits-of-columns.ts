import type { Row } from '../database/row.ts';

/** Limits in the words of the specification. */
export interface Limits {
  readonly maxConcurrency?: number;
  readonly perSecond?: number;
  readonly burst?: number;
}

/** Reads the columns of a put, whose names may have a prefix. */
export function toLimits(columns: Row, prefix: string): Limits {
  const number = (name: string): number | undefined =>
    (columns[`${prefix}${name}`] ?? undefined) as number | undefined;
  const [maxConcurrency, perSecond] = [number('max_concurrency'), number('rate_per_second')];
  return {
    ...(maxConcurrency !== undefined && { maxConcurrency }),
    ...(perSecond !== undefined && {
      perSecond,
      burst: number('rate_burst') ?? Math.max(1, Math.ceil(perSecond)),
    }),
  };
}
