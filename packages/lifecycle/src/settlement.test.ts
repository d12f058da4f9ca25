import { TRANSITIONS } from '@dispatchr/contract';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Outcome } from './outcome.ts';
import { resolveRetryPolicy } from './retry-policy.ts';
import { retryDelayMs } from './retry-delay.ts';
import { settlementOf } from './settlement.ts';
import type { AttemptContext, Settlement } from './settlement.ts';

const steady = () => 0;
const retry = resolveRetryPolicy({ maxAttempts: 3 });
const fresh: AttemptContext = { attemptsUsed: 0, retry, sinceFirstClaimMs: 0, previousLeaseLost: false };
const settle = (outcome: Outcome, context: Partial<AttemptContext> = {}) =>
  settlementOf(outcome, { ...fresh, ...context }, steady);
const retryable: Outcome = { kind: 'retryable' };
const leaseLost: Outcome = { kind: 'lease-lost' };
const released: Outcome = { kind: 'released' };

describe('a settlement', () => {
  test('of a completed attempt completes the task and uses up nothing', () => {
    expect(settle({ kind: 'completed' }, { attemptsUsed: 2 })).toEqual({
      state: 'completed',
      attemptsUsed: 2,
    });
  });

  test.each(['rejected', 'target-blocked'] as const)(
    'of a %s attempt fails the task for that reason',
    (kind) => {
      expect(settle({ kind }, { attemptsUsed: 1 })).toEqual({
        state: 'failed',
        reason: kind,
        attemptsUsed: 1,
      });
    },
  );

  test('completes after the budget, the duration and the expiry are over', () => {
    const late = {
      attemptsUsed: 9,
      sinceFirstClaimMs: 1e9,
      expiresInMs: -1,
      retry: resolveRetryPolicy({ maxDurationMs: 1 }),
    };
    expect(settle({ kind: 'completed' }, late)).toEqual({ state: 'completed', attemptsUsed: 9 });
  });
});

describe('a retryable attempt', () => {
  test.each([
    [0, 2000],
    [1, 4000],
  ])('with %d used before is used up and tried again after %d ms', (attemptsUsed, delayMs) => {
    expect(settle(retryable, { attemptsUsed })).toEqual({
      state: 'pending',
      delayMs,
      attemptsUsed: attemptsUsed + 1,
    });
  });

  test('that is the last of maxAttempts exhausts the task', () => {
    expect(settle(retryable, { attemptsUsed: 2 })).toEqual({
      state: 'failed',
      reason: 'exhausted',
      attemptsUsed: 3,
    });
  });

  test('exhausts a task that has no more than one attempt', () => {
    expect(settle(retryable, { retry: resolveRetryPolicy({ maxAttempts: 1 }) })).toMatchObject({
      reason: 'exhausted',
    });
  });

  test.each([
    [0, 'pending'],
    [7999, 'pending'],
    [8000, 'failed'],
    [10_000, 'failed'],
    [99_999, 'failed'],
  ])('%d ms after the first claim, with 2 s to the next try and 10 s in all, leaves it %s', (ms, state) => {
    const context = { sinceFirstClaimMs: ms, retry: resolveRetryPolicy({ maxDurationMs: 10_000 }) };
    const settlement = settle(retryable, context);
    expect(settlement.state).toBe(state);
    if (settlement.state === 'failed') expect(settlement.reason).toBe('exhausted');
  });

  test.each([
    [2001, 'pending'],
    [2000, 'failed'],
    [1999, 'failed'],
    [0, 'failed'],
    [-5, 'failed'],
  ])('that may be tried again in 2 s and expires in %d ms is %s', (expiresInMs, state) => {
    const settlement = settle(retryable, { expiresInMs });
    expect(settlement.state).toBe(state);
    if (settlement.state === 'failed') expect(settlement.reason).toBe('expired');
  });

  test('that is both exhausted and expired counts as exhausted', () => {
    expect(settle(retryable, { attemptsUsed: 2, expiresInMs: -1 })).toMatchObject({ reason: 'exhausted' });
  });

  test('waits for the later of backoff and Retry-After', () => {
    expect(settle({ kind: 'retryable', notBeforeMs: 5000 })).toMatchObject({ delayMs: 5000 });
    expect(settle({ kind: 'retryable', notBeforeMs: 500 })).toMatchObject({ delayMs: 2000 });
  });

  test('adds jitter on top of Retry-After', () => {
    const settlement = settlementOf({ kind: 'retryable', notBeforeMs: 5000 }, fresh, () => 0.5);
    expect(settlement).toMatchObject({ delayMs: 5500 });
  });

  test('whose Retry-After lies beyond expiresAt or maxDurationMs fails at once', () => {
    const wished: Outcome = { kind: 'retryable', notBeforeMs: 60_000 };
    expect(settle(wished, { expiresInMs: 30_000 })).toMatchObject({ reason: 'expired' });
    expect(settle(wished, { retry: resolveRetryPolicy({ maxDurationMs: 30_000 }) })).toMatchObject({
      reason: 'exhausted',
    });
  });
});

describe('a lost lease', () => {
  test('is used up and due at once', () => {
    expect(settle(leaseLost)).toEqual({ state: 'pending', delayMs: 0, attemptsUsed: 1 });
  });

  test('waits for the backoff if the attempt before was lost too', () => {
    expect(settle(leaseLost, { attemptsUsed: 1, previousLeaseLost: true })).toEqual({
      state: 'pending',
      delayMs: 4000,
      attemptsUsed: 2,
    });
  });

  test('exhausts the task on the last attempt, after maxDurationMs, and fails it expired from expiresAt on', () => {
    expect(settle(leaseLost, { attemptsUsed: 2 })).toMatchObject({ reason: 'exhausted', attemptsUsed: 3 });
    const late = { sinceFirstClaimMs: 1000, retry: resolveRetryPolicy({ maxDurationMs: 1000 }) };
    expect(settle(leaseLost, late)).toMatchObject({ reason: 'exhausted' });
    expect(settle(leaseLost, { expiresInMs: 0 })).toMatchObject({ reason: 'expired' });
    expect(settle(leaseLost, { expiresInMs: 1 })).toMatchObject({ state: 'pending' });
  });
});

describe('a released attempt', () => {
  test('is free and due at once, whatever went before', () => {
    const context = { attemptsUsed: 2, previousLeaseLost: true };
    expect(settle(released, context)).toEqual({ state: 'pending', delayMs: 0, attemptsUsed: 2 });
  });

  test('never exhausts a task', () => {
    const late = {
      attemptsUsed: 99,
      sinceFirstClaimMs: 1e9,
      retry: resolveRetryPolicy({ maxDurationMs: 1 }),
    };
    expect(settle(released, late).state).toBe('pending');
  });

  test('fails a task whose expiresAt has come', () => {
    expect(settle(released, { expiresInMs: 0 })).toEqual({
      state: 'failed',
      reason: 'expired',
      attemptsUsed: 0,
    });
    expect(settle(released, { expiresInMs: 1 }).state).toBe('pending');
  });
});

function rowOf(ended: Outcome, settlement: Settlement) {
  const row = { from: 'running', event: ended.kind, to: settlement.state };
  return settlement.state === 'failed' ? { ...row, reason: settlement.reason } : row;
}

describe('whatever happens', () => {
  const outcome: fc.Arbitrary<Outcome> = fc.oneof(
    fc.constantFrom<Outcome>({ kind: 'completed' }, { kind: 'rejected' }, { kind: 'target-blocked' }),
    fc.constantFrom(retryable, leaseLost, released),
    fc.nat(3_600_000).map((notBeforeMs): Outcome => ({ kind: 'retryable', notBeforeMs })),
  );
  const context: fc.Arbitrary<AttemptContext> = fc
    .record(
      {
        attemptsUsed: fc.nat(1100),
        sinceFirstClaimMs: fc.nat(),
        expiresInMs: fc.integer(),
        previousLeaseLost: fc.boolean(),
        maxAttempts: fc.integer({ min: 1, max: 1000 }),
        maxDurationMs: fc.integer({ min: 1, max: 31_536_000_000 }),
      },
      { requiredKeys: ['attemptsUsed', 'sinceFirstClaimMs', 'previousLeaseLost'] },
    )
    .map(({ maxAttempts = 100, maxDurationMs, ...rest }) => ({
      ...rest,
      retry: resolveRetryPolicy({ maxAttempts, ...(maxDurationMs !== undefined && { maxDurationMs }) }),
    }));
  const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

  test('an attempt uses up one of the budget if it was retryable or lost, and none otherwise', () => {
    fc.assert(
      fc.property(outcome, context, chance, (ended, before, luck) => {
        const used = ended.kind === 'retryable' || ended.kind === 'lease-lost' ? 1 : 0;
        expect(settlementOf(ended, before, () => luck).attemptsUsed).toBe(before.attemptsUsed + used);
      }),
    );
  });

  test('the state table has the transition', () => {
    fc.assert(
      fc.property(outcome, context, chance, (ended, before, luck) => {
        const settlement = settlementOf(ended, before, () => luck);
        expect(TRANSITIONS).toContainEqual(expect.objectContaining(rowOf(ended, settlement)));
      }),
    );
  });

  test.each(
    TRANSITIONS.filter(({ from, to }) => from === 'running' && to !== 'running' && to !== 'cancelled'),
  )('$event can lead to $to $reason', ({ event, to, reason }) => {
    const kinds = [1, 100].flatMap((maxAttempts) =>
      [-1, 1e9].map((expiresInMs) => {
        const ended = { kind: event } as Outcome;
        return settle(ended, { expiresInMs, retry: resolveRetryPolicy({ maxAttempts }) });
      }),
    );
    expect(kinds).toContainEqual(expect.objectContaining(reason ? { state: to, reason } : { state: to }));
  });

  test('a next try keeps every bound: budget, backoff, Retry-After, duration, expiry', () => {
    fc.assert(
      fc.property(outcome, context, chance, (ended, before, luck) => {
        const next = settlementOf(ended, before, () => luck);
        if (next.state !== 'pending') return;
        expect(next.delayMs).toBeLessThan(before.expiresInMs ?? Infinity);
        if (ended.kind === 'released') return;
        expect(next.attemptsUsed).toBeLessThan(before.retry.maxAttempts);
        expect(before.sinceFirstClaimMs + next.delayMs).toBeLessThan(before.retry.maxDurationMs ?? Infinity);
        if (ended.kind !== 'retryable') return;
        expect(next.delayMs).toBeGreaterThanOrEqual(ended.notBeforeMs ?? 0);
        expect(next.delayMs).toBeGreaterThanOrEqual(retryDelayMs(before.retry, next.attemptsUsed, steady));
      }),
    );
  });
});
