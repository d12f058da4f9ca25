import { setTimeout as sleep } from 'node:timers/promises';
import {
  createRecorderCalls,
  KNOWN_AFTER_MS,
  type RecorderCalls,
  settingsAreKnown,
} from './recorder-calls.ts';
import { type RecordingTarget, startRecordingTarget } from './recording-target.ts';
import { type Scenario, type ScenarioReport, flagOf, violationsOf } from './scenario.ts';
import { type ShareFigure, sharesOf } from './shares.ts';
import { onStage, type Stage } from './stage.ts';
import { until } from './until.ts';

/** More is due than can be delivered: who gets how much, and how soon a pause is heeded. */
export const weights: Scenario = {
  summary: 'A backlog in critical, default and low: shares of 6:3:1; and a queue is paused.',
  flags: {
    tasks: { default: 10_000, small: 2000, meaning: 'deliveries that are compared with the weights' },
  },
  run: (flags, note) => onStage((stage) => measure(stage, flagOf(flags, 'tasks'), note)),
};

/** The promise: no share is further off what its weight says. */
const MOST_OFF = 0.05;
const WEIGHTS = { critical: 6, default: 3, low: 1 };
/** Deliveries before the comparison: three queues are not resumed in the same instant. */
const LEAD_IN = 1000;
/** Of each queue's part, so that none runs dry while they are compared. */
const MARGIN = 1.3;
const ANSWER_AFTER_MS = 5;
const LISTEN_MS = 4000;
const GIVE_UP_AFTER_MS = 120_000;

async function measure(stage: Stage, tasks: number, note: (text: string) => void): Promise<ScenarioReport> {
  const [recorder] = stage.cluster.recorders;
  const calls = createRecorderCalls(recorder?.url ?? '');
  const target = await startRecordingTarget(() => ({ afterMs: ANSWER_AFTER_MS }));
  try {
    await fill(calls, target, tasks);
    note('the backlog is recorded');
    await Promise.all(Object.keys(WEIGHTS).map((queue) => calls.resume(queue)));
    const wanted = LEAD_IN + tasks;
    await until('the backlog is delivered', () => target.arrivals.length >= wanted, GIVE_UP_AFTER_MS);
    const shares = sharesOf(
      target.arrivals.slice(LEAD_IN, wanted).map(({ name }) => name),
      WEIGHTS,
    );
    note(`shares: ${shares.map(({ name, count }) => `${name} ${count}`).join(', ')}`);
    await calls.pause('critical');
    const pausedAtMs = performance.now();
    await sleep(LISTEN_MS);
    const last = target.arrivals.findLast(({ name }) => name === 'critical')?.atMs ?? pausedAtMs;
    return reportOf(shares, last - pausedAtMs, await pendingIn(stage, 'critical'));
  } finally {
    await target.close();
  }
}

/** Pauses the queues, so that all of them begin with their whole backlog. */
async function fill(calls: RecorderCalls, target: RecordingTarget, tasks: number): Promise<void> {
  for (const queue of Object.keys(WEIGHTS)) await calls.pause(queue);
  await settingsAreKnown();
  const sum = Object.values(WEIGHTS).reduce((total, weight) => total + weight, 0);
  for (const [queue, weight] of Object.entries(WEIGHTS)) {
    const part = Math.ceil((((tasks + LEAD_IN) * weight) / sum) * MARGIN);
    // The queue that is paused in the end must have something left then.
    const count = queue === 'critical' ? part * 3 : part;
    await calls.submit(Array.from({ length: count }, () => ({ target: target.url(queue), queue })));
  }
}

async function pendingIn(stage: Stage, queue: string): Promise<number> {
  const [row] = await stage.query(
    `SELECT count(*)::int4 AS pending FROM dispatchr.unfinished_tasks WHERE queue = '${queue}' AND state = 'pending'`,
  );
  return Number(row?.['pending']);
}

function reportOf(shares: readonly ShareFigure[], lastAfterMs: number, left: number): ScenarioReport {
  const figures = shares.map(({ name, count, off }): [string, string] => [
    `deliveries of ${name}`,
    `${count}, ${(off * 100).toFixed(1)} % off its weight`,
  ]);
  return {
    figures: {
      ...Object.fromEntries(figures),
      'last delivery after the answer to the pause (ms)': Math.round(lastAfterMs),
      'tasks left in the paused queue': left,
    },
    violations: violationsOf({
      [`a share is more than ${MOST_OFF * 100} % off its weight`]: shares.some(
        ({ off }) => Math.abs(off) > MOST_OFF,
      ),
      [`a paused queue delivered later than ${KNOWN_AFTER_MS} ms after the answer`]:
        lastAfterMs > KNOWN_AFTER_MS,
      'the paused queue had nothing left to deliver': left === 0,
    }),
  };
}
