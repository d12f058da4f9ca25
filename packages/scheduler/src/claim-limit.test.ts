import { describe, expect, it } from 'vitest';
import { createClaimLimit } from './claim-limit.ts';

describe('the limit of a claim', () => {
  it('is none until a claim fails', () => {
    const limit = createClaimLimit();
    limit.succeeded(500);
    expect(limit.most()).toBe(Infinity);
  });

  it('halves with each claim that fails, down to one task', () => {
    const limit = createClaimLimit();
    const after = [100, 50, 3, 1].map((asked) => {
      limit.failed(asked);
      return limit.most();
    });
    expect(after).toEqual([50, 25, 1, 1]);
  });

  it('grows again with claims that bring something, until it is forgotten', () => {
    const limit = createClaimLimit();
    limit.failed(2);
    limit.succeeded(0);
    expect(limit.most()).toBe(1);
    limit.succeeded(1);
    expect(limit.most()).toBe(2);
    for (let claim = 0; claim < 120; claim += 1) limit.succeeded(1);
    expect(limit.most()).toBe(Infinity);
  });

  it('lets several claims succeed before one is as large again as the one that failed', () => {
    const limit = createClaimLimit();
    limit.failed(100);
    let claims = 0;
    for (; limit.most() < 100; claims += 1) limit.succeeded(50);
    expect(claims).toBeGreaterThan(5);
  });
});
