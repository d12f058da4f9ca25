import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { LOG_FILES } from '../events.ts';
import { inFolder } from './testing/run-logs.ts';
import { TaskLog } from './testing/task-log.ts';

const COMMAND = join(import.meta.dirname, '../check.ts');

function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--conditions=@dispatchr/source', COMMAND, ...args],
    { encoding: 'utf8' },
  );
  return { status, stdout, stderr };
}

const completed = new TaskLog().submit().claim().deliver().settle('completed');

describe('the command', () => {
  test('ends with 0 for a clean run', async () => {
    await inFolder([completed], async (folder) => {
      expect(run(folder)).toMatchObject({ status: 0, stdout: expect.stringMatching(/verdict: clean\n$/) });
    });
  });

  test('ends with 1 for a violation, and names the invariant', async () => {
    await inFolder([completed, new TaskLog('b', 5000).submit()], async (folder) => {
      expect(run(folder)).toMatchObject({
        status: 1,
        stdout: expect.stringMatching(/task b: stuck: pending(.|\n)*verdict: violated \(I1\)\n$/),
      });
    });
  });

  test('ends with 2 for wrong arguments, and says how it is used', () => {
    expect(run()).toMatchObject({ status: 2, stderr: expect.stringContaining('expected one folder, got 0') });
    expect(run('--colour', 'x').status).toBe(2);
  });

  test('ends with 3 for logs that cannot be read, and says where', async () => {
    await inFolder([completed], async (folder) => {
      await writeFile(join(folder, LOG_FILES.faults), 'no JSON\n');
      expect(run(folder)).toMatchObject({ status: 3, stderr: expect.stringContaining('faults.ndjson:1') });
    });
  });

  test('ends with 3 where there is nothing to judge', async () => {
    await inFolder([], async (folder) => {
      expect(run(folder)).toMatchObject({ status: 3, stdout: expect.stringContaining('nothing to judge') });
    });
  });

  test('prints help', () => {
    expect(run('--help')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('npm run chaos:check'),
    });
  });
});
