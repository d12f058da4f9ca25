/** What an implementation did against the specification; ends the check. */
export class Violation extends Error {
  readonly requirement: string;
  readonly expected: string | undefined;
  readonly got: string | undefined;

  /** @param requirement - id of the requirement that was violated. */
  constructor(requirement: string, what: string, expected?: string, got?: string) {
    super(what);
    this.requirement = requirement;
    this.expected = expected;
    this.got = got;
  }
}

/** Ends a check that this run cannot exercise: an option that it needs was not given. */
export class NotExercised extends Error {}

/** Ends a check that says nothing about this implementation as it is declared, or where it runs. */
export class NotApplicable extends Error {}

/** Ends the whole run: the implementation or the suite's receiver cannot be reached; exit code 3. */
export class Unreachable extends Error {}

/** A wrong option, config or selection; exit code 2. */
export class UsageError extends Error {}
