import { describe, expect, it } from 'vitest';
import type { Contest } from '../contests/contest.ts';
import type { Figures } from '../world/side.ts';
import { medianOf, summarize } from './summary.ts';

const CONTEST: Contest = {
  name: 'race',
  title: 'A race',
  figures: ['rate'],
  compared: ['rate'],
  subjects: ['ours'],
  hasPeers: false,
  openSides: () => Promise.resolve([]),
};

function roundOf(ours: number, limit: number): ReadonlyMap<string, Figures> {
  return new Map([
    ['ours', { rate: ours }],
    ['limit', { rate: limit }],
  ]);
}

describe('the summary of a contest', () => {
  it('has the median of the ratios of each round, not the ratio of the medians', () => {
    const rounds = [roundOf(10, 20), roundOf(30, 40), roundOf(20, 100)];
    const summary = summarize(CONTEST, ['ours', 'limit'], rounds);
    expect(summary.sides.map(({ medians }) => medians['rate'])).toEqual([20, 40]);
    expect(Object.keys(summary.comparisons[0]?.ratios ?? {})).toEqual(['limit']);
    const ratio = summary.comparisons[0]?.ratios['limit'];
    expect(ratio?.median).toBeCloseTo(0.5, 6);
    expect(ratio?.low).toBeLessThan(0.5);
  });

  it('tells no interval of two rounds', () => {
    const summary = summarize(CONTEST, ['ours', 'limit'], [roundOf(1, 2), roundOf(3, 4)]);
    expect(summary.comparisons[0]?.ratios['limit']).toEqual({ median: 0.625 });
  });

  it('leaves out a ratio to a side without the figure', () => {
    const round = new Map([
      ['ours', { rate: 1 }],
      ['limit', {}],
    ] as [string, Figures][]);
    expect(summarize(CONTEST, ['ours', 'limit'], [round]).comparisons[0]?.ratios).toEqual({});
  });
});

it.each([
  [[3, 1, 2], 2],
  [[4, 1, 2, 3], 2.5],
  [[7], 7],
  [[], Number.NaN],
])('the median of %j is %d', (values, median) => {
  expect(medianOf(values)).toBe(median);
});
