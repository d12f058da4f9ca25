import { expect, it } from 'vitest';
import { selfTimesOf } from './cpu-profile.ts';

const frame = (functionName: string) => ({ functionName, url: '', lineNumber: 0 });

it('counts the time until the next sample, of the samples within the span, and no waiting', () => {
  const profile = {
    nodes: [
      { id: 1, callFrame: frame('early') },
      { id: 2, callFrame: frame('a') },
      { id: 3, callFrame: frame('(idle)') },
      { id: 4, callFrame: frame('b') },
      // The same function, called by another.
      { id: 5, callFrame: frame('a') },
    ],
    startTime: 1_000_000,
    samples: [1, 2, 3, 4, 5, 1],
    timeDeltas: [0, 1000, 200, 5000, 700, 300],
  };
  const times = selfTimesOf(profile, { fromMs: 1000.5, untilMs: 1007 });
  expect(times.map(({ frame: { functionName }, selfUs }) => [functionName, selfUs])).toEqual([
    ['b', 700],
    ['a', 500],
  ]);
});
