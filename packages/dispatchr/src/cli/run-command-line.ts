import { CommanderError } from 'commander';
import { EXIT_CODES, StartError } from '../composition/start-error.ts';
import { CommandFailure } from './command-failure.ts';
import { createProgram } from './create-program.ts';
import { UsageError } from './usage-error.ts';

/** Runs the command line and answers with the exit code; every failure is one sentence on standard error. */
export async function runCommandLine(words: string[]): Promise<number> {
  try {
    const program = await createProgram(words);
    await program.parseAsync(words, { from: 'user' });
    return EXIT_CODES.ok;
  } catch (error) {
    return reportFailure(error);
  }
}

function reportFailure(error: unknown): number {
  // Commander has printed its own message by then; asked-for help and version carry exit code 0.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_CODES.ok : EXIT_CODES.usage;
  if (error instanceof UsageError) return complain(error.message, EXIT_CODES.usage);
  if (error instanceof CommandFailure) {
    // One without a message comes from a command that said everything as it went along.
    return error.message === '' ? error.exitCode : complain(error.message, error.exitCode);
  }
  if (error instanceof StartError) return complain(withStacks(error), error.exitCode);
  return complain(`unexpected error: ${withStacks(error)}`, EXIT_CODES.failed);
}

/** Commands leave a cause on what they throw only where the settings ask for stacks. */
function withStacks(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? error.cause.stack : undefined;
  return cause === undefined ? error.message : `${error.message}\n${cause}`;
}

function complain(message: string, exitCode: number): number {
  process.stderr.write(`dispatchr: ${message}\n`);
  return exitCode;
}
