import { validate, version } from 'uuid';
import { expect, test } from 'vitest';
import { createTaskIds } from './task-ids.ts';

test('ids are UUIDs of version 7, and no two are alike over several draws of random bytes', () => {
  const newId = createTaskIds();
  const ids = Array.from({ length: 1000 }, newId);
  expect(ids.every((id) => validate(id) && version(id) === 7)).toBe(true);
  expect(new Set(ids).size).toBe(1000);
  // All the random bytes differ, not only the clock.
  expect(new Set(ids.map((id) => id.slice(14))).size).toBe(1000);
});
