import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A Dispatchr process, started as a user would start it. */
export interface ServiceProcess {
  readonly pid: number;
  /** Where its API listens; empty for a scheduler by itself. */
  readonly url: string;
  /** Everything that it logged so far, oldest first. */
  readonly log: readonly Record<string, unknown>[];
  /** Waits for a line whose `msg` contains the text, and that was not waited for before. */
  logged(text: string): Promise<Record<string, unknown>>;
  /** Settles when the process has ended, for whatever reason. */
  readonly ended: Promise<void>;
  /** Sends a signal and does not wait. */
  signal(signal: 'SIGTERM'): void;
  /** Sends a signal and waits for the end; answers with exit code and signal. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<readonly [code: number | null, signal: string | null]>;
}

const MAIN = fileURLToPath(new URL('../../dispatchr/src/main.ts', import.meta.url));

/**
 * Starts `dispatchr …words` from the sources and waits until it says that it is ready.
 * Only PATH and `environment` are handed on: the variables of whoever runs the tests must not matter.
 * @param onSpawn - told of the process at once, for whoever must be able to end it before it is ready.
 */
export async function startServiceProcess(
  words: readonly string[],
  environment: Record<string, string> = {},
  onSpawn: (child: ChildProcess) => void = () => undefined,
): Promise<ServiceProcess> {
  const child = spawnDispatchr([...words, '--log-format', 'json'], environment);
  onSpawn(child);
  const reader = readLog(child);
  const ended = new Promise<void>((resolve) => void child.once('exit', () => resolve()));
  const { url = '' } = await reader.logged('is ready');
  return {
    pid: child.pid ?? 0,
    url: String(url),
    log: reader.lines,
    logged: reader.logged,
    ended,
    signal: (signal) => void child.kill(signal),
    async end(signal) {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill(signal);
        await once(child, 'exit');
      }
      return [child.exitCode, child.signalCode];
    },
  };
}

/** Spawns `dispatchr …words` without waiting for anything; its outputs are pipes. */
export function spawnDispatchr(
  words: readonly string[],
  environment: Record<string, string> = {},
  cwd?: string,
): ChildProcess {
  return spawn(process.execPath, ['--conditions=@dispatchr/source', MAIN, ...words], {
    ...(cwd !== undefined && { cwd }),
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function readLog(child: ChildProcess) {
  const lines: Record<string, unknown>[] = [];
  const waiters = new Set<() => void>();
  let stderr = '';
  let isOver = false;
  const notify = () => {
    for (const wake of waiters) wake();
  };
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  if (!child.stdout) throw new Error('expected a child with a pipe for its output');
  createInterface({ input: child.stdout })
    .on('line', (line) => {
      lines.push(JSON.parse(line) as Record<string, unknown>);
      notify();
    })
    .on('close', () => {
      isOver = true;
      notify();
    });

  let seen = 0;
  const logged = async (text: string): Promise<Record<string, unknown>> => {
    for (;;) {
      const line = lines[seen];
      if (line === undefined) {
        if (isOver) throw new Error(`expected a line with "${text}", got the end of the log: ${stderr}`);
        await new Promise<void>((wake) => {
          waiters.add(wake);
        }).finally(() => waiters.clear());
        continue;
      }
      seen += 1;
      if (String(line['msg']).includes(text)) return line;
    }
  };
  return { lines, logged };
}
