import { Logger, makeWorkerUtils, run } from 'graphile-worker';
import { CONCURRENCY, type Peer, QUEUE } from './peer.ts';
import { openPostgresStore } from './postgres-store.ts';

/** Connections of a producer; 10 and 64 were as fast, as commits that notify take turns in PostgreSQL. */
const PRODUCER_POOL = 20;

/** Fetches and completes jobs in batches, as its page about performance recommends; one at a time was a tenth as fast. */
const SETTINGS = {
  maxPoolSize: CONCURRENCY + 1,
  localQueue: { size: 500 },
  completeJobBatchDelay: 0,
  failJobBatchDelay: 0,
};

export const graphileWorker: Peer = {
  name: 'graphile-worker',
  module: import.meta.url,
  openStore: (serverUrl) => openPostgresStore(serverUrl, STATEMENTS),
  async connect(url) {
    const utils = await makeWorkerUtils({
      connectionString: url,
      maxPoolSize: PRODUCER_POOL,
      logger: SILENT,
    });
    await utils.migrate();
    return {
      addOne: (data) => utils.addJob(QUEUE, data),
      addMany: (data) => utils.addJobs(data.map((payload) => ({ identifier: QUEUE, payload }))),
    };
  },
  async startWorker(url, deliver) {
    await run({
      preset: {
        worker: { ...SETTINGS, connectionString: url, concurrentJobs: CONCURRENCY, logger: SILENT },
      },
      taskList: { [QUEUE]: deliver },
      parsedCronItems: [],
      noHandleSignals: true,
    });
  },
};

const STATEMENTS = {
  empty: 'TRUNCATE graphile_worker._private_jobs',
  countUnfinished: 'SELECT count(*) FROM graphile_worker._private_jobs',
};

const SILENT = new Logger(() => () => undefined);
