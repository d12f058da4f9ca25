import { expect, it } from 'vitest';
import { rowsOf, showFigure } from './rows.ts';
import { textTable } from './text-table.ts';

it('has a row a side, with its CPU by kind of process and the ratios to it', () => {
  const { head, body } = rowsOf({
    name: 'race',
    title: 'A race',
    columns: ['rate', 'CPU µs a task'],
    sides: [
      { name: 'ours', medians: { rate: 1234.5, 'CPU µs a task': 30, 'CPU µs a task, client': 30 } },
      { name: 'limit', medians: { rate: 99.94 } },
    ],
    comparisons: [
      {
        subject: 'ours',
        figure: 'rate',
        ratios: { limit: { median: 12.345, mean: 12, low: 11, high: 13 } },
      },
    ],
    rounds: [],
  });
  expect(head).toEqual(['side', 'rate', 'CPU µs a task', 'of which', 'ours ÷ side: rate']);
  expect(body).toEqual([
    ['ours', '1,235', '30.0', 'client 30.0', '–'],
    ['limit', '99.9', '–', '', '12.35 (11.00 … 13.00)'],
  ]);
});

it.each([
  [0, '0.0'],
  [99.96, '100'],
  [123_456.7, '123,457'],
  [Number.NaN, '–'],
  [undefined, '–'],
])('shows %s as %s', (figure, text) => {
  expect(showFigure(figure)).toBe(text);
});

it('breaks long titles between words, and puts figures to the right', () => {
  const rows = { head: ['side', 'tasks in a second'], body: [['dispatchr', '1,234']] };
  const lines = [
    '            tasks in a',
    'side            second',
    '─────────   ──────────',
    'dispatchr        1,234',
  ];
  expect(textTable(rows)).toBe(`${lines.join('\n')}\n`);
});
