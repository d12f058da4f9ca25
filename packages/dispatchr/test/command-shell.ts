import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

/** A shell line that is running, or has ended. */
export interface ShellRun {
  child: ChildProcess;
  stdout: () => string;
  stderr: () => string;
  /** The exit code, once everything was printed. */
  ended: Promise<number | null>;
  /** Waits for what it prints; fails with all that it printed if it ends before. The test's own limit bounds it. */
  until: (isThere: () => boolean) => Promise<void>;
}

/** Where lines are run as a user would type them, with `dispatchr` on the PATH. */
export interface CommandShell {
  /** A folder of its own for what the lines leave behind. */
  folder: string;
  /** Starts a line; only PATH and `environment` are handed on. */
  start: (line: string, environment?: Record<string, string>, cwd?: string) => ShellRun;
  /** Kills what is still running. */
  killAll: () => void;
  /** Kills what is still running, and removes the folder. */
  close: () => void;
}

/** Opens a shell that runs the command line from its sources. */
export function openCommandShell(): CommandShell {
  const folder = mkdtempSync(join(tmpdir(), 'dispatchr-shell-'));
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  const script = `#!/bin/sh\nexec "${process.execPath}" --conditions=@dispatchr/source "${MAIN}" "$@"\n`;
  writeFileSync(join(bin, 'dispatchr'), script, { mode: 0o755 });
  const path = `${bin}${delimiter}${process.env['PATH']}`;
  const running = new Set<ChildProcess>();
  const killAll = (): void => {
    for (const child of running) child.kill('SIGKILL');
  };
  return {
    folder,
    start(line, environment = {}, cwd = folder) {
      const run = startLine(line, { PATH: path, ...environment }, cwd);
      running.add(run.child);
      run.child.once('close', () => running.delete(run.child));
      return run;
    },
    killAll,
    close() {
      killAll();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function startLine(line: string, env: Record<string, string>, cwd: string): ShellRun {
  const child = spawn('sh', ['-c', line], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = once(child, 'close').then(([exitCode]) => exitCode as number | null);
  return {
    child,
    stdout: () => stdout,
    stderr: () => stderr,
    ended,
    async until(isThere) {
      while (!isThere()) {
        if (child.exitCode !== null) throw new Error(`expected it to go on, it ended: ${stdout}${stderr}`);
        await Promise.race([once(child.stdout, 'data'), once(child.stderr, 'data'), ended]);
      }
    },
  };
}

/** Where `dispatchr listen` listens, once it does. */
export async function listensAt(run: ShellRun): Promise<string> {
  await run.until(() => run.stderr().includes('listening on '));
  const [, url = ''] = /listening on (\S+),/.exec(run.stderr()) ?? [];
  return url;
}
