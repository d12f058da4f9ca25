import type { Rows } from './rows.ts';

const GAP = '   ';
/** Titles are broken between words rather than made wider than this and than what is below them. */
const TITLE_WIDTH = 12;

/** A table for a terminal: the first column to the left, the others to the right. */
export function textTable({ head, body }: Rows): string {
  const titles = head.map((title, column) =>
    wrap(title, Math.max(TITLE_WIDTH, ...body.map((row) => row[column]?.length ?? 0))),
  );
  const height = Math.max(...titles.map((lines) => lines.length));
  const headLines = Array.from({ length: height }, (_, line) =>
    titles.map((lines) => lines[line - height + lines.length] ?? ''),
  );
  const widths = head.map((_, column) =>
    Math.max(...[...headLines, ...body].map((row) => row[column]?.length ?? 0)),
  );
  const rule = widths.map((width) => '─'.repeat(width));
  return [...headLines, rule, ...body].map((row) => `${lineOf(row, widths)}\n`).join('');
}

function lineOf(row: readonly string[], widths: readonly number[]): string {
  return row
    .map((cell, column) => {
      const width = widths[column] ?? 0;
      return column === 0 ? cell.padEnd(width) : cell.padStart(width);
    })
    .join(GAP);
}

function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
