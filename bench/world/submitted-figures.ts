import type { Submitted } from './load.ts';
import type { Figures } from './side.ts';

/** What a submission took, as figures of a side. */
export function submittedFigures({ tasksPerSecond, p50Ms, p99Ms }: Submitted): Figures {
  return { [RATE_FIGURE]: tasksPerSecond, 'p50 (ms)': p50Ms, 'p99 (ms)': p99Ms };
}

/** What the figure is called. */
export const RATE_FIGURE = 'tasks a second';
