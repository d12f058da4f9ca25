import { describe, expect, it } from 'vitest';
import type { Check } from '../check.ts';
import { planSelftest } from './plan-selftest.ts';

const checkOf = (id: string, members: Partial<Check> = {}): Check => ({
  id,
  title: '',
  covers: {},
  profile: 'core',
  run: () => Promise.resolve(),
  ...members,
});
const input = {
  checks: [
    checkOf('beside'),
    checkOf('refused', { withoutFeature: 'batch' }),
    checkOf('ledger', { runs: 'last' }),
  ],
  mutants: [
    { id: 'one', fault: '', check: 'beside' },
    { id: 'two', fault: '', check: 'refused' },
    { id: 'three', fault: '', check: 'ledger' },
  ],
  variants: [{ id: 'slow', difference: '' }],
  only: [],
  designatedOnly: false,
  shard: { part: 1, of: 1 },
};

describe('the plan of a self-test', () => {
  it('has every mutant and variant, and the reference as it is', () => {
    const plan = planSelftest(input);
    expect(plan.plain.map(({ setup }) => setup)).toEqual(['full', 'bare', 'without-wait']);
    expect(plan.mutants).toHaveLength(3);
    expect(plan.variants).toHaveLength(1);
  });

  it('plants a mutant where the check that is meant for it applies', () => {
    expect(planSelftest(input).mutants.map(([, { setup }]) => setup)).toEqual(['full', 'bare', 'full']);
  });

  it('takes mutants by their id or by their check', () => {
    expect(planSelftest({ ...input, only: ['o*'] }).mutants.map(([{ id }]) => id)).toEqual(['one']);
    expect(planSelftest({ ...input, only: ['refused'] }).mutants.map(([{ id }]) => id)).toEqual(['two']);
    expect(() => planSelftest({ ...input, only: ['onee'] })).toThrow(/did you mean one/);
  });

  it('falls into parts that have each mutant once', () => {
    const parts = [1, 2].map((part) => planSelftest({ ...input, shard: { part, of: 2 } }));
    expect(parts.map(({ mutants }) => mutants.map(([{ id }]) => id))).toEqual([['one', 'three'], ['two']]);
    expect(parts.map(({ variants }) => variants.length)).toEqual([1, 0]);
  });

  it('runs only the designated check if asked to, except where that judges the whole run', () => {
    const { mutants } = planSelftest({ ...input, designatedOnly: true });
    expect(mutants.map(([, { checks }]) => checks)).toEqual([['beside'], ['refused'], undefined]);
  });
});
