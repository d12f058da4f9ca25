/** The headers of a request: those of `fetch`, or an object as Node has it, whatever the case of the names. */
export type RequestHeaders = Headers | Readonly<Record<string, string | readonly string[] | undefined>>;

/** Looks a header up by its name in lower case; the first value if there are several, undefined if there is none. */
export function headerReader(headers: RequestHeaders): (name: string) => string | undefined {
  if (typeof headers.get === 'function') return (name) => (headers as Headers).get(name) ?? undefined;
  const values = new Map(
    Object.entries(headers as Readonly<Record<string, string | readonly string[] | undefined>>).map(
      ([name, value]) => [name.toLowerCase(), typeof value === 'object' ? value[0] : value],
    ),
  );
  return (name) => values.get(name);
}
