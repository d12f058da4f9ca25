import { CPU_FIGURE } from '../world/cpu-figures.ts';
import type { Figures } from '../world/side.ts';
import type { Comparison, SideSummary, Summary } from './summary.ts';

/** Head and body of a contest's table, as texts. */
export interface Rows {
  readonly head: readonly string[];
  readonly body: readonly (readonly string[])[];
}

/** One row a side: its medians, CPU by kind of process, and what each subject is, divided by the side. */
export function rowsOf(summary: Summary): Rows {
  const columns = summary.columns.flatMap((figure) => columnsOf(figure));
  const ratios = summary.comparisons.map((comparison) => ratioColumn(comparison));
  const all = [SIDE, ...columns, ...ratios];
  return {
    head: all.map(({ title }) => title),
    body: summary.sides.map((side) => all.map(({ cell }) => cell(side))),
  };
}

interface Column {
  readonly title: string;
  readonly cell: (side: SideSummary) => string;
}

const SIDE: Column = { title: 'side', cell: ({ name }) => name };

function columnsOf(figure: string): readonly Column[] {
  const column: Column = { title: figure, cell: ({ medians }) => showFigure(medians[figure]) };
  if (figure !== CPU_FIGURE) return [column];
  return [column, { title: 'of which', cell: ({ medians }) => showParts(medians) }];
}

function showParts(medians: Figures): string {
  const prefix = `${CPU_FIGURE}, `;
  const parts = Object.entries(medians).filter(([name]) => name.startsWith(prefix));
  return parts.map(([name, figure]) => `${name.slice(prefix.length)} ${showFigure(figure)}`).join(', ');
}

function ratioColumn({ subject, figure, ratios }: Comparison): Column {
  return {
    title: `${subject} ÷ side: ${figure}`,
    cell({ name }) {
      const ratio = ratios[name];
      if (ratio === undefined) return '–';
      const { median, low, high } = ratio;
      if (low === undefined || high === undefined) return median.toFixed(2);
      return `${median.toFixed(2)} (${low.toFixed(2)} … ${high.toFixed(2)})`;
    },
  };
}

/** Tenths below 100, whole numbers in groups of three digits above; a dash for what is not known. */
export function showFigure(figure: number | undefined): string {
  if (figure === undefined || Number.isNaN(figure)) return '–';
  return figure < 99.95 ? figure.toFixed(1) : Math.round(figure).toLocaleString('en-US');
}
