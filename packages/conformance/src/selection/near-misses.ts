const MOST_MISSES = 3;

/** The names that a mistyped one may have meant, nearest first, at most three; none if nothing is near. */
export function nearMisses(typed: string, names: readonly string[]): string[] {
  const wanted = typed.replaceAll(/[*?]/g, '').toLowerCase();
  if (wanted === '') return [];
  return names
    .map((name) => ({ name, distance: distanceOf(wanted, name.toLowerCase()) }))
    .filter(({ distance }) => distance <= Math.max(2, wanted.length / 3))
    .toSorted((a, b) => a.distance - b.distance)
    .slice(0, MOST_MISSES)
    .map(({ name }) => name);
}

/** A hint such as ` (did you mean a or b?)`; empty if nothing is near. */
export function hintOf(typed: string, names: readonly string[]): string {
  const misses = nearMisses(typed, names);
  return misses.length === 0 ? '' : ` (did you mean ${misses.join(' or ')}?)`;
}

// A name that holds what was typed is near, however long it is, and so is one that begins almost like it.
function distanceOf(typed: string, name: string): number {
  if (name.includes(typed)) return 0;
  return Math.min(editDistance(typed, name), editDistance(typed, name.slice(0, typed.length)) + 1);
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (const [at, character] of a.split('').entries()) {
    const next = [at + 1];
    for (let column = 1; column <= b.length; column += 1) {
      const replaced = (row[column - 1] ?? 0) + (character === b[column - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
