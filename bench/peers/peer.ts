import type { CpuTimes } from '../world/cpu-figures.ts';

/** A task library that people use today, in settings that suit it. */
export interface Peer {
  /** Of its sides; one library in other settings is another peer. */
  readonly name: string;
  /** URL of the module that exports it: its processes load that, and not the other libraries. */
  readonly module: string;
  /** Makes an empty database, or starts a server, for this peer alone. */
  openStore(serverUrl: string): Promise<Store>;
  /** Connects a producer and installs what the library needs; runs in the producer's process. */
  connect(url: string): Promise<Producer>;
  /** Starts to work off tasks with `deliver`; runs in the worker's process. */
  startWorker(url: string, deliver: Deliver): Promise<void>;
}

/** Puts tasks, given by their data, into the library's queue; settles when they are stored. */
export interface Producer {
  addOne(data: object): Promise<unknown>;
  addMany(data: readonly object[]): Promise<unknown>;
}

/** The work of a task: one request to the receiver; it never rejects, a failure ends the process. */
export type Deliver = (data: unknown) => Promise<void>;

/** Where a peer keeps its tasks. */
export interface Store {
  readonly url: string;
  /** Removes all tasks: every round begins alike. */
  empty(): Promise<void>;
  /** Does what would otherwise be done while the clock runs, like a checkpoint. */
  settle(): Promise<void>;
  /** Tasks that are not worked off, or whose end is not stored yet. */
  countUnfinished(): Promise<number>;
  /** CPU milliseconds that the server used so far; NaN where they are not known. */
  cpuMs(): Promise<CpuTimes>;
  close(): Promise<void>;
}

/** The only queue, and the name of its tasks. */
export const QUEUE = 'bench';

/** Deliveries in flight at most, as many as of a scheduler with default settings. */
export const CONCURRENCY = 100;
