import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe } from 'vitest';
import { itDecidesByTheAnswer, type RunningImplementation } from './decides-by-the-answer.ts';
import { hasPython } from './has-program.ts';

const PROGRAM = fileURLToPath(new URL('../examples/dispatchr-python/dispatchr.py', import.meta.url));

/** The specification is enough to write an implementation from: this one was, and it must behave the same. */
describe.skipIf(!hasPython())('the implementation in Python', () => {
  itDecidesByTheAnswer(startPython);
});

async function startPython(folder: string): Promise<RunningImplementation> {
  const database = join(folder, 'tasks.sqlite');
  const child = spawn('python3', ['-u', PROGRAM, '--port', '0', '--database', database], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /listening on (http:\S+)/.exec(line)?.[1];
    if (url !== undefined) return { url, end: () => (child.kill('SIGTERM'), once(child, 'exit')) };
  }
  throw new Error('expected the Python implementation to say where it listens, got the end of its output');
}
