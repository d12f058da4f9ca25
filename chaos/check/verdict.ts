/** What the checker says of a run. */
export interface Verdict {
  /** `vacuous`: the logs hold too little to prove anything, and `nothingToJudge` says what is missing. */
  readonly result: 'clean' | 'violated' | 'vacuous';
  readonly nothingToJudge: readonly string[];
  readonly invariants: readonly InvariantVerdict[];
  readonly figures: readonly FigureTable[];
}

/** How one invariant held. */
export interface InvariantVerdict {
  /** For instance `I4`. */
  readonly name: string;
  /** The sentence that was to hold. */
  readonly sentence: string;
  readonly violations: number;
  /** The few with the shortest timelines. */
  readonly shown: readonly ShownViolation[];
}

/** One violation as a reader needs it. */
export interface ShownViolation {
  readonly token: string;
  readonly says: string;
  /** Everything that the logs say of this task, and the faults meanwhile: one line each. */
  readonly timeline: readonly string[];
}

/** Figures that belong together; each line has a name and values. */
export interface FigureTable {
  readonly title: string;
  readonly lines: readonly FigureLine[];
}

/** A line of a table of figures. */
export type FigureLine = readonly [name: string, ...values: (string | number)[]];
