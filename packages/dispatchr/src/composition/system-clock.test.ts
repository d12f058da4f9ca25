import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from './system-clock.ts';

describe('systemClock', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
  afterEach(() => void vi.useRealTimers());

  it('runs a timer beyond the longest that setTimeout takes, and not before', () => {
    const ran = vi.fn();
    const days60 = 60 * 86_400_000;
    systemClock.timer(days60, ran);
    vi.advanceTimersByTime(days60 - 1);
    expect(ran).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(ran).toHaveBeenCalledOnce();
  });

  it('never runs a timer that was taken back', () => {
    const ran = vi.fn();
    const cancel = systemClock.timer(60 * 86_400_000, ran);
    vi.advanceTimersByTime(40 * 86_400_000);
    cancel();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('never goes back', () => {
    const before = systemClock.monotonicMs();
    const after = systemClock.monotonicMs();
    expect(after).toBeGreaterThanOrEqual(before);
  });
});
