import { createRandom, type Random } from '../load/random.ts';
import { createRecorderCalls, type NewTask, type RecorderCalls, type SeenTask } from './recorder-calls.ts';
import { type Scenario, type ScenarioReport, flagOf, violationsOf } from './scenario.ts';
import { drawSituation, type Situation, trueReasonOf } from './situations.ts';
import { onStage, type Stage } from './stage.ts';
import { until } from './until.ts';
import { startWaitingWorld, type WaitingWorld } from './waiting-world.ts';

/** Tasks wait for all kinds of reasons: is the one that each of them shows the true one? */
export const waiting: Scenario = {
  summary: '200 tasks in random situations: the reason that each shows for waiting is the true one.',
  flags: {
    tasks: {
      default: 200,
      small: 60,
      meaning: 'half of them with running schedulers, half with stopped ones',
    },
    seed: { default: 1, small: 1, meaning: 'which situations they are in' },
  },
  run: (flags, note) => onStage((stage) => measure(stage, flags, note)),
};

const LATER_MS = 3_600_000;
/** By then it must be known that no scheduler is alive. Spec: WHY-005. */
const NO_SCHEDULER_WITHIN_MS = 60_000;

/** A task with what is true of it by construction. */
interface Placed {
  readonly id: string;
  readonly situation: Situation;
  /** Due tasks of its queue and flow key that were submitted before it and that nothing holds back. Spec: TIM-010. */
  readonly before: number;
  /** Those that their target holds back: they count until a scheduler has put them aside. */
  readonly heldBefore: number;
}

/** What the API said of a task, against what is true. */
interface Told {
  readonly reason: string;
  readonly isTrue: boolean;
  readonly text: string;
}

async function measure(
  stage: Stage,
  flags: Readonly<Record<string, number>>,
  note: (text: string) => void,
): Promise<ScenarioReport> {
  const [recorder] = stage.cluster.recorders;
  const calls = createRecorderCalls(recorder?.url ?? '');
  const half = Math.ceil(flagOf(flags, 'tasks') / 2);
  const world = await startWaitingWorld(calls);
  try {
    note('queues and targets are in every situation');
    const place = placing(calls, world, createRandom(flagOf(flags, 'seed')));
    const live = await place(half, true);
    const told = await lookAt(calls, live, true);
    note(`with running schedulers: ${wrongIn(told)} wrong of ${told.length}`);
    // Nothing is claimed any more, yet they were seen a moment ago: what waits for its turn can be looked at.
    signalAll(stage, 'SIGSTOP');
    const frozen = await place(flagOf(flags, 'tasks') - half, false);
    told.push(...(await lookAt(calls, frozen, true)));
    note(`with stopped schedulers: ${wrongIn(told)} wrong of ${told.length}`);
    await Promise.all(stage.cluster.schedulers.map((scheduler) => scheduler.end('SIGKILL')));
    const alone = await lookOnceAlone(calls, [...live, ...frozen]);
    note(`without schedulers: ${wrongIn(alone)} wrong of ${alone.length}`);
    return reportOf(told, alone);
  } finally {
    await world.close();
    signalAll(stage, 'SIGCONT');
  }
}

function signalAll({ cluster }: Stage, signal: 'SIGSTOP' | 'SIGCONT'): void {
  for (const scheduler of cluster.schedulers) scheduler.signal(signal);
}

/** Submits tasks in random situations, and knows those it submitted earlier. */
function placing(calls: RecorderCalls, world: WaitingWorld, random: Random) {
  const earlier: Situation[] = [];
  return async (count: number, areSchedulersRunning: boolean): Promise<Placed[]> => {
    const placed: Placed[] = [];
    for (let number = 0; number < count; number += 1) {
      const situation = drawSituation(random, areSchedulersRunning);
      const { id } = await calls.submitOne(taskFor(situation, world));
      const ahead = earlier.filter((other) => goesBefore(other, situation));
      const before = ahead.filter(({ target }) => target === 'healthy').length;
      placed.push({ id, situation, before, heldBefore: ahead.length - before });
      earlier.push(situation);
    }
    return placed;
  };
}

function taskFor(situation: Situation, world: WaitingWorld): NewTask {
  const { queue, flowKey, isDue } = situation;
  const dueAt = isDue ? {} : { dueAt: new Date(Date.now() + LATER_MS).toISOString() };
  return { target: world.urlFor(situation), queue, flowKey, ...dueAt };
}

function goesBefore(other: Situation, situation: Situation): boolean {
  return other.isDue && other.queue === situation.queue && other.flowKey === situation.flowKey;
}

async function lookAt(
  calls: RecorderCalls,
  placed: readonly Placed[],
  isSchedulerAlive: boolean,
): Promise<Told[]> {
  const told: Told[] = [];
  for (const one of placed) told.push(judge(one, await calls.task(one.id), isSchedulerAlive));
  return told;
}

/** Once the first due task says that nobody is there, every task must. */
async function lookOnceAlone(calls: RecorderCalls, placed: readonly Placed[]): Promise<Told[]> {
  const due = placed.find(({ situation }) => situation.isDue);
  const isKnown = async (): Promise<boolean> =>
    due === undefined || (await calls.task(due.id)).waiting?.reason === 'no-scheduler';
  // It is the verdict that says so if it is never known.
  await until('no scheduler is known to be alive', isKnown, NO_SCHEDULER_WITHIN_MS).catch(() => undefined);
  return lookAt(calls, placed, false);
}

function judge({ situation, before, heldBefore }: Placed, task: SeenTask, isSchedulerAlive: boolean): Told {
  // A probe may have been made with it, and failed: it is due again after its backoff.
  const isDue = situation.isDue && Date.parse(task.dueAt) <= Date.now();
  const reason = trueReasonOf({ ...situation, isDue }, isSchedulerAlive);
  const got = task.waiting;
  const isBeforeTrue =
    reason === 'ready'
      ? got?.before !== undefined && got.before >= before && got.before <= before + heldBefore
      : got?.before === undefined;
  const isUntilTrue = reason !== 'not-due' || got?.until === task.dueAt;
  const isTrue = task.state === 'pending' && got?.reason === reason && isBeforeTrue && isUntilTrue;
  const expected = reason === 'ready' ? `ready with ${before} (and ${heldBefore} held) before it` : reason;
  const text = `expected ${expected} of ${JSON.stringify(situation)}, got ${task.state}, ${JSON.stringify(got)}`;
  return { reason, isTrue, text };
}

function wrongIn(told: readonly Told[]): number {
  return told.filter(({ isTrue }) => !isTrue).length;
}

function reportOf(told: readonly Told[], alone: readonly Told[]): ScenarioReport {
  const reasons = Map.groupBy(told, ({ reason }) => reason);
  const figures = [...reasons].map(([reason, group]): [string, string] => [
    `true reason ${reason}`,
    `${group.length - wrongIn(group)} of ${group.length} told so`,
  ]);
  return {
    figures: {
      ...Object.fromEntries(figures),
      'tasks with running or stopped schedulers, told truly': `${told.length - wrongIn(told)} of ${told.length}`,
      'tasks without schedulers, told truly': `${alone.length - wrongIn(alone)} of ${alone.length}`,
    },
    violations: violationsOf(
      Object.fromEntries([...told, ...alone].map(({ text, isTrue }) => [text, !isTrue])),
    ),
  };
}
