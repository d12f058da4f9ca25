import { expect, it } from 'vitest';
import { interleaveFlowKeys } from './interleave-flow-keys.ts';

const idsInTurn = (...ids: string[]) => {
  const tasks = ids.map((id) => ({ id, queue: /[xy]/.exec(id)?.[0] ?? '', flowKey: id.charAt(0) }));
  return interleaveFlowKeys(tasks).map(({ id }) => id);
};

it('flow keys take turns, each in its own order', () => {
  const ids = idsInTurn('a1', 'a2', 'a3', 'b1', 'a4', 'c1', 'b2');
  expect(ids).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3', 'a4']);
});

it('a flow key of two queues has a turn in each', () => {
  expect(idsInTurn('ax1', 'ax2', 'ax3', 'ay1', 'ay2')).toEqual(['ax1', 'ay1', 'ax2', 'ay2', 'ax3']);
});
