/** One promise, and how to measure whether it holds. */
export interface Scenario {
  /** One line. */
  readonly summary: string;
  readonly flags: Readonly<Record<string, Flag>>;
  /** Runs it to its end; `note` takes a line of progress. */
  run(flags: Readonly<Record<string, number>>, note: (text: string) => void): Promise<ScenarioReport>;
}

/** A whole number of 1 or more. */
export interface Flag {
  readonly default: number;
  /** For a first try; `--help` shows it. */
  readonly small: number;
  readonly meaning: string;
}

/** What a scenario found. */
export interface ScenarioReport {
  readonly figures: Readonly<Record<string, number | string>>;
  /** A sentence for each part of the promise that did not hold. */
  readonly violations: readonly string[];
}

/** The value of a flag, which the command has checked and filled in. */
export function flagOf(flags: Readonly<Record<string, number>>, name: string): number {
  const value = flags[name];
  if (value === undefined) throw new Error(`expected a value of --${name}, got none`);
  return value;
}

/** The sentences whose condition is true. */
export function violationsOf(sentences: Readonly<Record<string, boolean>>): string[] {
  return Object.entries(sentences).flatMap(([sentence, isTrue]) => (isTrue ? [sentence] : []));
}
