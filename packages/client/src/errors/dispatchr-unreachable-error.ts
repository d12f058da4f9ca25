/** Thrown when no answer came: nothing listens there, the connection was lost, or the time for it was over. */
export class DispatchrUnreachableError extends Error {
  override readonly name = 'DispatchrUnreachableError';
  /** The recorder's address, as the client has it. */
  readonly url: string;
  /** How many times the request was sent, or tried to be. */
  readonly tries: number;

  constructor(url: string, request: string, tries: number, cause: unknown) {
    const times = tries === 1 ? '' : ` in ${tries} tries`;
    const unknown = request.startsWith('GET') ? '' : '; whether it took effect is not known';
    super(
      `expected an answer to ${request} from ${url}, got none${times}: ${reasonOf(cause)}${unknown}; is the recorder running there?`,
      { cause },
    );
    this.url = url;
    this.tries = tries;
  }
}

/** The innermost reason: what `fetch` throws says only that it failed. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause !== undefined) return reasonOf(error.cause);
  // A name with several addresses fails with one error for each of them and no message of its own.
  if (error instanceof AggregateError && error.message === '') return error.errors.map(reasonOf).join(', ');
  return error.message;
}
