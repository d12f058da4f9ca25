/** What an array literal can hold. */
export type ArrayElement = string | number | boolean | null;

/**
 * Writes values as a PostgreSQL array literal, for a parameter that the statement casts (`$1::text[]`).
 * Drivers infer an array's type from its first value and fail on NULLs and dates; text leaves it to the server.
 */
export function toArrayLiteral(values: readonly ArrayElement[]): string {
  let literal = '{';
  for (let index = 0; index < values.length; index += 1) {
    if (index > 0) literal += ',';
    literal += toElement(values[index] ?? null);
  }
  return `${literal}}`;
}

const NEEDS_ESCAPE = /["\\]/g;

function toElement(value: ArrayElement): string {
  if (value === null) return 'NULL';
  if (typeof value === 'string') return `"${value.replace(NEEDS_ESCAPE, String.raw`\$&`)}"`;
  return String(value);
}
