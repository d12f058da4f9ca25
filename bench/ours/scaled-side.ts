import type { CpuTimes } from '../world/cpu-figures.ts';
import { openInstallation } from '../world/installation.ts';
import { type Load, startLoad } from '../world/load.ts';
import { monotonicMs } from '../world/receiver.ts';
import type { Side } from '../world/side.ts';
import { RATE_FIGURE } from '../world/submitted-figures.ts';
import type { World } from '../world/world.ts';
import { cpuMeter } from './cpu-meter.ts';
import { type Backlog, drain } from './drain.ts';

/** Submits one by one to so many recorders, then drains with so many schedulers; two producers in either case. */
export async function openScaledSide(
  { serverUrl, receiver }: World,
  count: number,
  backlog: Backlog,
): Promise<Side> {
  const installation = await openInstallation({ serverUrl, recorders: count, schedulers: 0 });
  const producers = await Promise.all([startLoad(), startLoad()]);
  const cpuTimes = cpuMeter(installation, producers);
  const urls = producers.map((_, index) => `${installation.recorders[index % count]}/v1/tasks`);
  return {
    name: `${count} recorder${count === 1 ? '' : 's'} + ${count} scheduler${count === 1 ? '' : 's'}`,
    async play() {
      await installation.empty();
      const before = await cpuTimes();
      const submittedPerSecond = await submitAll(producers, urls, receiver.url, backlog);
      const after = await cpuTimes();
      await installation.settle();
      const drained = await drain(installation, receiver, count, backlog);
      return {
        'submitted a second': submittedPerSecond,
        'drained a second': drained.figures[RATE_FIGURE] ?? Number.NaN,
        'database, % of CPU, submit': databasePercent(before, after),
        'database, % of CPU, drain': databasePercent(drained.before, drained.after),
      };
    },
    async close() {
      await Promise.all(producers.map((producer) => producer.close()));
      await installation.close();
    },
  };
}

/** Tasks a second of all producers, each of which submits its part. */
async function submitAll(
  producers: readonly Load[],
  urls: readonly string[],
  target: string,
  { tasks, warmUp }: Backlog,
): Promise<number> {
  const part = Math.ceil((tasks + warmUp) / producers.length);
  const fromMs = monotonicMs();
  const submit = (producer: Load, index: number) =>
    producer.submit({ url: urls[index] ?? '', target, tasks: part, batch: 1, inFlight: 32 });
  await Promise.all(producers.map(submit));
  return ((part * producers.length) / (monotonicMs() - fromMs)) * 1000;
}

/** The database's part of what all processes used, in percent. */
function databasePercent(before: CpuTimes, after: CpuTimes): number {
  const usedMs = Object.entries(after).map(([kind, ms]) => ms - (before[kind] ?? Number.NaN));
  const databaseMs = (after['database'] ?? Number.NaN) - (before['database'] ?? Number.NaN);
  return (databaseMs / usedMs.reduce((sum, ms) => sum + ms, 0)) * 100;
}
