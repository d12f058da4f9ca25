import { percentile } from '../../bench/world/percentile.ts';
import type { RunContext } from './run-context.ts';
import type { TaskHistory } from './task-history.ts';
import type { FigureTable } from './verdict.ts';

/** Collects from one task after the other, and says what came of it. */
export interface Figure {
  collect(task: TaskHistory): void;
  table(): FigureTable;
}

/** A figure of one run; it keeps numbers, never histories. */
export type CreateFigure = (run: RunContext) => Figure;

/** Counts by name. */
export class Counts {
  readonly #counts = new Map<string, number>();

  add(name: string, by = 1): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + by);
  }

  get(name: string): number {
    return this.#counts.get(name) ?? 0;
  }

  /** The largest first. */
  entries(): [name: string, count: number][] {
    return [...this.#counts].toSorted(([, a], [, b]) => b - a);
  }
}

/** Durations in milliseconds in a few words. */
export function spread(samplesMs: readonly number[]): string {
  if (samplesMs.length === 0) return 'none';
  const [p50, p99, max] = [0.5, 0.99, 1].map((share) => seconds(percentile(samplesMs, share)));
  return `p50 ${p50}, p99 ${p99}, max ${max} (of ${samplesMs.length})`;
}

/** Milliseconds as seconds. */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(ms < 10_000 ? 3 : 1)} s`;
}
