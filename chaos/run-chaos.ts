import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { check } from './check/check.ts';
import type { Verdict } from './check/verdict.ts';
import { type Cluster, startCluster } from './cluster/cluster.ts';
import { exportTransitions } from './cluster/transition-log.ts';
import type { FaultName, Gate, Phase } from './events.ts';
import { startInjector, type Injector } from './faults/injector.ts';
import { STALL_MS } from './faults/process-faults.ts';
import { watchLag } from './load/lag.ts';
import { startOperator } from './load/operator.ts';
import { type Load, startLoad } from './load/start-load.ts';

/** What a run is like. */
export interface ChaosOptions {
  readonly seed: number;
  /** How long faults strike. */
  readonly minutes: number;
  /** Tasks a second. */
  readonly rate: number;
  /** Which kinds of fault; none if it is empty, and all if it is left out. */
  readonly faults?: readonly FaultName[];
  /** Where the logs stay; without it they are removed. */
  readonly keep?: string;
}

/** Room for about a million tasks with their transitions; small enough to be filled in a second or two. */
const DISK_BYTES = 6 * 2 ** 30;

/** How long the healed installation may take to finish every task, in milliseconds. */
const MAX_DRAIN_MS = 300_000;
const PROGRESS_MS = 5000;

/**
 * Runs an installation under load and faults, heals and drains it, and has the logs judged.
 * Whatever happens, everything that was started is ended. `aborted` brings the heal forward.
 */
export async function runChaos(
  options: ChaosOptions,
  note: (line: string) => void,
  aborted: AbortSignal = new AbortController().signal,
): Promise<Verdict> {
  const folder = options.keep ?? (await mkdtemp(join(tmpdir(), 'dispatchr-chaos-logs-')));
  await mkdir(folder, { recursive: true });
  note(
    `seed ${options.seed}, ${options.minutes} minutes of faults, ${options.rate} tasks/s, logs in ${folder}`,
  );
  try {
    await record(folder, options, note, aborted);
    note('judging the logs');
    return await check(folder);
  } finally {
    if (options.keep === undefined) await rm(folder, { recursive: true, force: true });
  }
}

async function record(
  folder: string,
  options: ChaosOptions,
  note: (line: string) => void,
  aborted: AbortSignal,
): Promise<void> {
  const { seed, rate, minutes, faults: only } = options;
  const cluster = await startCluster({ folder, diskBytes: DISK_BYTES, stallMs: STALL_MS });
  if (cluster.disk === undefined) note('no disk of its own can be mounted here: none will be full');
  const enter = (phase: Phase['phase']): void =>
    cluster.faults.write({ kind: 'phase', at: Date.now(), phase });
  try {
    const recorders = cluster.recorders.map(({ url }) => url);
    const load = await startLoad({ folder, recorders, seed, rate });
    const onCall = cluster.faults.write.bind(cluster.faults);
    const operator = await startOperator({ recorders, seed, rate, onCall });
    const stopWatching = watchLag(onCall);
    enter('load');
    const injector = startInjector({ scene: { cluster, load }, seed, ...(only && { only }) });
    const reports = startReports({ cluster, load, injector }, note);
    try {
      await sleep(minutes * 60_000, undefined, { signal: aborted }).catch(() => undefined);
      await injector.stop();
      await operator.stop();
      await load.stopProducing();
      enter('healed');
      note('healed; draining');
      enter((await isDrained(cluster)) ? 'drained' : 'not-drained');
    } finally {
      await reports.stop();
      await load.close();
      stopWatching();
    }
    for (const gate of await readGates(cluster)) cluster.faults.write(gate);
    note('writing the log of transitions');
    await exportTransitions(cluster.database, folder);
  } finally {
    await cluster.close();
  }
}

/** Waits until no task is unfinished; false if that takes too long. */
async function isDrained({ database }: Cluster): Promise<boolean> {
  const giveUpAt = performance.now() + MAX_DRAIN_MS;
  const sql = database.administrator();
  try {
    while (performance.now() < giveUpAt) {
      const [row] = await sql`SELECT EXISTS (SELECT FROM dispatchr.unfinished_tasks) AS "isLeft"`;
      if (row?.['isLeft'] === false) return true;
      await sleep(1000);
    }
    return false;
  } finally {
    await sql.end();
  }
}

/** What is counted as in flight, against the rows that say so; in one statement, so at one instant. */
async function readGates({ database }: Cluster): Promise<Gate[]> {
  const sql = database.administrator();
  try {
    const rows = await sql.unsafe<Omit<Gate, 'kind' | 'at'>[]>(GATES);
    return rows.map((row) => ({ kind: 'gate', at: Date.now(), ...row }));
  } finally {
    await sql.end();
  }
}

/** The bits of `gate`: 1 counted in its queue, 2 in its flow key. */
const GATES = `
  WITH counted AS (
    SELECT queue, '' AS flow_key FROM dispatchr.unfinished_tasks WHERE state = 'running' AND gate & 1 > 0
    UNION ALL
    SELECT queue, flow_key FROM dispatchr.unfinished_tasks WHERE state = 'running' AND gate & 2 > 0),
  sums AS (SELECT queue, flow_key, count(*)::int AS running FROM counted GROUP BY queue, flow_key)
  SELECT queue, flow_key AS "flowKey", coalesce(g.in_flight, 0)::int AS "inFlight", coalesce(s.running, 0) AS running
  FROM dispatchr.gates AS g FULL JOIN sums AS s USING (queue, flow_key)`;

interface Watched {
  readonly cluster: Cluster;
  readonly load: Load;
  readonly injector: Injector;
}

/** Prints where the run is, and writes down what each process costs. */
function startReports({ cluster, load, injector }: Watched, note: (line: string) => void) {
  const startedMs = performance.now();
  const sampleAll = async (): Promise<void> => {
    for (const slot of [...cluster.recorders, ...cluster.schedulers]) {
      const sample = await slot.sample();
      if (sample !== undefined) cluster.faults.write(sample);
    }
  };
  let sampling = Promise.resolve();
  const timer = setInterval(() => {
    const seconds = Math.round((performance.now() - startedMs) / 1000);
    const struck = [...injector.counts.values()].reduce((sum, count) => sum + count, 0);
    const now = injector.underWay().join(', ') || 'nothing';
    note(
      `${seconds} s: ${load.acknowledged()} acknowledged, ${load.delivered()} delivered, ${struck} faults; now ${now}`,
    );
    sampling = sampling.then(sampleAll);
  }, PROGRESS_MS);
  return {
    async stop(): Promise<void> {
      clearInterval(timer);
      await sampling;
    },
  };
}
