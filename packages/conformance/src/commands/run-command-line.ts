import { CommanderError } from 'commander';
import { EXIT_CODES } from '../run/exit-codes.ts';
import { Unreachable, UsageError } from '../run/violation.ts';
import { createProgram } from './create-program.ts';

/** Runs the command line and answers with the exit code; every failure is a sentence on standard error. */
export async function runCommandLine(words: readonly string[]): Promise<number> {
  const interruption = interruptionOf(process);
  let exitCode: number = EXIT_CODES.conformant;
  const onEnd = (code: number): void => {
    exitCode = code;
  };
  // A check that broke off leaves what it set off behind: its failure still ends the run with a sentence.
  process.on('unhandledRejection', (error) => process.exit(failureCode(error, interruption)));
  try {
    await createProgram(interruption, onEnd).parseAsync([...words], { from: 'user' });
    return exitCode;
  } catch (error) {
    return failureCode(error, interruption);
  }
}

function failureCode(error: unknown, { aborted }: AbortSignal): number {
  // Commander has printed its own message by then; asked-for help and version carry exit code 0.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_CODES.conformant : EXIT_CODES.usage;
  if (aborted) return EXIT_CODES.interrupted;
  if (error instanceof UsageError) return complain(error.message, EXIT_CODES.usage);
  if (error instanceof Unreachable) return complain(error.message, EXIT_CODES.unreachable);
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return complain(`the suite itself went wrong, please report it: ${trace}`, EXIT_CODES.suiteFault);
}

function complain(message: string, exitCode: number): number {
  process.stderr.write(`dispatchr-conformance: ${message}\n`);
  return exitCode;
}

/** Aborted by the first SIGINT or SIGTERM, so that a report of what was found is written; the second one ends the process. */
function interruptionOf(source: NodeJS.Process): AbortSignal {
  const controller = new AbortController();
  const interrupt = (): void => {
    if (controller.signal.aborted) source.exit(EXIT_CODES.interrupted);
    controller.abort();
  };
  source.on('SIGINT', interrupt);
  source.on('SIGTERM', interrupt);
  return controller.signal;
}
