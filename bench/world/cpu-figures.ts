import type { Figures } from './side.ts';

/** CPU milliseconds used so far, by kind of process; NaN where they are not known. */
export type CpuTimes = Readonly<Record<string, number>>;

/** CPU microseconds a task over all kinds of process, and by kind; what is not known is left out. */
export function cpuFigures(before: CpuTimes, after: CpuTimes, tasks: number): Figures {
  const perTask = Object.entries(after).map(
    ([kind, afterMs]) => [kind, ((afterMs - (before[kind] ?? Number.NaN)) * 1000) / tasks] as const,
  );
  const known = perTask.filter(([, microseconds]) => !Number.isNaN(microseconds));
  const byKind = known.map(([kind, microseconds]) => [`${CPU_FIGURE}, ${kind}`, microseconds] as const);
  // A sum without one of its parts would look better than it is.
  if (known.length < perTask.length) return Object.fromEntries(byKind);
  const sum = known.reduce((total, [, microseconds]) => total + microseconds, 0);
  return { [CPU_FIGURE]: sum, ...Object.fromEntries(byKind) };
}

/** What the figure over all processes is called. */
export const CPU_FIGURE = 'CPU µs a task';
