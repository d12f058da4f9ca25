/** What one round of a side gave: a number for each figure, of which several sides have some in common. */
export type Figures = Readonly<Record<string, number>>;

/** One contestant of a measurement, playing one round whenever it is its turn. */
export interface Side {
  readonly name: string;
  /** Prepares a round, which does not count, plays it, and answers with its figures. */
  play(): Promise<Figures>;
  /** Ends what it started. */
  close(): Promise<void>;
}
