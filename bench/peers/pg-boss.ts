import { type ConstructorOptions, PgBoss, type WorkOptions } from 'pg-boss';
import { CONCURRENCY, type Peer, QUEUE } from './peer.ts';
import { openPostgresStore } from './postgres-store.ts';

/** Connections of a producer, as many as requests in flight. */
const PRODUCER_POOL = 64;
const WORKERS = 4;

/** Four workers that each fetch, post and complete a batch; they poll as often as they may, and at once while there is more. */
export const pgBoss: Peer = pgBossOf('pg-boss', false);

/** The same, woken by LISTEN/NOTIFY, which costs a submit more. */
export const pgBossNotified: Peer = pgBossOf('pg-boss, notified', true);

function pgBossOf(name: string, notify: boolean): Peer {
  return {
    name,
    module: import.meta.url,
    openStore: (serverUrl) => openPostgresStore(serverUrl, STATEMENTS),
    async connect(url) {
      const boss = await start({ connectionString: url, max: PRODUCER_POOL });
      await boss.createQueue(QUEUE, { notify });
      return {
        addOne: (data) => boss.send(QUEUE, data),
        addMany: (data) =>
          boss.insert(
            QUEUE,
            data.map((each) => ({ data: each })),
          ),
      };
    },
    async startWorker(url, deliver) {
      const boss = await start({ connectionString: url, max: 2 * WORKERS, useListenNotify: notify });
      await boss.work(QUEUE, WORK, async (jobs) => {
        await Promise.all(jobs.map((job) => deliver(job.data)));
      });
    },
  };
}

const STATEMENTS = {
  empty: 'TRUNCATE pgboss.job CASCADE',
  countUnfinished: `SELECT count(*) FROM pgboss.job WHERE state < 'completed'`,
};

const WORK: WorkOptions = {
  localConcurrency: WORKERS,
  batchSize: CONCURRENCY,
  // The least that it allows.
  pollingIntervalSeconds: 0.5,
  burstWhenBatchFull: true,
};

/** Without maintenance, cron and registry, which would disturb the other contestants. */
async function start(options: ConstructorOptions): Promise<PgBoss> {
  const boss = new PgBoss({ ...options, supervise: false, schedule: false, registerInstance: false });
  boss.on('error', (error) => {
    process.stderr.write(`pg-boss: ${String(error)}\n`);
    process.exit(1);
  });
  await boss.start();
  return boss;
}
