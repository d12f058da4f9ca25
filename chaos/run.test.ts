import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const PROGRAM = fileURLToPath(new URL('run.ts', import.meta.url));

describe('npm run chaos', () => {
  it('says with --help what it can be asked, and every kind of fault', async () => {
    const { code, stdout } = await run('--help');
    expect(code).toBe(0);
    expect(stdout).toContain('--seed N');
    expect(stdout).toContain('commit-cut');
  });

  it.each([
    ['--minutes', 'soon', 'expected --minutes with a number of 0 or more, got "soon"'],
    ['--rate', '-1', '--rate'],
    ['--faults', 'lightning', 'expected a kind of fault or none, got "lightning"'],
    ['--volume', '11', '--volume'],
  ])('refuses %s %s with 2 and says why', async (flag, value, says) => {
    const { code, stderr } = await run(flag, value);
    expect(code).toBe(2);
    expect(stderr).toContain(says);
  });
});

function run(...words: string[]): Promise<{ code: unknown; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--conditions=@dispatchr/source', PROGRAM, ...words],
      (error, stdout, stderr) => resolve({ code: error?.code ?? 0, stdout, stderr }),
    );
  });
}
