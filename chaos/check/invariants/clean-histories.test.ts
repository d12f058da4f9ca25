import { describe, expect, test } from 'vitest';
import type { RunContext } from '../run-context.ts';
import { START, TaskLog } from '../testing/task-log.ts';
import { STALLED, violatedBy } from '../testing/violated-by.ts';

const task = () => new TaskLog().submit();

describe('a clean history', () => {
  test.each<[string, TaskLog, RunContext?]>([
    ['is delivered once', task().claim().deliver().settle('completed')],
    ['was rejected', task().claim().deliver({ status: 400 }).settle('rejected')],
    [
      'is tried again after its backoff',
      task()
        .claim()
        .deliver({ status: 503 })
        .settle('retryable')
        .wait(1000)
        .claim()
        .deliver()
        .settle('completed'),
    ],
    [
      'is renewed while its target takes long',
      new TaskLog()
        .submit({ timeoutMs: 60_000 })
        .claim()
        .deliver({ at: START + 25_000 })
        .wait(10_000)
        .renew()
        .wait(10_000)
        .renew()
        .wait(5000)
        .settle('completed'),
    ],
    [
      'lost its lease and is delivered by another scheduler',
      task().claim().wait(31_000).takeOver().settle('lease-lost').claim().deliver().settle('completed'),
      STALLED,
    ],
    [
      'gave back a claim whose answer never came',
      task().claim().takeOver().settle('released').claim().deliver().settle('completed'),
    ],
    [
      'was taken back by a scheduler that died before it released it',
      task()
        .claim()
        .takeOver()
        .wait(31_000)
        .takeOver()
        .settle('lease-lost')
        .claim()
        .deliver()
        .settle('completed'),
      STALLED,
    ],
    ['was cancelled while it waited', task().operate('cancel')],
    [
      'was cancelled in flight',
      task()
        .claim()
        .operate('cancel', { status: 202 })
        .deliver({ status: 503 })
        .settle('retryable', { state: 'cancelled' }),
    ],
    [
      'completed though its cancel was asked for',
      task().claim().operate('cancel', { status: 202 }).deliver().settle('completed'),
    ],
    [
      'was run early',
      new TaskLog()
        .submit({ notBefore: START + 60_000 })
        .operate('run')
        .claim()
        .deliver()
        .settle('completed'),
    ],
    [
      'was retried by the operator after its 2xx',
      task().claim().deliver().settle('completed').operate('retry').claim().deliver().settle('completed'),
    ],
    [
      'expired while it waited',
      new TaskLog()
        .submit({ expiresAt: START + 5000 })
        .wait(6000)
        .expire(),
    ],
    ['was refused and not recorded', new TaskLog().submit({}, { status: 400 })],
    [
      'was recorded though the answer was lost, and submitted again',
      new TaskLog()
        .submit({}, { status: 0, recorded: true })
        .submit({}, { status: 200 })
        .claim()
        .deliver()
        .settle('completed'),
    ],
  ])('of a task that %s violates nothing', (_, log, run) => {
    expect(violatedBy(log, run)).toEqual([]);
  });
});
