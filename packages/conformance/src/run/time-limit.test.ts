import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { TimeLimit } from './time-limit.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('counts only the time between its pauses', async () => {
  const limit = new TimeLimit(100);
  const exceeded = vi.fn();
  void limit.exceeded.then(exceeded);
  await vi.advanceTimersByTimeAsync(60);
  limit.pause();
  await vi.advanceTimersByTimeAsync(1000);
  limit.resume();
  await vi.advanceTimersByTimeAsync(39);
  expect(exceeded).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(exceeded).toHaveBeenCalledOnce();
});
