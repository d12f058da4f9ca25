import type { Side } from '../world/side.ts';
import type { World } from '../world/world.ts';

/** Something large that figures may suffer from. */
export interface Situation {
  /** As in `--only`. */
  readonly name: string;
  readonly title: string;
  /** The side without it. */
  openSmall(world: World, options: ScaleOptions): Promise<Side>;
  openLarge(world: World, options: ScaleOptions): Promise<Side>;
}

export interface ScaleOptions {
  /** How many tasks are large. */
  readonly size: number;
  /** Tasks of a submit or a drain that are measured. */
  readonly tasks: number;
  /** Tasks of a drain before them. */
  readonly warmUp: number;
  /** How long tasks come and go beside an open transaction before it is measured. */
  readonly holdSeconds: number;
}

/** The part of a drain that does not count: the start of the process, and code that is not compiled yet. */
export const SMALL_WARM_UP = 0.2;
