import { cpuMeter } from '../ours/cpu-meter.ts';
import { delayFigures } from '../ours/start-delay.ts';
import { cpuFigures } from '../world/cpu-figures.ts';
import { type Installation, openInstallation } from '../world/installation.ts';
import type { Figures, Side } from '../world/side.ts';
import type { World } from '../world/world.ts';
import { measureDrain } from './measured-drain.ts';
import { pauseQueue, resumeQueue } from './paused-queue.ts';
import type { ScaleOptions } from './situation.ts';
import { markRound } from './tidy.ts';

/** How a side that lives beside something large differs from the small one. */
export interface Beside {
  readonly name: string;
  /** Lays down what the side lives beside, once; what it answers with is called at the end. */
  readonly prepare?: (installation: Installation) => Promise<() => Promise<void>>;
}

/** Start delays: so many a second, for so long. */
const PER_SECOND = 100;
const DELAY_SECONDS = 5;

/** Submits, drains what it submitted, or the same number of older tasks, and measures start delays, all beside what is there already. */
export async function openBesideSide(
  world: World,
  options: ScaleOptions,
  { name, prepare }: Beside,
): Promise<Side> {
  const { serverUrl, receiver } = world;
  const installation = await openInstallation({ serverUrl, recorders: 1, schedulers: 0 });
  try {
    const release = (await prepare?.(installation)) ?? (() => Promise.resolve());
    await installation.settle();
    return {
      name,
      async play() {
        const mark = await markRound(installation.sql);
        const submitted = await measureSubmit(world, installation, options.tasks + options.warmUp);
        await installation.settle();
        const drained = await measureDrain(installation, receiver, 1, options);
        await installation.settle();
        const delays = await measureDelays(world, installation);
        await mark.tidy();
        await installation.settle();
        return { ...submitted, ...drained, ...delays };
      },
      async close() {
        await release();
        await installation.close();
      },
    };
  } catch (error) {
    await installation.close();
    throw error;
  }
}

async function measureSubmit(
  { receiver, load }: World,
  installation: Installation,
  tasks: number,
): Promise<Figures> {
  const cpuTimes = cpuMeter(installation, [load]);
  const before = await cpuTimes();
  const url = `${installation.recorders[0]}/v1/tasks`;
  const { tasksPerSecond } = await load.submit({
    url,
    target: receiver.url,
    tasks,
    batch: 1,
    inFlight: 64,
  });
  const cpu = cpuFigures(before, await cpuTimes(), tasks);
  return {
    'submit: tasks a second': tasksPerSecond,
    'submit: CPU µs a task, database': cpu['CPU µs a task, database'] ?? Number.NaN,
  };
}

/** Of tasks of a queue of their own: the other queue is paused, so that a backlog of it stands in nobody's way but the database's. */
async function measureDelays({ receiver, load }: World, installation: Installation): Promise<Figures> {
  const recorder = installation.recorders[0] ?? '';
  await pauseQueue(recorder, 'default');
  await installation.startSchedulers(1);
  const submission = { url: `${recorder}/v1/tasks`, target: receiver.url, batch: 1, inFlight: 64 };
  const tasks = PER_SECOND * DELAY_SECONDS;
  const warm = receiver.delays(PER_SECOND);
  const members = { queue: 'urgent' };
  await load.submit({ ...submission, tasks: PER_SECOND, perSecond: PER_SECOND, members });
  await warm;
  const delays = receiver.delays(tasks);
  await load.submit({ ...submission, tasks, perSecond: PER_SECOND, members });
  const figures = delayFigures(await delays);
  await installation.endSchedulers();
  await resumeQueue(recorder, 'default');
  return Object.fromEntries(
    Object.entries(figures).map(([name, value]) => [`start delay: ${name}`, value] as const),
  );
}
