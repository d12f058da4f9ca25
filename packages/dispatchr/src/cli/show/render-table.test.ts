import { describe, expect, it } from 'vitest';
import { displayWidth } from './display-width.ts';
import { renderTable } from './render-table.ts';
import type { Column } from './render-table.ts';

interface Row {
  id: string;
  name: string;
  count: number;
}

const columns: Column<Row>[] = [
  { heading: 'ID', text: (row) => row.id },
  { heading: 'NAME', text: (row) => row.name, cutTo: 6, tone: () => 'red' },
  { heading: 'COUNT', text: (row) => String(row.count), alignRight: true },
];
const sentence: Column<Row> = {
  heading: 'WHERE IT STANDS',
  text: () => 'completed on attempt 1 after 45 ms',
};
const rows = [
  { id: 'order-1842', name: 'send-receipt', count: 7 },
  { id: 'b', name: 'x', count: 1234 },
];
const pipe = { width: undefined, colours: false };

describe('renderTable', () => {
  it('aligns columns, numbers to the right, and leaves no space at the end of a line', () => {
    expect(renderTable(rows, columns, pipe, sentence)).toEqual([
      'ID          NAME          COUNT  WHERE IT STANDS',
      'order-1842  send-receipt      7  completed on attempt 1 after 45 ms',
      'b           x              1234  completed on attempt 1 after 45 ms',
    ]);
  });

  it('cuts what may be cut on a narrow terminal, and puts the sentence below', () => {
    expect(renderTable(rows, columns, { width: 25, colours: false }, sentence)).toEqual([
      'ID          NAME    COUNT',
      'order-1842  send-…      7',
      '    completed on attempt 1 after 45 ms',
      'b           x        1234',
      '    completed on attempt 1 after 45 ms',
    ]);
  });

  it('keeps whole what must be copied, however narrow the terminal is', () => {
    expect(renderTable(rows, columns, { width: 5, colours: false })[1]).toContain('order-1842');
  });

  it('colours what a column colours', () => {
    const [, first] = renderTable(rows, columns, { width: 80, colours: true });
    expect(first).toBe('order-1842  \u001b[31msend-receipt\u001b[0m      7');
  });

  it('escapes control characters and counts wide ones twice', () => {
    const [, first, second] = renderTable(
      [
        { id: '東京', name: '\u001b[2J', count: 1 },
        { id: 'abcd', name: 'x', count: 1 },
      ],
      columns,
      pipe,
    );
    expect(first).toBe(String.raw`東京  \u001b[2J      1`);
    expect(second).toBe(String.raw`abcd  x              1`);
  });
});

describe('displayWidth', () => {
  it.each([
    ['abc', 3],
    ['東京', 4],
    ['🎉', 2],
    ['e\u0301', 1],
  ])('of %s is %d', (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });
});
