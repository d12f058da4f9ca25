import { setTimeout as sleep } from 'node:timers/promises';
import type { NewTask, RecorderCalls } from './recorder-calls.ts';
import type { RecordingTarget } from './recording-target.ts';
import { until } from './until.ts';

/** A stream of single tasks whose way to their target is timed. */
export interface TimedTasks {
  readonly seconds: number;
  /** Milliseconds between two submits. */
  readonly everyMs: number;
  /** Which targets they go to, in turn. */
  readonly targets: readonly RecordingTarget[];
  /** Begins the name under which a target knows them; no two streams have the same. */
  readonly name: string;
  /** What they have beside their target. */
  readonly task?: Omit<NewTask, 'target'>;
}

const GIVE_UP_AFTER_MS = 60_000;

/**
 * Submits one task after the other, each on time whether or not those before were answered, and answers with the milliseconds
 * from each submit to its first arrival.
 */
export async function startDelaysOf(
  calls: RecorderCalls,
  { seconds, everyMs, targets, name, task = {} }: TimedTasks,
): Promise<number[]> {
  const sentAtMs = new Map<string, number>();
  const submits: Promise<unknown>[] = [];
  const begunAtMs = performance.now();
  for (let index = 0; index * everyMs < seconds * 1000; index += 1) {
    await sleep(Math.max(0, begunAtMs + index * everyMs - performance.now()));
    const target = targets[index % targets.length];
    if (target === undefined) throw new Error('expected a target, got none');
    const path = `${name}-${index}`;
    sentAtMs.set(path, performance.now());
    submits.push(calls.submitOne({ ...task, target: target.url(path) }));
  }
  await Promise.all(submits);
  const delays = (): number[] => delaysOf(targets, sentAtMs);
  await until(`every task ${name} is delivered`, () => delays().length === sentAtMs.size, GIVE_UP_AFTER_MS);
  return delays();
}

function delaysOf(targets: readonly RecordingTarget[], sentAtMs: ReadonlyMap<string, number>): number[] {
  const delays = new Map<string, number>();
  for (const { name, atMs } of targets.flatMap(({ arrivals }) => arrivals)) {
    const sent = sentAtMs.get(name);
    if (sent !== undefined && !delays.has(name)) delays.set(name, atMs - sent);
  }
  return [...delays.values()];
}
