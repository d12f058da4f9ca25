import { join } from 'node:path';
import { LOG_FILES, type ProducerEvent, type Received, type TargetEvent } from '../events.ts';
import { createLog } from './log-writer.ts';
import { EVERYTHING, type Mix, type TargetName, type TaskPlan } from './plans.ts';
import { startProducers } from './producers.ts';
import type { ProducerFigures } from './submitter.ts';
import { type Poison, startTargets } from './targets.ts';

export { SIGNING_SECRET } from './signature.ts';
export type { Poison } from './targets.ts';

/** Producers and targets of a run, which write the logs `producer` and `target` into its folder. */
export interface Load {
  /** Tasks whose submit was answered with 201 or 200. */
  acknowledged(): number;
  /** Tasks that a target answered with a 2xx. */
  delivered(): number;
  /** What producers learnt so far. */
  readonly figures: Readonly<ProducerFigures>;
  /** Submits tasks that are due in the same millisecond, some seconds ahead; settles after that instant. */
  burst(count: number): Promise<void>;
  /** Submits tasks whose targets take 33 to 45 s, longer than a lease; settles when they are acknowledged. */
  outliveLease(count: number): Promise<void>;
  /** Submits tasks with parts of their plans replaced; settles when they are acknowledged or given up. */
  submitMore(count: number, change: Partial<TaskPlan>): Promise<void>;
  /** A target refuses connections and cuts those there are, until it is told to listen again. */
  setTargetDown(name: TargetName, isDown: boolean): Promise<void>;
  /**
   * Called when a poison task is delivered, which then hangs until its scheduler is gone or its deadline comes.
   * About one task in 10,000 is one; without a hook it is an ordinary task.
   */
  onPoison(hook: (poison: Poison) => void): void;
  /** Called for each delivery whose request arrived whole. */
  onReceived(hook: (received: Received) => void): void;
  /** Submits no more; settles when each submit and operation was answered or given up. */
  stopProducing(): Promise<void>;
  /** Stops producing, cuts the targets' connections and completes the logs. */
  close(): Promise<void>;
}

export interface LoadOptions {
  /** Where the logs go. */
  readonly folder: string;
  /** URLs of the recorders; each producer uses all of them. */
  readonly recorders: readonly string[];
  readonly seed: number;
  /** Tasks a second. */
  readonly rate: number;
  /** Default: everything there is. */
  readonly mix?: Mix;
}

/** Starts targets, then producers. Schedulers must sign with `SIGNING_SECRET`. */
export async function startLoad(options: LoadOptions): Promise<Load> {
  const { folder, recorders, seed, rate, mix = EVERYTHING } = options;
  const targetLog = createLog<TargetEvent>(join(folder, LOG_FILES.target));
  const producerLog = createLog<ProducerEvent>(join(folder, LOG_FILES.producer));
  const targets = await startTargets(targetLog);
  const origin = (name: TargetName): string => targets.origin(name);
  const producers = startProducers({ log: producerLog, recorders, seed, rate, mix, origin });
  const { figures } = producers;
  const submitMore: Load['submitMore'] = (count, change) => producers.submitMore(count, change);
  return {
    figures,
    submitMore,
    acknowledged: () => figures.acknowledged,
    delivered: () => targets.delivered(),
    burst: (count) => burst(count, submitMore),
    outliveLease: (count) => submitMore(count, longerThanLease(seed)),
    setTargetDown: (name, isDown) => targets.setDown(name, isDown),
    onPoison: (hook) => targets.onPoison(hook),
    onReceived: (hook) => targets.onReceived(hook),
    stopProducing: () => producers.stop(),
    async close() {
      await producers.stop();
      await targets.close();
      await Promise.all([producerLog.close(), targetLog.close()]);
    },
  };
}

/** Far enough ahead that all of them are recorded by then. */
const BURST_AHEAD_MS = 3000;

async function burst(count: number, submitMore: Load['submitMore']): Promise<void> {
  const dueInMs = BURST_AHEAD_MS + count;
  const isDue = new Promise((resolve) => setTimeout(resolve, dueInMs));
  await submitMore(count, { queue: 'default', target: 'healthy-1', path: '/ok', schedule: { dueInMs } });
  await isDue;
}

function longerThanLease(seed: number): Partial<TaskPlan> {
  return {
    queue: 'default',
    target: 'healthy-2',
    path: `/slow/${33_000 + (seed % 12) * 1000}`,
    timeoutMs: 60_000,
    schedule: {},
  };
}
