import { EXIT_CODES } from '../composition/start-error.ts';
import { CommandFailure } from './command-failure.ts';
import { printNote } from './output.ts';
import { escapeControls } from './show/escape-controls.ts';
import { failureOf } from './with-client.ts';

/**
 * Does something with each of the names that a command was given, one after the other. One that the service says no to is
 * told of, and the others are done all the same; then it throws a CommandFailure.
 */
export async function operateOnEach(
  names: readonly string[],
  operate: (name: string) => Promise<void>,
): Promise<void> {
  let worst: number = EXIT_CODES.ok;
  for (const name of names) {
    try {
      await operate(name);
    } catch (error) {
      const failure = failureOf(error);
      if (failure === undefined) throw error;
      // The next one would wait for the same service just as long.
      if (failure.exitCode === EXIT_CODES.unavailable) throw failure;
      worst = EXIT_CODES.failed;
      printNote(`dispatchr: ${escapeControls(name)}: ${failure.message}`);
    }
  }
  if (worst !== EXIT_CODES.ok) throw new CommandFailure(worst);
}
