import { validate, version } from 'uuid';
import { expect, test, vi } from 'vitest';
import { createTaskIds } from './task-ids.ts';

test('ids are UUIDs of version 7, and no two are alike over several draws of random bytes', () => {
  const newId = createTaskIds();
  const ids = Array.from({ length: 1000 }, newId);
  expect(ids.every((id) => validate(id) && version(id) === 7)).toBe(true);
  // What no counter is in differs too.
  expect(new Set(ids.map((id) => id.slice(24))).size).toBe(1000);
});

test('each id is greater than the one before, even when the clock steps back', () => {
  const newId = createTaskIds();
  const ids = Array.from({ length: 3000 }, newId);
  vi.useFakeTimers({ now: Date.now() - 60_000 });
  ids.push(newId(), newId());
  vi.useRealTimers();
  ids.push(newId());
  expect(ids.toSorted()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
});
