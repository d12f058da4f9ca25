/** Failures in a row of each origin, as far as this process saw them; an origin without any takes no memory. */
export class Streaks {
  readonly #failures = new Map<string, number>();

  /** Counts a failure; answers with how many there are in a row. */
  fail(origin: string): number {
    const failures = (this.#failures.get(origin) ?? 0) + 1;
    this.#failures.set(origin, failures);
    return failures;
  }

  /** Ends the row. */
  end(origin: string): void {
    this.#failures.delete(origin);
  }
}
