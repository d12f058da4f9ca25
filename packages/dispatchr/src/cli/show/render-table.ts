import { cutToWidth, displayWidth } from './display-width.ts';
import { escapeControls } from './escape-controls.ts';
import { paint } from './output-style.ts';
import type { OutputStyle, Tone } from './output-style.ts';

/** A column of a table of `Row`s. */
export interface Column<Row> {
  heading: string;
  /** What stands there; an empty text if there is nothing to say. */
  text: (row: Row) => string;
  tone?: (row: Row) => Tone | undefined;
  /** Numbers are easier to compare when they end in the same column. */
  alignRight?: boolean;
  /** The fewest columns it may be cut to on a narrow terminal. What must be copied whole is never cut. */
  cutTo?: number;
}

/** Columns that are more than the narrowest sentence worth having beside the others. */
const NARROWEST_SENTENCE = 40;
const GAP = '  ';
const INDENT = '    ';

/**
 * Renders rows as aligned lines with a heading. On a terminal the columns that may be cut are, widest first, until the table fits.
 * `sentence` is put at the end of each line, or on a line of its own below where the terminal has no room for it.
 */
export function renderTable<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  style: OutputStyle,
  sentence?: Column<Row>,
): string[] {
  const cells = rows.map((row) => columns.map((column) => escapeControls(column.text(row))));
  const widths = fitWidths(columns, cells, style.width);
  const used = widths.reduce((sum, width) => sum + width + GAP.length, 0);
  const below = style.width !== undefined && style.width - used < NARROWEST_SENTENCE;
  const line = (texts: readonly string[], end: string, row?: Row): string =>
    [...columns.map((column, index) => cell(column, texts[index]!, widths[index]!, style, row)), end]
      .join(GAP)
      .trimEnd();

  const heading = line(
    columns.map((column) => column.heading),
    below ? '' : (sentence?.heading ?? ''),
  );
  const lines = rows.flatMap((row, index) => {
    const said = escapeControls(sentence?.text(row) ?? '');
    if (sentence === undefined || !below) return [line(cells[index]!, said, row)];
    return [line(cells[index]!, '', row), `${INDENT}${paint(said, 'dim', style)}`];
  });
  return [paint(heading, 'bold', style), ...lines];
}

function cell<Row>(column: Column<Row>, text: string, width: number, style: OutputStyle, row?: Row): string {
  const shown = cutToWidth(text, width);
  const space = ' '.repeat(width - displayWidth(shown));
  const painted = row === undefined ? shown : paint(shown, column.tone?.(row), style);
  return column.alignRight ? `${space}${painted}` : `${painted}${space}`;
}

function fitWidths<Row>(
  columns: readonly Column<Row>[],
  cells: readonly (readonly string[])[],
  available: number | undefined,
): number[] {
  const widths = columns.map((column, index) =>
    Math.max(...[column.heading, ...cells.map((row) => row[index]!)].map(displayWidth)),
  );
  if (available === undefined) return widths;
  const total = () => widths.reduce((sum, width) => sum + width + GAP.length, -GAP.length);
  while (total() > available) {
    const cuttable = columns.map((column, index) => (widths[index]! > leastOf(column) ? widths[index]! : 0));
    const widest = Math.max(...cuttable);
    if (widest === 0) break;
    widths[cuttable.indexOf(widest)] = widest - 1;
  }
  return widths;
}

function leastOf<Row>({ cutTo, heading }: Column<Row>): number {
  return cutTo === undefined ? Infinity : Math.max(cutTo, heading.length);
}
