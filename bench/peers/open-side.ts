import { setTimeout as sleep } from 'node:timers/promises';
import type { CpuTimes } from '../world/cpu-figures.ts';
import { cpuTimeOf } from '../world/cpu-time.ts';
import type { Side } from '../world/side.ts';
import { type ProducerProcess, startProducer } from './peer-process.ts';
import type { Peer, Store } from './peer.ts';

/** A peer's store, and the producer that installed it. */
export interface Opened {
  readonly store: Store;
  readonly producer: ProducerProcess;
}

/** Opens store and producer, and closes them after what `open` adds to them. */
export async function openSide(
  peer: Peer,
  serverUrl: string,
  open: (opened: Opened) => Promise<Omit<Side, 'name'>>,
): Promise<Side> {
  const store = await peer.openStore(serverUrl);
  const closers = [() => store.close()];
  const closeAll = async (): Promise<void> => {
    for (const close of closers) await close();
  };
  try {
    const producer = await startProducer(peer, store);
    closers.unshift(() => producer.close());
    const side = await open({ store, producer });
    closers.unshift(() => side.close());
    return { name: peer.name, play: () => side.play(), close: closeAll };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

/** Reads what the processes and the store have used so far. */
export function cpuMeter(store: Store, processes: Readonly<Record<string, { readonly pid: number }>>) {
  return async (): Promise<CpuTimes> => {
    const entries = Object.entries(processes).map(
      async ([kind, { pid }]) => [kind, await cpuTimeOf(pid)] as const,
    );
    return { ...Object.fromEntries(await Promise.all(entries)), ...(await store.cpuMs()) };
  };
}

/** Waits until what was delivered is stored as finished too, so that the next side begins on a quiet machine. */
export async function untilFinished(store: Store): Promise<void> {
  while ((await store.countUnfinished()) > 0) await sleep(20);
}
