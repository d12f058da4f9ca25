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

function toElement(value: ArrayElement): string {
  if (value === null) return 'NULL';
  return typeof value === 'string' ? quote(value) : String(value);
}

const ESCAPED_QUOTE = String.raw`\"`;
const ESCAPED_BACKSLASH = String.raw`\\`;

/** Without a regular expression: each text of each task comes by here, and most have nothing to escape. */
function quote(text: string): string {
  const escaped = text.includes('\\') ? text.replaceAll('\\', ESCAPED_BACKSLASH) : text;
  return `"${escaped.replaceAll('"', ESCAPED_QUOTE)}"`;
}
