import { bullmq } from './bullmq.ts';
import { graphileWorker } from './graphile-worker.ts';
import type { Peer } from './peer.ts';
import { pgBoss, pgBossNotified } from './pg-boss.ts';

/** Who takes part in a contest, by its name. */
export const PEERS_OF: Readonly<Record<string, readonly Peer[]>> = {
  submit: [pgBoss, graphileWorker, bullmq],
  batch: [pgBoss, graphileWorker, bullmq],
  drain: [pgBoss, graphileWorker, bullmq],
  delay: [pgBoss, pgBossNotified, graphileWorker, bullmq],
};
