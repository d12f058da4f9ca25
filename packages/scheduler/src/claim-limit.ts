/** How many tasks a claim may bring at most, learnt from claims that failed. */
export interface ClaimLimit {
  /** Infinity while none failed. */
  most(): number;
  /** A claim for so many tasks failed; it may have been too large for its deadline. */
  failed(asked: number): void;
  /** A claim brought so many tasks. */
  succeeded(claimed: number): void;
}

/** Growth for each claim that succeeds: slow, so that few claims fail again where all that size do. */
const GROWTH = 1.1;

/** Past this no claim is as large, and the limit is forgotten. */
const LARGEST_CLAIM = 20_000;

/** A limit that halves with each claim that fails, and grows with each that brings something. */
export function createClaimLimit(): ClaimLimit {
  let most = Infinity;
  return {
    most: () => most,
    failed(asked) {
      most = Math.max(1, Math.floor(Math.min(most, asked) / 2));
    },
    succeeded(claimed) {
      if (claimed === 0) return;
      most = Math.ceil(most * GROWTH);
      if (most > LARGEST_CLAIM) most = Infinity;
    },
  };
}
