import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Cluster, startCluster } from '../cluster/cluster.ts';
import { type Load, type LoadOptions, startLoad } from '../load/start-load.ts';
import { type Standing, standingIn } from './standing.ts';

/** A cluster to play a scenario on, and what most scenarios do with it. */
export interface Stage {
  readonly cluster: Cluster;
  /** Starts producers and targets, which end with the stage. */
  startLoad(options: Omit<LoadOptions, 'folder' | 'recorders'>): Promise<Load>;
  /** Answers with the rows of a statement, past every proxy. */
  query(text: string): Promise<readonly Record<string, unknown>[]>;
  /** Waits until no task is unfinished, or has not been for three minutes; answers with how they stand then. */
  drained(): Promise<Standing>;
}

const DRAIN_WITHIN_MS = 180_000;
const LOOK_EVERY_MS = 500;

/** Starts a cluster without a transition log, plays, and ends all of it, also after Ctrl-C. */
export async function onStage<Result>(play: (stage: Stage) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'dispatchr-scenario-'));
  const loads: Load[] = [];
  let cluster: Cluster | undefined;
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    // Targets first: a scheduler gives deliveries in flight its whole grace period.
    await Promise.all(loads.map((load) => load.close()));
    await cluster?.close();
    await rm(folder, { recursive: true, force: true });
  };
  const interrupt = (): void => void (closing ??= close()).finally(() => process.exit(130));
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    cluster = await startCluster({ folder, hasTransitionLog: false });
    return await play(stageOf(cluster, folder, loads));
  } finally {
    await (closing ??= close());
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

function stageOf(cluster: Cluster, folder: string, loads: Load[]): Stage {
  const query: Stage['query'] = async (text) => {
    const sql = cluster.database.administrator();
    try {
      return await sql.unsafe(text);
    } finally {
      await sql.end();
    }
  };
  return {
    cluster,
    query,
    async startLoad(options) {
      const load = await startLoad({
        folder,
        recorders: cluster.recorders.map(({ url }) => url),
        ...options,
      });
      loads.push(load);
      return load;
    },
    async drained() {
      const giveUpAt = performance.now() + DRAIN_WITHIN_MS;
      for (;;) {
        const standing = await standingIn(query);
        if (standing.unfinished === 0 || performance.now() > giveUpAt) return standing;
        await sleep(LOOK_EVERY_MS);
      }
    },
  };
}
