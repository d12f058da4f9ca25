import type { ChildProcess } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { type ServiceProcess, startServiceProcess } from '@dispatchr/testkit';
import type { ProcessLife, Sample } from '../events.ts';
import type { Guard } from './guard.ts';
import type { DatabaseProxy } from './proxy.ts';

/** A place for one process of the service, which is started there again and again under the same name. */
export interface ServiceSlot {
  readonly name: string;
  readonly role: 'recorder' | 'scheduler';
  /** Where a recorder listens, also while none runs; empty for a scheduler. */
  readonly url: string;
  readonly proxy: DatabaseProxy;
  /** Of the process that runs now; undefined while none does. */
  readonly pid: number | undefined;
  /** The id under which the process claims; undefined for a recorder, and while none runs. */
  readonly schedulerId: string | undefined;
  /**
   * Starts a process and waits until it is ready, which it is once the database answers.
   * @param environment - more variables, for this process only.
   */
  start(environment?: Record<string, string>): Promise<void>;
  /** Sends a signal that ends the process and waits for its end; nobody starts another until `start` is called. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /** Sends a signal that does not end the process; none if there is none. */
  signal(signal: 'SIGSTOP' | 'SIGCONT' | 'SIGUSR2'): void;
  /** What the process costs now; undefined while none runs, and where there is no /proc. */
  sample(): Promise<Sample | undefined>;
}

/** What a slot needs. */
export interface SlotOptions {
  readonly name: string;
  readonly role: 'recorder' | 'scheduler';
  /** Port of a recorder. */
  readonly port?: number;
  readonly proxy: DatabaseProxy;
  readonly environment: Record<string, string>;
  readonly words?: readonly string[];
  readonly guard: Guard;
  /** Told of each process twice: when it runs, and when it has ended. */
  readonly onLife: (life: ProcessLife) => void;
}

/** Milliseconds before a process that ended by itself is started again, as a supervisor would. */
const RESTART_MS = 500;

/** Starts in a row that may fail. */
const MAX_STARTS = 60;

/** Makes an empty slot. A process that ends by itself is started again; one that is ended through the slot is not. */
export function createSlot(options: SlotOptions): ServiceSlot {
  const { name, role, port, proxy, guard, onLife } = options;
  const words = [role, ...(port === undefined ? [] : ['--port', String(port)]), ...(options.words ?? [])];
  let unready: ChildProcess | undefined;
  let service: ServiceProcess | undefined;
  let schedulerId: string | undefined;
  let starting: Promise<void> | undefined;
  let isWanted = false;

  const onSpawn = (child: ChildProcess): void => {
    const { pid } = child;
    unready = child;
    if (pid === undefined) return;
    guard.add(pid);
    child.once('exit', () => guard.remove(pid));
  };
  const spawnOne = async (environment: Record<string, string>): Promise<void> => {
    const from = Date.now();
    const started = await startServiceProcess(words, { ...options.environment, ...environment }, onSpawn);
    unready = undefined;
    service = started;
    schedulerId = idOf(started);
    const id = schedulerId === undefined ? {} : { scheduler: schedulerId };
    const life = { kind: 'process', name, role, pid: started.pid, ...id, from } as const;
    onLife(life);
    void started.ended.then(() => {
      onLife({ ...life, until: Date.now() });
      service = undefined;
      setTimeout(() => {
        // That it never came back shows when the run is drained.
        if (isWanted) start().catch(() => undefined);
      }, RESTART_MS);
    });
  };
  /** Tries again as a supervisor would: the database may go away while a process starts. */
  const startUntilReady = async (environment: Record<string, string>): Promise<void> => {
    for (let tries = 1; isWanted && service === undefined; tries += 1) {
      try {
        await spawnOne(environment);
      } catch (error) {
        if (tries >= MAX_STARTS) throw error;
        await new Promise((resolve) => setTimeout(resolve, RESTART_MS));
      }
    }
  };
  const start = (environment: Record<string, string> = {}): Promise<void> => {
    isWanted = true;
    starting ??= startUntilReady(environment).finally(() => (starting = undefined));
    return starting;
  };

  return {
    name,
    role,
    url: port === undefined ? '' : `http://127.0.0.1:${port}`,
    proxy,
    start,
    get pid() {
      return service?.pid;
    },
    get schedulerId() {
      return service === undefined ? undefined : schedulerId;
    },
    async end(signal) {
      isWanted = false;
      // One that is not ready yet has nothing in hand that a grace period would be for.
      unready?.kill('SIGKILL');
      await starting?.catch(() => undefined);
      await service?.end(signal);
    },
    signal(signal) {
      if (service !== undefined) process.kill(service.pid, signal);
    },
    sample: () => (service === undefined ? Promise.resolve(undefined) : sampleOf(name, service.pid)),
  };
}

function idOf({ log }: ServiceProcess): string | undefined {
  const id = log.findLast((line) => line['schedulerId'] !== undefined)?.['schedulerId'];
  return typeof id === 'string' ? id : undefined;
}

async function sampleOf(name: string, pid: number): Promise<Sample | undefined> {
  try {
    const [status, descriptors] = await Promise.all([
      readFile(`/proc/${pid}/status`, 'utf8'),
      readdir(`/proc/${pid}/fd`),
    ]);
    const residentBytes = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024;
    return {
      kind: 'sample',
      at: Date.now(),
      process: name,
      residentBytes,
      fileDescriptors: descriptors.length,
    };
  } catch {
    return undefined;
  }
}
