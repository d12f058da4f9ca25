import type { Machine } from './machine.ts';
import { type Rows, rowsOf } from './rows.ts';
import type { Summary } from './summary.ts';

/** The tables of a run, and where and how it ran, as a part of a Markdown page. */
export function markdownOf(machine: Machine, summaries: readonly Summary[]): string {
  const facts = Object.entries(machine).map(([name, fact]) => `- ${name}: ${fact}\n`);
  const tables = summaries.map(
    (summary) => `\n## ${summary.title}\n\n${roundsOf(summary)}\n\n${markdownTable(rowsOf(summary))}`,
  );
  return facts.join('') + tables.join('');
}

/** How to read a table. */
export function roundsOf({ rounds, comparisons }: Summary): string {
  const medians = `Medians of ${rounds.length} round${rounds.length === 1 ? '' : 's'}.`;
  if (comparisons.length === 0) return medians;
  const interval = rounds.length < 3 ? '' : ', with the 95 % interval of the mean';
  return `${medians} A ratio is the median of the rounds' ratios${interval}: more is better of a rate, less of a time.`;
}

/** A table as Markdown. */
export function markdownTable({ head, body }: Rows): string {
  const rule = head.map((_, column) => (column === 0 ? '---' : '---:'));
  return [head, rule, ...body].map((row) => `| ${row.map(escapeCell).join(' | ')} |\n`).join('');
}

function escapeCell(text: string): string {
  return text.replaceAll('|', String.raw`\|`);
}
