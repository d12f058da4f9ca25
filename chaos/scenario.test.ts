import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const COMMAND = fileURLToPath(new URL('scenario.ts', import.meta.url));

describe('the command of the scenarios', () => {
  it('lists them, each with what it measures', async () => {
    const { code, stdout } = await run('--help');
    expect(code).toBe(0);
    for (const name of [
      'scheduler-kill',
      'database-outage',
      'rolling-restart',
      'fault-free',
      'weights',
      'limits',
      'tenants',
      'hanging-target',
      'dead-target',
      'waiting',
    ]) {
      expect(stdout).toContain(name);
    }
  });

  it('says what can be set for one', async () => {
    const { code, stdout } = await run('fault-free', '--help');
    expect(code).toBe(0);
    expect(stdout).toContain('--tasks N');
    expect(stdout).toContain('default 1000000');
  });

  it.each([
    [['nothing'], 'expected the name of a scenario, got "nothing"'],
    [['fault-free', '--tasks', '1e6'], 'expected --tasks with a whole number of 1 or more, got "1e6"'],
    [['fault-free', '--rounds', '1'], '--rounds'],
  ])('refuses %j with 2 before anything is started', async (words, message) => {
    const { code, stderr } = await run(...words);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});

function run(...words: string[]): Promise<{ code: unknown; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const all = ['--conditions=@dispatchr/source', COMMAND, ...words];
    execFile(process.execPath, all, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : error.code, stdout, stderr }),
    );
  });
}
