import { setTimeout as sleep } from 'node:timers/promises';
import { percentile } from '../../bench/world/percentile.ts';
import type { FaultName } from '../events.ts';
import { startInjector } from '../faults/injector.ts';
import { WELL_BEHAVED } from '../load/plans.ts';
import { startRecordingTarget } from './recording-target.ts';
import { type Scenario, type ScenarioReport, flagOf, violationsOf } from './scenario.ts';
import { onStage, type Stage } from './stage.ts';
import { until } from './until.ts';

/** A schedule of every second, through the deaths of all that sees to it. */
export const schedules: Scenario = {
  summary: 'A schedule of every second under faults: each tick is recorded, and once.',
  flags: {
    seconds: { default: 600, small: 60, meaning: 'ticks' },
    rate: { default: 20, small: 20, meaning: 'other tasks a second' },
    seed: { default: 1, small: 1, meaning: 'what strikes, and what the other tasks are like' },
  },
  async run(flags, note) {
    const target = await startRecordingTarget();
    try {
      return await onStage((stage) => measure(stage, target.url('tick'), flags, note));
    } finally {
      await target.close();
    }
  },
};

/** Whatever can come between a tick and its task. */
const FAULTS: readonly FaultName[] = [
  'scheduler-killed',
  'scheduler-terminated',
  'scheduler-stopped-briefly',
  'recorder-killed',
  'database-stopped-immediately',
  'database-killed',
  'backends-terminated',
  'database-read-only',
  'proxy-delay',
  'proxy-cut',
  'proxy-truncate',
  'commit-cut',
];

const NAME = 'every-second';
const REPORT_EVERY_MS = 10_000;
const CAUGHT_UP_WITHIN_MS = 60_000;

async function measure(
  stage: Stage,
  target: string,
  flags: Readonly<Record<string, number>>,
  note: (text: string) => void,
): Promise<ScenarioReport> {
  const [seconds, seed] = [flagOf(flags, 'seconds'), flagOf(flags, 'seed')];
  const load = await stage.startLoad({ seed, rate: flagOf(flags, 'rate'), mix: WELL_BEHAVED });
  const firstAt = await putEverySecond(stage, target);
  const lastAt = firstAt + (seconds - 1) * 1000;
  const injector = startInjector({ scene: { cluster: stage.cluster, load }, seed, only: FAULTS });
  while (Date.now() < lastAt) {
    await sleep(Math.min(REPORT_EVERY_MS, Math.max(0, lastAt - Date.now())));
    note(
      `${Math.round((Date.now() - firstAt) / 1000)} of ${seconds} s; now ${injector.underWay().join(', ')}`,
    );
  }
  await injector.stop();
  await load.stopProducing();
  const isCaughtUp = async (): Promise<boolean> =>
    (await ticks(stage)).some(({ tickAt }) => tickAt >= lastAt);
  await until('the last tick is recorded', isCaughtUp, CAUGHT_UP_WITHIN_MS);
  await call(stage, 'POST', '/pause');
  const { unfinished } = await stage.drained();
  const recorded = (await ticks(stage)).filter(({ tickAt }) => tickAt <= lastAt);
  return reportOf(recorded, { firstAt, seconds, unfinished, faults: injector.counts });
}

/** Milliseconds since 1970 of the first tick. */
async function putEverySecond(stage: Stage, target: string): Promise<number> {
  const task = { target, taskName: 'tick' };
  const { nextTickAt } = await call(stage, 'PUT', '', { cron: '* * * * * *', missedTicks: 'all', task });
  return Date.parse(nextTickAt);
}

async function call(
  { cluster }: Stage,
  method: string,
  operation: string,
  body?: object,
): Promise<{ nextTickAt: string }> {
  const response = await fetch(`${cluster.recorders[0]?.url}/v1/schedules/${NAME}${operation}`, {
    method,
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`expected 200, got ${response.status}: ${await response.text()}`);
  return (await response.json()) as { nextTickAt: string };
}

/** A task of the schedule: the tick that its id names, when it was due, and how late it was recorded. */
interface Tick {
  readonly tickAt: number;
  readonly dueAt: number;
  readonly lateMs: number;
}

async function ticks(stage: Stage): Promise<Tick[]> {
  const rows = await stage.query(`
    SELECT id, due_at, extract(epoch FROM created_at - due_at)::float8 * 1000 AS late_ms
    FROM dispatchr.tasks WHERE id LIKE '${NAME}:%' ORDER BY due_at`);
  return rows.map((row) => ({
    tickAt: Date.parse(String(row['id']).slice(NAME.length + 1)),
    dueAt: (row['due_at'] as Date).getTime(),
    lateMs: row['late_ms'] as number,
  }));
}

interface Run {
  readonly firstAt: number;
  readonly seconds: number;
  readonly unfinished: number;
  readonly faults: ReadonlyMap<FaultName, number>;
}

function reportOf(recorded: readonly Tick[], { firstAt, seconds, unfinished, faults }: Run): ScenarioReport {
  const times = new Set(recorded.map(({ dueAt }) => dueAt));
  const expected = Array.from({ length: seconds }, (_, index) => firstAt + index * 1000);
  const missing = expected.filter((tickAt) => !times.has(tickAt)).length;
  const late = recorded.map(({ lateMs }) => lateMs);
  return {
    figures: {
      faults: [...faults.values()].reduce((sum, count) => sum + count, 0),
      ...Object.fromEntries([...faults].map(([name, count]) => [`… ${name}`, count])),
      ticks: seconds,
      'tasks recorded': recorded.length,
      'ticks without a task': missing,
      'ticks with two': recorded.length - times.size,
      'recorded after the tick, p50 (ms)': Math.round(percentile(late, 0.5)),
      'recorded after the tick, max (ms)': Math.round(Math.max(...late)),
    },
    violations: violationsOf({
      'nothing struck': faults.size === 0,
      'a tick has no task': missing > 0,
      'a tick has two tasks': recorded.length > times.size,
      'a task is of no tick': recorded.some(({ tickAt, dueAt }) => tickAt !== dueAt) || times.size > seconds,
      'a task is unfinished': unfinished > 0,
    }),
  };
}
