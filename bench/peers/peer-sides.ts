import { cpuFigures } from '../world/cpu-figures.ts';
import type { Pace } from '../world/load.ts';
import { MEMORY_FIGURE, peakMemoryMb } from '../world/peak-memory.ts';
import { percentile } from '../world/percentile.ts';
import type { Receiver } from '../world/receiver.ts';
import type { Figures, Side } from '../world/side.ts';
import { RATE_FIGURE, submittedFigures } from '../world/submitted-figures.ts';
import type { World } from '../world/world.ts';
import { cpuMeter, openSide, untilFinished } from './open-side.ts';
import { startWorker, type WorkerProcess } from './peer-process.ts';
import type { Peer, Store } from './peer.ts';

/** What a peer drains. */
export interface Backlog {
  readonly tasks: number;
  /** Deliveries before the clock starts. */
  readonly warmUp: number;
}

/** A producer that adds tasks while no worker runs. */
export function openSubmittingPeer(peer: Peer, { serverUrl }: World, pace: Pace): Promise<Side> {
  return openSide(peer, serverUrl, async ({ store, producer }) => ({
    async play() {
      await store.empty();
      const cpuTimes = cpuMeter(store, { client: producer });
      const before = await cpuTimes();
      const submitted = await producer.submit(pace);
      return {
        ...submittedFigures(submitted),
        ...cpuFigures(before, await cpuTimes(), pace.tasks),
        [MEMORY_FIGURE]: await peakMemoryMb(producer.pid),
      };
    },
    close: () => Promise.resolve(),
  }));
}

/** A worker that finds a backlog when it starts. */
export function openDrainingPeer(
  peer: Peer,
  { serverUrl, receiver }: World,
  backlog: Backlog,
): Promise<Side> {
  return openSide(peer, serverUrl, async ({ store, producer }) => ({
    async play() {
      await store.empty();
      await producer.submit({ tasks: backlog.warmUp + backlog.tasks, batch: 100, inFlight: 4 });
      await store.settle();
      const [first, last] = receiver.count(backlog.warmUp, backlog.warmUp + backlog.tasks);
      const worker = await startWorker(peer, store, receiver.url);
      try {
        return await worker.during(measureDrain(store, worker, [first, last], backlog.tasks));
      } finally {
        await worker.close();
      }
    },
    close: () => Promise.resolve(),
  }));
}

async function measureDrain(
  store: Store,
  worker: WorkerProcess,
  [first, last]: ReturnType<Receiver['count']>,
  tasks: number,
): Promise<Figures> {
  const cpuTimes = cpuMeter(store, { worker });
  const fromMs = await first;
  const before = await cpuTimes();
  const untilMs = await last;
  const after = await cpuTimes();
  await untilFinished(store);
  return {
    [RATE_FIGURE]: (tasks / (untilMs - fromMs)) * 1000,
    ...cpuFigures(before, after, tasks),
    [MEMORY_FIGURE]: await peakMemoryMb(worker.pid),
  };
}

/** A worker that waits for tasks, which come evenly; `warmUp` tasks went before, as fast as it goes. */
export function openDelayPeer(
  peer: Peer,
  { serverUrl, receiver }: World,
  { warmUp, ...pace }: Pace & { warmUp: number },
): Promise<Side> {
  return openSide(peer, serverUrl, async ({ store, producer }) => {
    const worker = await startWorker(peer, store, receiver.url);
    await worker.during(producer.submit({ tasks: warmUp, batch: 1, inFlight: 64 }));
    await worker.during(untilFinished(store));
    return {
      async play() {
        await store.empty();
        const cpuTimes = cpuMeter(store, { client: producer, worker });
        const before = await cpuTimes();
        const delays = receiver.delays(pace.tasks);
        await worker.during(producer.submit(pace));
        const delaysMs = await worker.during(delays);
        const after = await cpuTimes();
        await worker.during(untilFinished(store));
        return {
          'p50 (ms)': percentile(delaysMs, 0.5),
          'p99 (ms)': percentile(delaysMs, 0.99),
          ...cpuFigures(before, after, pace.tasks),
        };
      },
      close: () => worker.close(),
    };
  });
}
