import { createRecorderClient } from '../load/recorder-client.ts';
import { type CountingTarget, startCountingTarget } from './counting-target.ts';
import { type Scenario, type ScenarioReport, flagOf, violationsOf } from './scenario.ts';
import { onStage, type Stage } from './stage.ts';
import type { Standing } from './standing.ts';

/** Nothing goes wrong: nothing may be delivered twice, and no attempt may be used. */
export const faultFree: Scenario = {
  summary: 'No fault: every task is delivered exactly once, and how many a second.',
  flags: { tasks: { default: 1_000_000, small: 20_000, meaning: 'tasks, submitted in batches of 1,000' } },
  run: (flags, note) => onStage((stage) => measure(stage, flagOf(flags, 'tasks'), note)),
};

/** Submits stay at most this far ahead of deliveries: a backlog, but not one that fills the disk. */
const MAX_BACKLOG = 50_000;
const BATCH_SIZE = 1000;
const NOTE_EVERY_MS = 5000;

async function measure(stage: Stage, tasks: number, note: (text: string) => void): Promise<ScenarioReport> {
  const target = await startCountingTarget(tasks);
  const progress = setInterval(() => note(`${target.delivered()} of ${tasks} delivered`), NOTE_EVERY_MS);
  try {
    const begunAt = performance.now();
    await submitAll(
      stage.cluster.recorders.map(({ url }) => url),
      tasks,
      target,
    );
    await target.reached(tasks);
    const tookMs = performance.now() - begunAt;
    // Until every attempt is settled a duplicate may still come.
    const standing = await stage.drained();
    return reportOf(tasks, tookMs, target, standing);
  } finally {
    clearInterval(progress);
    await target.close();
  }
}

async function submitAll(recorders: readonly string[], tasks: number, target: CountingTarget): Promise<void> {
  const client = createRecorderClient();
  let next = 0;
  const produce = async (recorder: string): Promise<void> => {
    while (next < tasks) {
      const from = next;
      next = Math.min(tasks, from + BATCH_SIZE);
      const body = batchOf(target.url, from, next);
      await target.reached(from - MAX_BACKLOG);
      const reply = await client.post(recorder, '/v1/tasks/batch', { body });
      if (reply.kind === 'lost' || reply.status !== 201) {
        throw new Error(`expected 201 to a batch, got ${JSON.stringify(reply)}`);
      }
    }
  };
  await Promise.all(recorders.map(produce));
  client.close();
}

function batchOf(target: string, from: number, until: number): string {
  const tasks = Array.from({ length: until - from }, (_, index) => {
    const number = from + index;
    return { target, taskName: 'fault-free', taskArgs: number, headers: { 'chaos-token': String(number) } };
  });
  return JSON.stringify({ tasks });
}

function reportOf(tasks: number, tookMs: number, target: CountingTarget, standing: Standing): ScenarioReport {
  return {
    figures: {
      acknowledged: tasks,
      delivered: target.delivered(),
      duplicates: target.duplicates(),
      completed: standing.completed,
      attempts: standing.attempts,
      'from the first submit to the last delivery (s)': Math.round(tookMs / 100) / 10,
      'tasks a second': Math.round((tasks / tookMs) * 1000),
    },
    violations: violationsOf({
      'a task was delivered twice': target.duplicates() > 0,
      'a task did not complete': standing.completed !== tasks,
      'a task needed a second attempt': standing.attempts !== tasks,
    }),
  };
}
