/**
 * By how many starts the worst window, of whatever length and wherever it begins, goes beyond `burst` + rate × length; 0 or
 * less where none does. Exact, in one pass: the window that ends at a start is worst if it begins where the count so far is
 * lowest against the rate.
 * @param sortedAtMs - instants of the starts in milliseconds, none before the one in front of it.
 */
export function worstExcess(
  sortedAtMs: readonly number[],
  { perSecond, burst }: { readonly perSecond: number; readonly burst: number },
): number {
  let worst = -burst;
  let lowest = Infinity;
  for (const [index, atMs] of sortedAtMs.entries()) {
    const against = index - (atMs / 1000) * perSecond;
    lowest = Math.min(lowest, against);
    worst = Math.max(worst, against + 1 - lowest - burst);
  }
  return worst;
}
