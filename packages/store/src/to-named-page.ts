import type { NamedPage } from './queue-record.ts';

/** Cuts a page of `limit` out of what was found; `found` has one more than that if another page follows. */
export function toNamedPage<T>(
  found: readonly T[],
  limit: number,
  nameOf: (item: T) => string,
): NamedPage<T> {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return found.length > limit && last !== undefined ? { items, next: nameOf(last) } : { items };
}
