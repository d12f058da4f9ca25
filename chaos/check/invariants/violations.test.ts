import { describe, expect, test } from 'vitest';
import type { RunContext } from '../run-context.ts';
import { START, TaskLog } from '../testing/task-log.ts';
import { STALLED, violatedBy } from '../testing/violated-by.ts';

const task = () => new TaskLog().submit();
const FAILED = { state: 'failed', reason: 'exhausted' };

describe('a violation is found by its invariant, and by no other:', () => {
  const again = (log: TaskLog) => log.wait(1000).claim().deliver().settle('completed');
  const done = () => task().claim().deliver().settle('completed');

  test.each<[string, string, TaskLog, RunContext?]>([
    ['I1', 'acknowledged and not recorded', new TaskLog().submit({}, { recorded: false })],
    ['I1', 'acknowledged before it was recorded', acknowledgedEarly()],
    ['I1', 'stuck pending', task()],
    ['I1', 'stuck running', task().wait(150_000).claim().deliver()],
    ['I1', 'rejected, and never delivered', task().claim().settle('rejected', {}, { errorCode: 'timeout' })],
    [
      'I2',
      'delivered with another body',
      task().claim().deliver({}, { bodySha256: 'def' }).settle('completed'),
    ],
    [
      'I2',
      'delivered with a wrong signature',
      task().claim().deliver({}, { signatureIsValid: false }).settle('completed'),
    ],
    ['I2', 'delivered under another id', task().claim().deliver({}, { taskId: 'other' }).settle('completed')],
    [
      'I2',
      'refused and recorded',
      new TaskLog().submit({}, { status: 400, recorded: true }).claim().deliver().settle('completed'),
    ],
    [
      'I3',
      'completed though its target wrote 503',
      task().claim().deliver({ status: 503 }).settle('completed'),
    ],
    [
      'I3',
      'rejected by a status that nobody wrote',
      task().claim().deliver({ status: 503 }).settle('rejected'),
    ],
    [
      'I4',
      'delivered again after a 2xx, without a fault',
      again(task().claim().deliver().settle('retryable', {}, { errorCode: 'connection-reset' })),
    ],
    [
      'I5',
      'taken over while its lease stood',
      again(task().claim().deliver({ how: 'cut' }).takeOver().settle('lease-lost')),
      STALLED,
    ],
    [
      'I5',
      'delivered while the earlier delivery went on',
      again(
        task()
          .claim()
          .deliver({ status: 503, at: START + 60_000 })
          .settle('retryable'),
      ),
    ],
    ['I6', 'the first attempt is left out', task().claim({ attempt: 2 }).deliver().settle('completed')],
    [
      'I6',
      'one attempt was sent twice',
      again(task().claim().deliver({ status: 503 }).deliver({ status: 503 }).settle('retryable')),
    ],
    [
      'I6',
      'the target was told of too many attempts left',
      task().claim().deliver({}, { attemptsLeft: 9 }).settle('completed'),
    ],
    [
      'I6',
      'a used attempt was not counted',
      again(task().claim().deliver({ status: 503 }).settle('retryable', { attemptsUsed: 0 })),
    ],
    [
      'I7',
      'claimed before it was due',
      new TaskLog()
        .submit({ notBefore: START + 60_000 })
        .claim()
        .deliver()
        .settle('completed'),
    ],
    [
      'I7',
      'due again before its backoff',
      again(task().claim().deliver({ status: 503 }).settle('retryable', { dueAt: START })),
    ],
    [
      'I7',
      'due again before Retry-After',
      again(task().claim().deliver({ status: 503, retryAfterMs: 5000 }).settle('retryable')),
    ],
    ['I8', 'claimed after its cancel was answered', again(forgottenCancel())],
    ['I8', 'sent long after its claim', task().claim().wait(15_000).deliver().settle('completed')],
    [
      'I9',
      'finished and changed',
      done().change('finished_tasks', 'update', { state: 'completed', attempt: 1, attemptsUsed: 0 }),
    ],
    [
      'I10',
      'the second submit was answered with another task',
      task()
        .submit({}, { status: 200, taskId: 'other', recorded: false })
        .claim()
        .deliver()
        .settle('completed'),
    ],
    [
      'I11',
      'running for long after its lease ran out',
      again(task().wait(130_000).claim().wait(45_000).takeOver().settle('lease-lost')),
      STALLED,
    ],
    [
      'I13',
      'delivered to a forbidden target',
      new TaskLog().submit({ plan: 'forbidden/1' }).claim().deliver().settle('completed'),
    ],
    [
      'state table',
      'failed for a reason that nobody knows',
      task().claim().deliver({ status: 400 }).settle('rejected', { reason: 'unlucky' }),
    ],
    [
      'state table',
      'exhausted with budget left',
      task().claim().deliver({ status: 503 }).settle('retryable', FAILED),
    ],
    [
      'state table',
      'expired before its expiresAt',
      new TaskLog().submit({ expiresAt: START + 5000 }).expire(),
    ],
    [
      'lease',
      'a lease that is too long',
      task()
        .claim({ leaseUntil: START + 90_000 })
        .deliver()
        .settle('completed'),
    ],
    [
      'lease',
      'a lease number for the second time',
      again(task().claim({ lease: 7 }).settle('released').claim({ lease: 7 }).settle('released')),
    ],
    [
      'lease',
      'settled by the one whose lease was taken',
      task().claim().deliver().wait(31_000).takeOver().settle('completed'),
      STALLED,
    ],
    [
      'lease',
      'lost though no fault hit its scheduler',
      again(new TaskLog().submit({ timeoutMs: 60_000 }).claim().wait(31_000).takeOver().settle('lease-lost')),
    ],
    [
      'deadline',
      'settled long after its deadline',
      task().claim().deliver().wait(20_000).settle('completed'),
    ],
    ['lease', 'lost though nobody took it over', again(task().claim().settle('lease-lost')), STALLED],
    [
      'attempts',
      'a record was changed',
      done().change('attempts', 'update', { attempt: 1, outcome: 'rejected' }),
    ],
    [
      'attempts',
      'an attempt was recorded twice',
      done().change('attempts', 'insert', { attempt: 1, outcome: 'completed' }),
    ],
    ['operations', 'an acknowledged retry left no trace', done().operate('retry', { effect: false })],
    ['operations', 'cancelled though nobody asked', unasked()],
  ])('%s: %s', (name, _, log, run) => {
    expect(violatedBy(log, run)).toEqual([name]);
  });

  test('a finished task that is removed violates I9, and is lost for I1', () => {
    const log = done();
    expect(violatedBy(log.change('finished_tasks', 'delete', log.row))).toEqual(['I1', 'I9']);
  });

  test('a task that nobody submitted violates I2', () => {
    const log = done();
    log.producer.length = 0;
    expect(violatedBy(log)).toEqual(['I2']);
  });
});

function acknowledgedEarly(): TaskLog {
  const log = task().claim().deliver().settle('completed');
  return log.alter('submit-answer', { at: START - 100 });
}

/** A renewal loses the cancel that was asked for. */
function forgottenCancel(): TaskLog {
  const log = task().claim().deliver({ status: 503 }).operate('cancel', { status: 202 });
  const { cancelRequestedAt: _, ...row } = log.row;
  const leaseUntil = log.wait(1).now + 30_000;
  return log.change('unfinished_tasks', 'update', { ...row, leaseUntil }).settle('retryable');
}

function unasked(): TaskLog {
  const log = task().operate('cancel');
  log.producer.splice(-2);
  return log;
}
