/** The project without a mutant. */
export const HEALTHY = 'healthy';

/** What became of a test file that ran with one mutant, or {@link HEALTHY}. */
export interface MutantRun {
  /** The id of the mutant. */
  readonly project: string;
  readonly file: string;
  /** Why the file could not be loaded, if it could not. */
  readonly loadErrors: readonly string[];
  /** The tests that were chosen. */
  readonly tests: readonly TestRun[];
}

/** What became of one test. */
export interface TestRun {
  readonly name: string;
  readonly state: 'passed' | 'failed';
  readonly errors: readonly { readonly name?: string | undefined; readonly message: string }[];
}
