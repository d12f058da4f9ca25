/** Ends a message with " (did you mean X?)" when a known name is close to the unknown one, else with nothing. */
export function didYouMean(unknown: string, known: readonly string[]): string {
  const nearest = nearestName(unknown, known);
  return nearest === undefined ? '' : ` (did you mean ${nearest}?)`;
}

/** The known name with the fewest edits, if those are at most a third of its length; letter case is ignored. */
export function nearestName(unknown: string, known: readonly string[]): string | undefined {
  let best: { name: string; edits: number } | undefined;
  for (const name of known) {
    const edits = countEdits(unknown.toLowerCase(), name.toLowerCase());
    if (edits <= name.length / 3 && edits < (best?.edits ?? Infinity)) best = { name, edits };
  }
  return best?.name;
}

/** Edits from one name to another: a letter put in, left out, replaced, or swapped with its neighbour. */
function countEdits(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    for (let j = 1; j <= to.length; j++) {
      const replaced = last[j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1);
      const isSwapped = from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      const swapped = isSwapped ? beforeLast[j - 2]! + 1 : Infinity;
      row.push(Math.min(replaced, swapped, last[j]! + 1, row[j - 1]! + 1));
    }
    [beforeLast, last] = [last, row];
  }
  return last[to.length]!;
}
