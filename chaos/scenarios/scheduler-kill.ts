import { percentile } from '../../bench/world/percentile.ts';
import type { ServiceSlot } from '../cluster/service-slot.ts';
import type { Received } from '../events.ts';
import type { Load } from '../load/start-load.ts';
import { type Scenario, type ScenarioReport, flagOf, violationsOf } from './scenario.ts';
import { onStage, type Stage } from './stage.ts';
import { until } from './until.ts';

/** A scheduler is killed in the middle of its deliveries: others make them again, and soon. */
export const schedulerKill: Scenario = {
  summary: 'kill -9 of one loaded scheduler of three: when are its tasks delivered again?',
  flags: {
    rounds: { default: 20, small: 2, meaning: 'kills, each of the scheduler with the most tasks in hand' },
    tasks: { default: 60, small: 30, meaning: 'deliveries that are begun for each round' },
    seed: { default: 1, small: 1, meaning: 'what the tasks are like' },
  },
  run: (flags, note) => onStage((stage) => measure(stage, flags, note)),
};

/** The promise: of a lease of 30 s, a sweep every 5 s. */
const AGAIN_WITHIN_MS = 35_000;
const GIVE_UP_AFTER_MS = 120_000;
/** Longer than the run: only a kill ends the first attempt. */
const TIMEOUT_MS = 1_800_000;

/** The requests of each task, by its id, oldest first. */
type Requests = Map<string, Received[]>;

async function measure(
  stage: Stage,
  flags: Readonly<Record<string, number>>,
  note: (text: string) => void,
): Promise<ScenarioReport> {
  const load = await stage.startLoad({ seed: flagOf(flags, 'seed'), rate: 0 });
  const requests: Requests = new Map();
  load.onReceived((received) => {
    requests.set(received.taskId, [...(requests.get(received.taskId) ?? []), received]);
  });
  const samples: number[] = [];
  for (let round = 1; round <= flagOf(flags, 'rounds'); round += 1) {
    const took = await killOnce(stage, load, requests, flagOf(flags, 'tasks'));
    note(`round ${round}: ${took.length} tasks, the last of them again after ${Math.max(...took)} ms`);
    samples.push(...took);
  }
  return reportOf(samples, requests);
}

/** Milliseconds from the kill to the next delivery of each task that the victim had in hand. */
async function killOnce(stage: Stage, load: Load, requests: Requests, tasks: number): Promise<number[]> {
  const before = requests.size;
  await load.submitMore(tasks, {
    target: 'hanging',
    path: '/hang/1',
    timeoutMs: TIMEOUT_MS,
    schedule: {},
    retry: { maxAttempts: 5, minBackoffMs: 1000, maxBackoffMs: 1000, multiplier: 1, jitter: 0 },
  });
  await until('every task is delivered once', () => requests.size === before + tasks, GIVE_UP_AFTER_MS);
  const { victim, held } = await mostLoaded(stage);
  const killedAt = Date.now();
  await victim.end('SIGKILL');
  await victim.start();
  const again = (): number[] =>
    held.flatMap((id) => requests.get(id)?.find(({ attempt }) => attempt > 1)?.at ?? []);
  await until('its tasks are delivered again', () => again().length === held.length, GIVE_UP_AFTER_MS);
  return again().map((at) => at - killedAt);
}

/** The scheduler that has the most tasks in hand, and their ids. */
async function mostLoaded(stage: Stage): Promise<{ victim: ServiceSlot; held: readonly string[] }> {
  const [row] = await stage.query(
    `SELECT scheduler, array_agg(id) AS held
     FROM dispatchr.tasks JOIN dispatchr.unfinished_tasks USING (seq)
     WHERE state = 'running' GROUP BY scheduler ORDER BY count(*) DESC LIMIT 1`,
  );
  const victim = stage.cluster.schedulers.find(({ schedulerId }) => schedulerId === row?.['scheduler']);
  if (victim === undefined)
    throw new Error(`expected a scheduler with tasks in hand, got ${JSON.stringify(row)}`);
  return { victim, held: row?.['held'] as string[] };
}

function reportOf(samples: readonly number[], requests: Requests): ScenarioReport {
  const [p50, p99, max] = [0.5, 0.99, 1].map((share) => percentile(samples, share));
  const extra = [...requests.values()].filter((received) => received.length > 2).length;
  return {
    figures: {
      'tasks of killed schedulers': samples.length,
      'delivered again after p50 (ms)': p50 ?? Number.NaN,
      'delivered again after p99 (ms)': p99 ?? Number.NaN,
      'delivered again after max (ms)': max ?? Number.NaN,
      'tasks with more deliveries than one for the kill': extra,
    },
    violations: violationsOf({
      [`p99 is more than ${AGAIN_WITHIN_MS} ms`]: !((p99 ?? Infinity) <= AGAIN_WITHIN_MS),
      'a task was delivered more often than one kill explains': extra > 0,
    }),
  };
}
