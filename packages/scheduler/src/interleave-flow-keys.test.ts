import { expect, it } from 'vitest';
import { interleaveFlowKeys } from './interleave-flow-keys.ts';

it('flow keys take turns, each in its own order', () => {
  const tasks = ['a1', 'a2', 'a3', 'b1', 'a4', 'c1', 'b2'].map((id) => ({ id, flowKey: id.charAt(0) }));
  expect(interleaveFlowKeys(tasks).map(({ id }) => id)).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3', 'a4']);
});
