import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CronSchedule } from './cron.ts';
import { type MissedTicks, tickTaskId, ticksToRecord } from './ticks.ts';

/** Ticks every so many seconds. */
const every = (seconds: number): CronSchedule => ({
  nextAfter: (instant) => new Date((Math.floor(instant.getTime() / 1000 / seconds) + 1) * 1000 * seconds),
});

/** The ticks that are recorded, and the next, in seconds. */
function decide(
  schedule: CronSchedule,
  {
    first,
    now,
    missedTicks,
    limit = 1000,
  }: { first: number; now: number; missedTicks: MissedTicks; limit?: number },
) {
  const given = { firstAt: new Date(first * 1000), now: new Date(now * 1000), missedTicks, limit };
  const { record, nextTickAt } = ticksToRecord(schedule, given);
  return {
    record: record.map((tick) => tick.getTime() / 1000),
    next: nextTickAt && nextTickAt.getTime() / 1000,
  };
}

const POLICIES = ['skip', 'one', 'all'] as const;

describe('a tick', () => {
  it.each(POLICIES)('that was not recorded for a minute is none that was missed, with %s', (missedTicks) => {
    expect(decide(every(3600), { first: 3600, now: 3660, missedTicks })).toEqual({
      record: [3600],
      next: 7200,
    });
  });

  it.each([
    ['skip', []],
    ['one', [3600]],
    ['all', [3600]],
  ] as const)('that was not recorded for longer was missed, with %s', (missedTicks, record) => {
    expect(decide(every(3600), { first: 3600, now: 3660.001, missedTicks })).toEqual({ record, next: 7200 });
  });

  it.each([
    ['skip', []],
    ['one', [10_800]],
    ['all', [3600, 7200, 10_800]],
  ] as const)('that was missed with others: %s records %j', (missedTicks, record) => {
    expect(decide(every(3600), { first: 3600, now: 10_861, missedTicks })).toEqual({ record, next: 14_400 });
  });

  it.each([
    ['skip', [120, 150]],
    ['one', [90, 120, 150]],
    ['all', [30, 60, 90, 120, 150]],
  ] as const)('in time is recorded after those that were missed, with %s', (missedTicks, record) => {
    expect(decide(every(30), { first: 30, now: 160, missedTicks })).toEqual({ record, next: 180 });
  });

  it.each([
    ['one', [90, 120], 150],
    ['all', [30, 60], 90],
  ] as const)('beyond the limit is left to the next call, with %s', (missedTicks, record, next) => {
    expect(decide(every(30), { first: 30, now: 160, missedTicks, limit: 2 })).toEqual({ record, next });
  });

  it('is the last where none is to come', () => {
    const once: CronSchedule = { nextAfter: () => undefined };
    expect(decide(once, { first: 5, now: 6, missedTicks: 'one' })).toEqual({ record: [5], next: undefined });
    expect(decide(once, { first: 5, now: 600, missedTicks: 'one' })).toEqual({
      record: [5],
      next: undefined,
    });
    expect(decide(once, { first: 5, now: 600, missedTicks: 'skip' })).toEqual({
      record: [],
      next: undefined,
    });
  });

  it('of every second that was missed for ten years is found without walking them all', () => {
    let calls = 0;
    const schedule: CronSchedule = {
      nextAfter(instant) {
        calls += 1;
        return every(1).nextAfter(instant);
      },
    };
    const now = 315_360_000;
    const found = decide(schedule, { first: 1, now, missedTicks: 'one', limit: 2 });
    expect(found).toEqual({ record: [now - 61, now - 60], next: now - 59 });
    expect(calls).toBeLessThan(200);
  });

  it('is decided as by walking all of them, with every policy', () => {
    const seconds = fc.integer({ min: 1, max: 400 });
    fc.assert(
      fc.property(
        seconds,
        seconds,
        fc.integer({ min: 0, max: 5000 }),
        fc.constantFrom(...POLICIES),
        (period, from, late, missedTicks) => {
          const first = period * from;
          const now = first + late;
          const due: number[] = [];
          for (let tick = first; tick <= now; tick += period) due.push(tick);
          const missed = due.filter((tick) => now - tick > 60);
          const kept = { skip: [], one: missed.slice(-1), all: missed }[missedTicks];
          const record = [...kept, ...due.filter((tick) => now - tick <= 60)];
          const next = first + due.length * period;
          expect(decide(every(period), { first, now, missedTicks, limit: 10_000 })).toEqual({ record, next });
        },
      ),
    );
  });
});

it('the id of its task is the name of the schedule and the tick in whole seconds', () => {
  expect(tickTaskId('nightly-report', new Date('2026-11-22T01:30:00Z'))).toBe(
    'nightly-report:2026-11-22T01:30:00Z',
  );
});
