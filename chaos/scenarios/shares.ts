/** How far a share may be from what its weight says. */
export interface ShareFigure {
  readonly name: string;
  readonly count: number;
  /** Its part of all, 0 … 1. */
  readonly share: number;
  /** What it is more or less than its weight says, as a part of that: 0.05 is 5 % too much. */
  readonly off: number;
}

/** What each name got of all, against its weight. A name that is in no weight is left out. */
export function sharesOf(
  names: readonly string[],
  weights: Readonly<Record<string, number>>,
): readonly ShareFigure[] {
  const known = names.filter((name) => name in weights);
  const sum = Object.values(weights).reduce((total, weight) => total + weight, 0);
  return Object.entries(weights).map(([name, weight]) => {
    const count = known.filter((other) => other === name).length;
    const share = known.length === 0 ? 0 : count / known.length;
    return { name, count, share, off: share / (weight / sum) - 1 };
  });
}
