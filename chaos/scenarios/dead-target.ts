import { setTimeout as sleep } from 'node:timers/promises';
import { createRecorderCalls, KNOWN_AFTER_MS } from './recorder-calls.ts';
import { startRecordingTarget } from './recording-target.ts';
import { type Scenario, type ScenarioReport, flagOf, violationsOf } from './scenario.ts';
import { onStage, type Stage } from './stage.ts';
import type { Standing } from './standing.ts';
import { until } from './until.ts';
import { worstExcess } from './worst-excess.ts';

/** A target's process is gone, and comes back: how much is it, and are its tasks, bothered meanwhile? */
export const deadTarget: Scenario = {
  summary: 'A target refuses connections for 60 s and returns: probes, attempts spent, time to drain.',
  flags: {
    tasks: { default: 3000, small: 1000, meaning: 'due tasks for it' },
    seconds: { default: 60, small: 10, meaning: 'how long it is dead once its circuit is open' },
  },
  run: (flags, note) => onStage((stage) => measure(stage, flags, note)),
};

/** The promise: one probe a second at most. */
const PROBES = { perSecond: 1, burst: 1 };
/** Two probes are sent a second apart and may arrive a little closer. */
const MOST_EXCESS = 0.2;
const OPENS_WITHIN_MS = 30_000;
/** The longest pause between probes, the backoff of a task that failed while it was dead, and the return itself. */
const DRAIN_WITHIN_MS = 120_000;
const RETRY = { maxAttempts: 50, minBackoffMs: 1000, maxBackoffMs: 5000, multiplier: 2, jitter: 0 };

/** What happened, in milliseconds on the monotonic clock. */
interface Course {
  readonly begunAtMs: number;
  readonly openAtMs: number;
  readonly backAtMs: number;
  readonly drainedAtMs: number;
  readonly cutAtMs: readonly number[];
}

async function measure(
  stage: Stage,
  flags: Readonly<Record<string, number>>,
  note: (text: string) => void,
): Promise<ScenarioReport> {
  const [recorder] = stage.cluster.recorders;
  const calls = createRecorderCalls(recorder?.url ?? '');
  const target = await startRecordingTarget();
  target.isDead = true;
  try {
    const count = flagOf(flags, 'tasks');
    const begunAtMs = performance.now();
    await calls.submit(Array.from({ length: count }, () => ({ target: target.url('task'), retry: RETRY })));
    const isOpen = async (): Promise<boolean> => (await calls.targetState(target.origin)) === 'circuit-open';
    await until('the circuit opens', isOpen, OPENS_WITHIN_MS);
    const openAtMs = performance.now();
    note(
      `the circuit is open after ${Math.round(openAtMs - begunAtMs)} ms and ${target.cutAtMs.length} connections`,
    );
    await sleep(flagOf(flags, 'seconds') * 1000);
    const spentWhileOpen = await spentIn(stage, flagOf(flags, 'seconds') * 1000 - KNOWN_AFTER_MS);
    target.isDead = false;
    const backAtMs = performance.now();
    note(`the target is back after ${target.cutAtMs.length} connections`);
    await until('all is delivered', () => target.arrivals.length >= count, DRAIN_WITHIN_MS);
    const course = { begunAtMs, openAtMs, backAtMs, drainedAtMs: performance.now(), cutAtMs: target.cutAtMs };
    return reportOf(course, spentWhileOpen, await stage.drained(), count);
  } finally {
    await target.close();
  }
}

/** Attempts that ended as failed in the last so many milliseconds: those that were spent. */
async function spentIn(stage: Stage, ms: number): Promise<number> {
  const [row] = await stage.query(
    `SELECT count(*)::int4 AS spent FROM dispatchr.attempts
     WHERE outcome = 'retryable' AND started_at > now() - ${ms} * interval '1 ms'`,
  );
  return Number(row?.['spent']);
}

function reportOf(course: Course, spentWhileOpen: number, standing: Standing, tasks: number): ScenarioReport {
  const { begunAtMs, openAtMs, backAtMs, drainedAtMs, cutAtMs } = course;
  // What was under way when it opened is no probe.
  const probes = cutAtMs.filter((atMs) => atMs > openAtMs + KNOWN_AFTER_MS && atMs < backAtMs);
  const excess = worstExcess(probes, PROBES);
  const seconds = (ms: number): number => Math.round(ms / 100) / 10;
  return {
    figures: {
      'until its circuit was open (s)': seconds(openAtMs - begunAtMs),
      'connections before it was open': cutAtMs.filter((atMs) => atMs <= openAtMs).length,
      'connections within a second of that': cutAtMs.filter(
        (atMs) => atMs > openAtMs && atMs <= openAtMs + KNOWN_AFTER_MS,
      ).length,
      'probes while it was open': probes.length,
      'worst excess over one probe a second': Math.round(excess * 100) / 100,
      'attempts spent while it was open, the probes among them': spentWhileOpen,
      'attempts spent in all': standing.used,
      'attempts released': standing.released,
      completed: standing.completed,
      'from its return to the last delivery (s)': seconds(drainedAtMs - backAtMs),
    },
    violations: violationsOf({
      'it saw more than the probe rate while its circuit was open': excess > MOST_EXCESS,
      'tasks spent attempts beyond the probes while its circuit was open': spentWhileOpen > probes.length,
      'no probe was sent': probes.length === 0,
      'a task did not complete after it returned': standing.completed !== tasks,
    }),
  };
}
