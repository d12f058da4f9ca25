import type { Round } from '../contests/play.ts';
import { ratioOf } from '../drain-ab/ratio.ts';
import { type Rows, showFigure } from '../report/rows.ts';
import { medianOf } from '../report/summary.ts';

/** What the rounds of a situation gave. */
export interface Measured {
  readonly name: string;
  readonly title: string;
  /** By `small` and `large`. */
  readonly rounds: readonly Round[];
}

/** One row a situation and figure: medians, and the median of the rounds' ratios. */
export function scaleRows(situations: readonly Measured[]): Rows {
  return {
    head: ['situation', 'figure', 'small', 'large', 'large ÷ small'],
    body: situations.flatMap(({ name, rounds }) => {
      const figures = Object.keys(rounds[0]?.get('small') ?? {});
      return figures.map((figure) => {
        const [small, large] = (['small', 'large'] as const).map((side) =>
          rounds.map((round) => round.get(side)?.[figure] ?? Number.NaN),
        ) as [number[], number[]];
        const ratios = large.map((value, index) => value / (small[index] ?? Number.NaN));
        return [name, figure, showFigure(medianOf(small)), showFigure(medianOf(large)), showRatio(ratios)];
      });
    }),
  };
}

/** With the 95 % interval of the mean where there are rounds enough for one. */
function showRatio(ratios: readonly number[]): string {
  if (!ratios.every((ratio) => ratio > 0 && ratio < Infinity)) return '–';
  if (ratios.length < 3) return medianOf(ratios).toFixed(2);
  const { median, low, high } = ratioOf(ratios);
  return `${median.toFixed(2)} (${low.toFixed(2)} … ${high.toFixed(2)})`;
}
