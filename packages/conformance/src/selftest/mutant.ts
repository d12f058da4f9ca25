/** A named fault that the reference implementation can be started with, to prove that a check finds it. */
export interface Mutant {
  readonly id: string;
  /** What the implementation then does wrong, in one sentence. */
  readonly fault: string;
  /** Id of the check that must turn red; empty until it is known. */
  readonly check: string;
  /** The setup that shows it; left out, the one that the check needs. */
  readonly setup?: 'full' | 'bare';
  /** Ids of other checks that may turn red with it. */
  readonly collateral?: readonly string[];
}
