import { setTimeout as sleep } from 'node:timers/promises';
import { untilFinished } from '../ours/until-finished.ts';
import type { Installation } from '../world/installation.ts';
import { monotonicMs } from '../world/receiver.ts';
import type { World } from '../world/world.ts';
import type { Span } from './cpu-profile.ts';

/** A load that is profiled: all of it within the span, which leaves out starts and warm-ups. */
export type ProfiledLoad = (
  world: World,
  installation: Installation,
  work: ProfiledWork,
) => Promise<ProfiledSpan>;

export interface ProfiledWork {
  readonly tasks: number;
  readonly warmUp: number;
  /** Called when the warm-up is over. */
  readonly onBegin: () => Promise<void>;
}

export interface ProfiledSpan extends Span {
  /** The processes that did the work, by what they are. */
  readonly pids: Readonly<Record<string, number>>;
}

/** What can be profiled, by its word on the command line. */
export const PROFILED_LOADS: Readonly<Record<string, ProfiledLoad>> = {
  submit: (world, installation, work) =>
    submitAll(world, installation, work, { path: '/v1/tasks', batch: 1, inFlight: 64 }),
  batch: (world, installation, work) =>
    submitAll(world, installation, work, { path: '/v1/tasks/batch', batch: 100, inFlight: 4 }),
  drain: drainAll,
};

interface Requests {
  readonly path: string;
  readonly batch: number;
  readonly inFlight: number;
}

async function submitAll(
  { receiver, load, note }: World,
  installation: Installation,
  { tasks, warmUp, onBegin }: ProfiledWork,
  { path, ...requests }: Requests,
): Promise<ProfiledSpan> {
  const submission = { url: `${installation.recorders[0]}${path}`, target: receiver.url, ...requests };
  await load.submit({ ...submission, tasks: warmUp });
  await installation.settle();
  await onBegin();
  const fromMs = monotonicMs();
  const { tasksPerSecond } = await load.submit({ ...submission, tasks });
  const untilMs = monotonicMs();
  note(`${Math.round(tasksPerSecond)} tasks a second, profiled`);
  return { fromMs, untilMs, pids: { recorder: installation.recorderPids[0] ?? 0 } };
}

async function drainAll(
  { receiver, load, note }: World,
  installation: Installation,
  { tasks, warmUp, onBegin }: ProfiledWork,
): Promise<ProfiledSpan> {
  const url = `${installation.recorders[0]}/v1/tasks/batch`;
  await load.submit({ url, target: receiver.url, tasks: warmUp + tasks, batch: 500, inFlight: 2 });
  await installation.settle();
  const [first, last] = receiver.count(warmUp, warmUp + tasks);
  await installation.startSchedulers(1);
  const pid = installation.schedulers()[0]?.pid ?? 0;
  const fromMs = await first;
  await onBegin();
  const untilMs = await last;
  await untilFinished(installation);
  // The count of the statements comes with a delay.
  await sleep(100);
  note(`${Math.round((tasks / (untilMs - fromMs)) * 1000)} tasks a second, profiled`);
  return { fromMs, untilMs, pids: { scheduler: pid } };
}
