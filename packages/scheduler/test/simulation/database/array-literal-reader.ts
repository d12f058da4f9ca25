/** Reads the array literals in which the store sends lists: elements as text, NULL as null; a column without values is NULL. */
export function readArrayLiteral(literal: unknown): (string | null)[] {
  if (literal === null) return [];
  const text = literal as string;
  if (text === '{}') return [];
  if (!text.includes('"')) return text.slice(1, -1).split(',').map(nullOr);
  const elements: (string | null)[] = [];
  for (let index = 1; index < text.length;) {
    const [element, end] = text[index] === '"' ? readQuoted(text, index + 1) : readBare(text, index);
    elements.push(element);
    index = end + 1;
  }
  return elements;
}

/** Reads a list of numbers without NULLs. */
export function readNumbers(literal: unknown): number[] {
  return readArrayLiteral(literal).map(Number);
}

/** A lane, and from when on it is looked at, in milliseconds since 1970. */
export interface SearchedLane {
  readonly priority: number;
  readonly sinceMs: number;
}

/** Reads the lanes of a claim or a search. */
export function readLanes(priorities: unknown, sinces: unknown): SearchedLane[] {
  return readRows({ priority: priorities, since: sinces }).map(({ priority, since }) => ({
    priority: Number(priority),
    sinceMs: since === '-infinity' ? -Infinity : Date.parse(since),
  }));
}

/** Reads arrays of one length as rows, an element of each array under its name. */
export function readRows<K extends string>(literals: Readonly<Record<K, unknown>>): Record<K, string>[] {
  const columns = Object.entries(literals).map(
    ([name, literal]) => [name, readArrayLiteral(literal)] as const,
  );
  const [first] = columns;
  return (first?.[1] ?? []).map(
    (_, index) =>
      Object.fromEntries(columns.map(([name, values]) => [name, values[index]])) as Record<K, string>,
  );
}

function nullOr(text: string): string | null {
  return text === 'NULL' ? null : text;
}

function readBare(text: string, start: number): [string | null, number] {
  let end = start;
  while (text[end] !== ',' && text[end] !== '}') end += 1;
  return [nullOr(text.slice(start, end)), end];
}

function readQuoted(text: string, start: number): [string, number] {
  let end = start;
  while (text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
  return [text.slice(start, end).replaceAll(/\\(.)/gs, '$1'), end + 1];
}
