import { cpuFigures } from '../world/cpu-figures.ts';
import { percentile } from '../world/percentile.ts';
import type { Figures } from '../world/side.ts';
import type { World } from '../world/world.ts';
import type { Live } from './live-side.ts';

/** Submits evenly for some seconds, and measures from the begin of each submit to the arrival of its task. */
export async function measureStartDelay(
  { receiver, load }: World,
  { url, cpuTimes }: Live,
  perSecond: number,
  seconds: number,
): Promise<Figures> {
  const tasks = Math.round(perSecond * seconds);
  const delays = receiver.delays(tasks);
  const before = await cpuTimes();
  await load.submit({ url, target: receiver.url, tasks, batch: 1, inFlight: 64, perSecond });
  const figures = delayFigures(await delays);
  return { ...figures, ...cpuFigures(before, await cpuTimes(), tasks) };
}

/** How long tasks took to arrive, in milliseconds, as figures. */
export function delayFigures(delaysMs: readonly number[]): Figures {
  return { 'p50 (ms)': percentile(delaysMs, 0.5), 'p99 (ms)': percentile(delaysMs, 0.99) };
}
