import { describe, expect, test } from 'vitest';
import type { FaultEvent } from '../../events.ts';
import type { CreateFigure } from '../figure.ts';
import { death, fault, runWith } from '../testing/run-logs.ts';
import { START, TaskLog } from '../testing/task-log.ts';
import { duplicateFigures } from './duplicates.ts';
import { recoveryFigures } from './recovery.ts';
import { runFigures } from './run.ts';
import { startDelayFigures } from './start-delays.ts';
import { taskFigures } from './tasks.ts';

/** The table of a figure, by the names of its lines. */
function tableOf(create: CreateFigure, tasks: readonly TaskLog[], ...events: FaultEvent[]) {
  const figure = create(runWith(...events));
  for (const task of tasks) figure.collect(task.history());
  return Object.fromEntries(figure.table().lines.map(([name, ...values]) => [name.trim(), values.join(' ')]));
}

const completed = () => new TaskLog().submit().claim().deliver().settle('completed');

/** Killed a second after START, delivered again after its lease ran out. */
const killed = () =>
  new TaskLog()
    .submit()
    .claim()
    .deliver()
    .wait(31_000)
    .takeOver()
    .settle('lease-lost')
    .claim()
    .deliver()
    .settle('completed');

describe('the figures of the tasks', () => {
  test('count what was asked, recorded and delivered, and how it ended', () => {
    const refused = new TaskLog('b').submit({}, { status: 400 });
    const unknown = new TaskLog('c').submit({}, { status: 0, recorded: true }).operate('cancel');
    expect(tableOf(taskFigures, [completed(), refused, unknown])).toMatchObject({
      'submitted: acknowledged': '1',
      'submitted: refused': '1',
      'submitted: unknown': '1',
      'recorded, completed': '1',
      'recorded, cancelled': '1',
      'tasks delivered': '1',
      'attempts ended completed': '1',
      'cancel answered 200': '1',
      'slowest acknowledgement': '0.002 s',
    });
  });
});

describe('the figures of duplicates', () => {
  test('count each by the fault that explains it, and lost leases too', () => {
    expect(tableOf(duplicateFigures, [killed(), completed()], fault('scheduler-killed'), death())).toEqual({
      'delivered again after a 2xx': '1',
      'explained by scheduler-killed': '1',
      'attempts that lost their lease': '1',
    });
    expect(tableOf(duplicateFigures, [killed()])).toMatchObject({ 'explained by NOTHING': '1' });
  });
});

describe('the figures of recovery', () => {
  test('measure from the kill to the next delivery of each task that was held', () => {
    const table = tableOf(recoveryFigures, [killed(), completed()], fault('scheduler-killed'), death());
    expect(table).toMatchObject({
      'scheduler killed: its tasks delivered again after the kill':
        'p50 30.0 s, p99 30.0 s, max 30.0 s (of 1)',
      'while the database was well': 'p50 30.0 s, p99 30.0 s, max 30.0 s (of 1)',
      'after the end of the lease': 'p50 1.006 s, p99 1.006 s, max 1.006 s (of 1)',
    });
  });

  test('set apart what another fault may have delayed', () => {
    const outage = fault('database-killed', { victim: 'database', from: START + 5000, until: START + 6000 });
    const table = tableOf(recoveryFigures, [killed()], fault('scheduler-killed'), death(), outage);
    expect(table).toMatchObject({
      'while the database was well': 'none',
      'database back: first delivery': 'p50 25.0 s, p99 25.0 s, max 25.0 s (of 1)',
    });
  });
});

describe('the figures of start delays', () => {
  test('tell healthy tasks while a target is down from others', () => {
    const down = fault('target-down', { victim: 'hanging', from: START, until: START + 60_000 });
    expect(tableOf(startDelayFigures, [completed()], down)).toMatchObject({
      'no fault': 'none',
      'while another target is down': 'p50 0.003 s, p99 0.003 s, max 0.003 s (of 1)',
    });
  });
});

describe('the figures of the run', () => {
  test('count faults by kind, and show what processes cost at most', () => {
    const sample = { kind: 'sample', at: START, process: 'scheduler-1', residentBytes: 9e7 } as const;
    const run = runWith(
      fault('proxy-cut'),
      fault('proxy-cut'),
      fault('commit-cut'),
      { ...sample, fileDescriptors: 40 },
      { ...sample, residentBytes: 5e7, fileDescriptors: 60 },
    );
    const lines = runFigures(run).flatMap((table) => table.lines.map((line) => [...line]));
    expect(lines).toContainEqual(['faults', 3]);
    expect(lines).toContainEqual(['kinds', 2]);
    expect(lines).toContainEqual(['  proxy-cut', 2]);
    expect(lines).toContainEqual(['time to drain', '60.0 s']);
    expect(lines).toContainEqual(['peak of scheduler-1', '90 MB, 60 descriptors']);
  });
});
