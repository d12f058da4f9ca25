import { expect, it } from 'vitest';
import { cpuFigures } from './cpu-figures.ts';

it('counts microseconds a task, over all processes and by kind', () => {
  const figures = cpuFigures({ client: 100, database: 1000 }, { client: 300, database: 1100 }, 1000);
  expect(figures).toEqual({
    'CPU µs a task': 300,
    'CPU µs a task, client': 200,
    'CPU µs a task, database': 100,
  });
});

it('has no sum where a kind of process is not known', () => {
  const figures = cpuFigures(
    { client: 100, database: Number.NaN },
    { client: 300, database: Number.NaN },
    1000,
  );
  expect(figures).toEqual({ 'CPU µs a task, client': 200 });
});
