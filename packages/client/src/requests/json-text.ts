/** The JSON text of a request's body; a `bigint` in it becomes a number with all of its digits. */
export function jsonText(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    // Only what fails is written anew: asking about each value takes several times as long.
    return JSON.stringify(value, (_name, item: unknown) =>
      typeof item === 'bigint' ? rawNumber(item, error) : item,
    );
  }
}

/** Needs `JSON.rawJSON`, which Node has from version 22 on. */
function rawNumber(value: bigint, cause: unknown): unknown {
  const { rawJSON } = JSON as { rawJSON?: (text: string) => unknown };
  if (rawJSON !== undefined) return rawJSON(value.toString());
  throw new TypeError('expected no bigint before Node 22, got one; submit it as a string', { cause });
}
