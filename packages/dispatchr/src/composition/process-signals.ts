/** The signals that end the service, with the exit code of one that is killed by them. */
const EXIT_CODES_OF_SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;

/** A signal that ends the service. */
export type EndingSignal = keyof typeof EXIT_CODES_OF_SIGNALS;

/**
 * Calls back on the first SIGTERM or SIGINT; a second one ends the process at once with 130 or 143.
 * Needed from the very start: as process 1 of a container Node ignores signals that nobody handles.
 */
export function handleSignals(onFirst: (signal: EndingSignal) => void): void {
  let ending = false;
  const handle = (signal: NodeJS.Signals): void => {
    if (ending) exitBySignal(signal as EndingSignal);
    ending = true;
    onFirst(signal as EndingSignal);
  };
  process.on('SIGTERM', handle);
  process.on('SIGINT', handle);
}

/** Ends the process at once, as the signal itself would have. */
export function exitBySignal(signal: EndingSignal): never {
  process.exit(EXIT_CODES_OF_SIGNALS[signal]);
}
