import type { Control } from '../run/control.ts';
import { UsageError } from '../run/violation.ts';
import type { ControlOptions } from './control-options.ts';
import { remoteControl } from './remote-control.ts';
import { SpawnedImplementation } from './spawned-implementation.ts';

/** A way to start and end the implementation, and what ends it with the run. */
export interface OpenedControl {
  readonly control: Control;
  close(): Promise<void>;
}

/** Starts the implementation of `--sut`, or prepares `--control-url`; `undefined` with neither. */
export async function openControl(options: ControlOptions): Promise<OpenedControl | undefined> {
  const { sut, controlUrl } = options;
  if (sut !== undefined && controlUrl !== undefined)
    throw new UsageError('expected --sut or --control-url, got both');
  if (controlUrl !== undefined) {
    const control = remoteControl(controlUrl, options);
    // Tells at once whether somebody listens there, and not in the middle of the run.
    await control.start();
    return { control, close: () => Promise.resolve() };
  }
  if (sut === undefined) return undefined;
  if (sut.trim() === '') throw new UsageError('expected --sut to be a command, got nothing');
  const implementation = new SpawnedImplementation(sut, options);
  await implementation.assertNothingAnswers();
  await implementation.start();
  return { control: implementation, close: () => implementation.stop() };
}
