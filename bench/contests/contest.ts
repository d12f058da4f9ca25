import type { Side } from '../world/side.ts';
import type { World } from '../world/world.ts';

/** One measurement that several sides take part in. */
export interface Contest {
  /** As in `--only`. */
  readonly name: string;
  readonly title: string;
  /** Figures that get a column, the leading one first. */
  readonly figures: readonly string[];
  /** Figures, of those, whose ratios are shown; the leading one first. */
  readonly compared: readonly string[];
  /** Sides that every other side is compared with. */
  readonly subjects: readonly string[];
  /** Whether what people use today takes part with `--peers`. */
  readonly hasPeers: boolean;
  openSides(world: World, options: ContestOptions): Promise<readonly Side[]>;
}

/** What the sides of a contest are opened with. */
export interface ContestOptions {
  /** Tasks of a round; absent is what suits the contest. */
  readonly tasks?: number;
  /** Tasks a second of `delay-half`. */
  readonly perSecond?: number;
}
