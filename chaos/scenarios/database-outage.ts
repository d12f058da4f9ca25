import { setTimeout as sleep } from 'node:timers/promises';
import { percentile } from '../../bench/world/percentile.ts';
import type { Received } from '../events.ts';
import type { TaskPlan } from '../load/plans.ts';
import type { Load } from '../load/start-load.ts';
import { type Scenario, type ScenarioReport, flagOf, violationsOf } from './scenario.ts';
import { onStage, type Stage } from './stage.ts';
import type { Standing } from './standing.ts';
import { until } from './until.ts';

/** The database goes away for longer than a lease while deliveries are in flight, and comes back. */
export const databaseOutage: Scenario = {
  summary: 'PostgreSQL is away for 40 s: no delivery in flight is repeated, and it goes on within 5 s.',
  flags: {
    rounds: { default: 5, small: 1, meaning: 'outages' },
    tasks: { default: 100, small: 40, meaning: 'deliveries in flight at the begin of each' },
    seconds: { default: 40, small: 40, meaning: 'length of an outage; a lease is 30' },
    seed: { default: 1, small: 1, meaning: 'what the tasks are like' },
  },
  run: (flags, note) => onStage((stage) => measure(stage, flags, note)),
};

/** The promise, from the instant at which PostgreSQL accepts connections. */
const GOES_ON_WITHIN_MS = 5000;
const GIVE_UP_AFTER_MS = 120_000;
const TIMEOUT_MS = 600_000;

type Deliveries = Map<string, Received[]>;

async function measure(
  stage: Stage,
  flags: Readonly<Record<string, number>>,
  note: (text: string) => void,
): Promise<ScenarioReport> {
  const load = await stage.startLoad({ seed: flagOf(flags, 'seed'), rate: 0 });
  const deliveries: Deliveries = new Map();
  load.onReceived((received) => {
    deliveries.set(received.token, [...(deliveries.get(received.token) ?? []), received]);
  });
  const resumptions: number[] = [];
  for (let round = 1; round <= flagOf(flags, 'rounds'); round += 1) {
    const afterMs = await outage(stage, load, deliveries, flags);
    note(`round ${round}: the first delivery came ${afterMs} ms after PostgreSQL accepted connections`);
    resumptions.push(afterMs);
    const { unfinished } = await stage.drained();
    note(`round ${round}: ${unfinished} unfinished, ${deliveries.size} tasks delivered`);
  }
  return reportOf(resumptions, deliveries, await stage.drained());
}

/** Milliseconds from the first accepted connection to the first delivery of a task that waited for it. */
async function outage(
  stage: Stage,
  load: Load,
  deliveries: Deliveries,
  flags: Readonly<Record<string, number>>,
): Promise<number> {
  const [tasks, outageMs] = [flagOf(flags, 'tasks'), flagOf(flags, 'seconds') * 1000];
  const before = deliveries.size;
  // Half of the targets answer while the database is away, half of them after it came back.
  await load.submitMore(Math.ceil(tasks / 2), slow(outageMs / 2));
  await load.submitMore(Math.floor(tasks / 2), slow(outageMs + 20_000));
  await load.submitMore(tasks, { ...slow(0), target: 'healthy-2', schedule: { dueInMs: outageMs / 2 } });
  const inFlight = (): number => deliveries.size - before;
  await until('every slow delivery is in flight', () => inFlight() === tasks, GIVE_UP_AFTER_MS);
  await stage.cluster.database.stop('immediate');
  await sleep(outageMs);
  await stage.cluster.database.start();
  const acceptedAt = Date.now();
  await until('deliveries go on', () => inFlight() > tasks, GIVE_UP_AFTER_MS);
  const [first] = [...deliveries.values()][before + tasks] ?? [];
  return first === undefined ? Number.NaN : first.at - acceptedAt;
}

function slow(ms: number): Partial<TaskPlan> {
  return { target: 'healthy-1', path: `/slow/${ms}`, timeoutMs: TIMEOUT_MS, schedule: {} };
}

function reportOf(
  resumptions: readonly number[],
  deliveries: Deliveries,
  standing: Standing,
): ScenarioReport {
  const twice = [...deliveries.values()].filter((received) => received.length > 1).length;
  const slowest = Math.max(...resumptions);
  return {
    figures: {
      outages: resumptions.length,
      'tasks delivered': deliveries.size,
      'tasks delivered twice': twice,
      'tasks completed': standing.completed,
      'attempts used': standing.used,
      'attempts released': standing.released,
      'first delivery after PostgreSQL is back, p50 (ms)': percentile(resumptions, 0.5),
      'first delivery after PostgreSQL is back, max (ms)': slowest,
    },
    violations: violationsOf({
      'a delivery that was in flight was repeated': twice > 0,
      'a task did not complete': standing.unfinished + standing.failed > 0,
      [`deliveries went on later than ${GOES_ON_WITHIN_MS} ms after PostgreSQL was back`]: !(
        slowest <= GOES_ON_WITHIN_MS
      ),
    }),
  };
}
