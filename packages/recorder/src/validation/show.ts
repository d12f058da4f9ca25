/** Characters of a value that a sentence has room for. */
const MAX_SHOWN = 80;

/** A value as JSON, cut to what fits in a sentence. */
export function show(value: unknown): string {
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  return typeof value === 'string' ? shorten(value, JSON.stringify) : String(value);
}

/** A text as it is, or its first 80 characters and how many it has. */
export function shorten(text: string, write: (text: string) => string = String): string {
  if (text.length <= MAX_SHOWN) return write(text);
  return `${write(text.slice(0, MAX_SHOWN))}… (${text.length} characters)`;
}
