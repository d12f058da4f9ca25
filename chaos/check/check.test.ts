import { appendFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { LOG_FILES, type FaultEvent } from '../events.ts';
import { check } from './check.ts';
import { UnreadableLogError } from './read-log.ts';
import { reportOf } from './report.ts';
import { fault, inFolder, RUN } from './testing/run-logs.ts';
import { START, TaskLog } from './testing/task-log.ts';
import type { Verdict } from './verdict.ts';

const clean = (token: string, serial: number) =>
  new TaskLog(token, serial).submit().claim().deliver().settle('completed');

const checkRun = (tasks: readonly TaskLog[], events: readonly FaultEvent[] = RUN) =>
  inFolder(tasks, (folder) => check(folder), events);

const violatedIn = ({ invariants }: Verdict) =>
  invariants.filter(({ violations }) => violations > 0).map(({ name }) => name);

describe('the checker', () => {
  test('finds a clean run clean, and says so in its last line', async () => {
    const verdict = await checkRun([clean('a', 1000), clean('b', 2000)]);
    expect(verdict.result).toBe('clean');
    expect(reportOf(verdict).trimEnd().split('\n').at(-1)).toBe('verdict: clean');
  });

  test('comes to the same verdict in many buckets as in one', async () => {
    const tasks = Array.from({ length: 50 }, (_, index) => clean(`t-${index}`, (index + 1) * 1000));
    tasks.push(new TaskLog('stuck', 90_000).submit());
    await inFolder(tasks, async (folder) => {
      const verdict = await check(folder);
      expect(violatedIn(verdict)).toEqual(['I1']);
      expect(await check(folder, { bucketBytes: 1000 })).toEqual(verdict);
    });
  });

  test('counts every violation and shows the shortest timelines, with the faults meanwhile', async () => {
    const stuck = Array.from({ length: 7 }, (_, index) =>
      new TaskLog(`s-${index}`, (index + 1) * 1000).submit(),
    );
    const long = new TaskLog('long', 9000).submit().claim().deliver({ status: 503 }).settle('retryable');
    const verdict = await checkRun([long, ...stuck], [...RUN, fault('commit-cut', { from: START })]);
    const [first] = verdict.invariants;
    expect(first).toMatchObject({ name: 'I1', violations: 8 });
    expect(first?.shown.map(({ token }) => token)).toEqual(['s-0', 's-1', 's-2', 's-3', 's-4']);
    expect(first?.shown[0]?.timeline.map((line) => line.slice(25))).toEqual([
      'producer  submits to recorder-1 (id-s-0; POST /ok, plan healthy-1/ok, at most 5 attempts)',
      'FAULT     commit-cut of scheduler-1 begins',
      'database  submit: nothing → pending attempt 0 used 0 due 12:00:00.001  [transaction t1002]',
      'producer  is answered 201',
      'FAULT     commit-cut of scheduler-1 is over',
    ]);
  });

  test.each<[string, readonly TaskLog[], readonly FaultEvent[]]>([
    ['nothing', [], RUN],
    ['no acknowledgement', [new TaskLog().submit({}, { status: 503, recorded: false })], RUN],
    ['no delivery', [new TaskLog().submit().operate('cancel')], RUN],
    ['no end of the faults', [clean('a', 1000)], RUN.filter((event) => event.kind !== 'phase')],
  ])('refuses to judge a run with %s', async (_, tasks, events) => {
    const verdict = await checkRun(tasks, events);
    expect(verdict.result).toBe('vacuous');
    expect(verdict.nothingToJudge).not.toEqual([]);
  });

  test('names the line that it cannot read', async () => {
    await inFolder([clean('a', 1000)], async (folder) => {
      await appendFile(join(folder, LOG_FILES.target), '{"token":"a", "kind":\n');
      await expect(check(folder)).rejects.toThrow(/target\.ndjson:3: expected a JSON object/);
    });
  });

  test.each(Object.values(LOG_FILES))('refuses a folder without %s', async (file) => {
    await inFolder([clean('a', 1000)], async (folder) => {
      await rm(join(folder, file));
      await expect(check(folder)).rejects.toThrow(UnreadableLogError);
    });
  });
});

describe('I10 across tasks', () => {
  const other = (answered: { status: number; taskId?: string; recorded?: boolean }) =>
    new TaskLog('b', 5000).wait(1000).submit({ id: 'id-a' }, answered);

  test('holds where other content under a known id was refused', async () => {
    const verdict = await checkRun([clean('a', 1000), other({ status: 409 })]);
    expect(verdict.result).toBe('clean');
  });

  test('is violated where other content under a known id was acknowledged', async () => {
    const accepted = other({ status: 200, taskId: 'id-a', recorded: false });
    expect(violatedIn(await checkRun([clean('a', 1000), accepted]))).toEqual(['I1', 'I10']);
  });

  test('is violated where a task was refused as a conflict with itself', async () => {
    const log = clean('a', 1000);
    log.submit({}, { status: 409 });
    expect(violatedIn(await checkRun([log]))).toEqual(['I10']);
  });
});

describe('I14', () => {
  test('is violated where a process takes more memory than it may', async () => {
    const sample = { kind: 'sample', at: START, process: 'scheduler-1', fileDescriptors: 50 } as const;
    const verdict = await checkRun([clean('a', 1000)], [...RUN, { ...sample, residentBytes: 1e9 }]);
    expect(violatedIn(verdict)).toEqual(['I14']);
  });

  test('is violated where a scheduler has more requests in flight than it has slots', async () => {
    const tasks = Array.from({ length: 101 }, (_, index) =>
      new TaskLog(`t-${index}`, (index + 1) * 1000)
        .submit()
        .claim()
        .deliver({ at: START + 3000 })
        .wait(3000)
        .settle('completed'),
    );
    expect(violatedIn(await checkRun(tasks))).toEqual(['I14']);
    expect((await checkRun(tasks.slice(1))).result).toBe('clean');
  });
});
