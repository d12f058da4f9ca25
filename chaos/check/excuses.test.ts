import { describe, expect, test } from 'vitest';
import type { Fault, FaultEvent } from '../events.ts';
import { duplicatesOf } from './excuses.ts';
import { duplicatesHaveAFault } from './invariants/i04-duplicates-have-a-fault.ts';
import { death, fault, runWith } from './testing/run-logs.ts';
import { START, TaskLog } from './testing/task-log.ts';

/** Answered 2xx at about START, never settled, taken over 31 s later and delivered again. */
function lostAfter2xx(): TaskLog {
  const log = new TaskLog().submit().claim().deliver().wait(31_000).takeOver().settle('lease-lost');
  return log.claim().deliver().settle('completed');
}

const releasedAfter2xx = () =>
  new TaskLog().submit().claim().deliver().settle('released').claim().deliver().settle('completed');

const excusesOf = (log: TaskLog, ...faults: FaultEvent[]) =>
  duplicatesOf(log.history(), runWith(...faults)).map(({ excuses }) => excuses);

const isViolated = (log: TaskLog, ...faults: FaultEvent[]) =>
  duplicatesHaveAFault.violationsOf(log.history(), runWith(...faults)).length > 0;

describe('a delivery after a 2xx whose attempt lost its lease', () => {
  test('is a violation without a fault', () => {
    expect(excusesOf(lostAfter2xx())).toEqual([[]]);
    expect(isViolated(lostAfter2xx())).toBe(true);
  });

  test.each<[string, Fault, FaultEvent?]>([
    ['its scheduler was killed', fault('scheduler-killed'), death()],
    ['its scheduler was killed by a poison task', fault('poison-task'), death()],
    [
      'its scheduler was started anew with a wrong clock',
      fault('clock-skewed', { until: START + 90_000 }),
      death(),
    ],
    [
      'its scheduler was stopped past the lease',
      fault('scheduler-stopped-past-lease', { until: START + 45_000 }),
    ],
    [
      'the proxy of its scheduler was a black hole',
      fault('proxy-blackhole', { victim: 'proxy of scheduler-1' }),
    ],
    ['the database was killed', fault('database-killed', { victim: 'database' })],
    [
      'the database came back a moment before',
      fault('database-killed', { victim: 'database', from: START - 20_000, until: START - 5000 }),
    ],
  ])('is explained where %s', (_, excuse, end = death('scheduler-2')) => {
    expect(excusesOf(lostAfter2xx(), excuse, end)).toEqual([[excuse.name]]);
    expect(isViolated(lostAfter2xx(), excuse, end)).toBe(false);
  });

  test.each<[string, Fault, FaultEvent?]>([
    [
      'another scheduler was killed',
      fault('scheduler-killed', { victim: 'scheduler-2' }),
      death('scheduler-2'),
    ],
    [
      'a scheduler whose name begins alike was killed',
      fault('scheduler-killed', { victim: 'scheduler-10' }),
      death(),
    ],
    ['the process of its scheduler lived on', fault('scheduler-killed')],
    ['its scheduler ended by itself', fault('recorder-killed', { victim: 'recorder-1' }), death()],
    [
      'its scheduler was killed long before',
      fault('scheduler-killed', { from: START - 90_000, until: START - 60_000 }),
      death('scheduler-1', START - 90_000),
    ],
    [
      'its scheduler was killed after it was taken over',
      fault('scheduler-killed', { from: START + 40_000, until: START + 41_000 }),
      death('scheduler-1', START + 40_000),
    ],
    ['its clock was wrong while it ran on', fault('clock-skewed', { until: START + 90_000 })],
    [
      'the proxy of another scheduler was a black hole',
      fault('proxy-blackhole', { victim: 'proxy of scheduler-2' }),
    ],
    ['its scheduler stood still for a moment', fault('scheduler-stopped-briefly')],
    [
      'a connection was cut, which another try makes good',
      fault('proxy-cut', { victim: 'proxy of scheduler-1' }),
    ],
    ['its target was slow', fault('target-outlives-lease', { victim: 'target' })],
  ])('is not explained where %s', (_, excuse, end = death('scheduler-2')) => {
    expect(isViolated(lostAfter2xx(), excuse, end)).toBe(true);
  });
});

describe('a delivery after a 2xx whose attempt was released', () => {
  test('is explained where its scheduler was told to stop', () => {
    const stop = fault('scheduler-terminated', { from: START, until: START + 5000 });
    expect(isViolated(releasedAfter2xx(), stop, death())).toBe(false);
  });

  test('is not explained by an outage, for who releases has the database', () => {
    const outage = fault('database-killed', { from: START, until: START + 5000, victim: 'database' });
    expect(isViolated(releasedAfter2xx(), outage)).toBe(true);
  });
});

describe('a delivery after a 2xx whose attempt ran into its timeout', () => {
  const timedOut = (answeredAt: number) =>
    new TaskLog()
      .submit({ timeoutMs: 5000 })
      .claim()
      .deliver({ at: answeredAt })
      .wait(6000)
      .settle('retryable', {}, { errorCode: 'timeout' })
      .wait(1000)
      .claim()
      .deliver()
      .settle('completed');

  test('is explained if the target answered when the time was over', () => {
    expect(excusesOf(timedOut(START + 5500))).toEqual([['target answered too late']]);
  });

  test('is a violation if the target answered in time', () => {
    expect(isViolated(timedOut(START + 4000))).toBe(true);
  });
});

describe('no duplicate', () => {
  test('is a delivery after an operator asked for a retry', () => {
    const log = new TaskLog().submit().claim().deliver().settle('completed').operate('retry');
    expect(excusesOf(log.claim().deliver().settle('completed'))).toEqual([]);
  });

  test('is a delivery after an answer that was reset before it was whole', () => {
    const log = new TaskLog().submit().claim().deliver({ how: 'reset', status: 200 });
    log
      .settle('retryable', {}, { errorCode: 'connection-reset' })
      .wait(1000)
      .claim()
      .deliver()
      .settle('completed');
    expect(excusesOf(log)).toEqual([]);
  });
});
