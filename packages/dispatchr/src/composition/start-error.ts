/** Exit codes of the command. */
export const EXIT_CODES = {
  /** Ended as asked. */
  ok: 0,
  /** Something failed that should not have. */
  failed: 1,
  /** A flag, a variable, the config file, or settings that do not go together. */
  usage: 2,
  /** Something needed is not to be had: the database, the port, the data folder. */
  unavailable: 3,
} as const;

/** Why the service cannot start: one sentence on what to do, and the exit code. */
export class StartError extends Error {
  override readonly name = 'StartError';
  readonly exitCode: number;

  constructor(exitCode: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}
