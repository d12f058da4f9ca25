/** Thrown for a text that is not strict JSON; the message says what was expected, what came and where. */
export class MalformedJsonError extends Error {
  override readonly name = 'MalformedJsonError';
}

/** Thrown for more values than any request needs; `pointer` says where the one too many is. */
export class TooManyValuesError extends Error {
  override readonly name = 'TooManyValuesError';
  readonly pointer: string;

  constructor(message: string, pointer: string) {
    super(message);
    this.pointer = pointer;
  }
}
