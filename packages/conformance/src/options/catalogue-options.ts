/** The options of `list`. */
export interface ListOptions {
  readonly json: boolean;
  readonly only: readonly string[];
}
