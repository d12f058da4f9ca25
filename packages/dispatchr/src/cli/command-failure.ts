/** Why a command did not end as asked: a sentence, unless everything has been said already, and the exit code. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
  readonly exitCode: number;

  constructor(exitCode: number, message = '', options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}
