import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const EXAMPLES = fileURLToPath(new URL('../examples/', import.meta.url));
const MAIN = fileURLToPath(new URL('../packages/dispatchr/src/main.ts', import.meta.url));
const SOURCES = '--conditions=@dispatchr/source';

/** An example that listens. */
export interface Example {
  child: ChildProcess;
  /** Where it says that it listens. */
  url: string;
  /** What it has printed so far. */
  output: () => string;
}

/** What a process that has ended printed, and how it ended. */
export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Starts an example in TypeScript on a free port, waits until it says where it listens, and ends it with the test. */
export function startTypeScript(file: string, environment: Record<string, string> = {}): Promise<Example> {
  return startExample(process.execPath, [SOURCES, file], environment);
}

/** Starts an example on a free port, waits until it says where it listens, and ends it with the test. */
export async function startExample(
  program: string,
  words: readonly string[],
  environment: Record<string, string> = {},
): Promise<Example> {
  const child = spawnInExamples(program, words, { PORT: '0', ...environment });
  let printed = '';
  const url = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      printed += chunk.toString();
      const address = /listening on (http:\S+)\n/i.exec(printed)?.[1];
      if (address !== undefined) resolve(address);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.on('exit', () =>
      reject(new Error(`expected ${words.join(' ')} to listen, got its end: ${printed}`)),
    );
  });
  return { child, url, output: () => printed };
}

/** Runs an example that ends by itself. */
export async function runExample(
  program: string,
  words: readonly string[],
  environment: Record<string, string>,
): Promise<Ended> {
  const child = spawnInExamples(program, words, environment);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { code: child.exitCode, stdout, stderr };
}

/** Runs `dispatchr …words`. */
export function runDispatchr(words: readonly string[]): Promise<Ended> {
  return runExample(process.execPath, [SOURCES, MAIN, ...words], {});
}

/** Ends a process when the test is finished, however that ends. */
export function endAfterTest(child: ChildProcess): void {
  onTestFinished(() => void child.kill('SIGKILL'));
}

function spawnInExamples(program: string, words: readonly string[], environment: Record<string, string>) {
  const child = spawn(program, words, {
    cwd: EXAMPLES,
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  endAfterTest(child);
  return child;
}
