import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnDispatchr } from '@dispatchr/testkit';
import { type FaultEvent, LOG_FILES } from '../events.ts';
import { createLog, type Log } from '../load/log-writer.ts';
import { SIGNING_SECRET } from '../load/start-load.ts';
import { createDatabaseServer, type DatabaseServer } from './database-server.ts';
import { freePort } from './free-port.ts';
import { startGuard } from './guard.ts';
import { startProxy } from './proxy.ts';
import { createSlot, type ServiceSlot, type SlotOptions } from './service-slot.ts';
import { openSmallDisk, type SmallDisk } from './small-disk.ts';
import { installTransitionLog } from './transition-log.ts';

/** A whole installation on one machine: PostgreSQL, and processes that reach it each through a proxy of its own. */
export interface Cluster {
  readonly database: DatabaseServer;
  /** The file system of the database; undefined where none can be made (not root, no loop device). */
  readonly disk: SmallDisk | undefined;
  readonly recorders: readonly ServiceSlot[];
  readonly schedulers: readonly ServiceSlot[];
  /** What is done to the cluster; the lives of its processes are in it already. */
  readonly faults: Log<FaultEvent>;
  /** Ends every process, removes the database, and completes the log of faults. */
  close(): Promise<void>;
}

export interface ClusterOptions {
  /** Where the log of faults goes. */
  readonly folder: string;
  readonly recorders?: number;
  readonly schedulers?: number;
  /** Whether triggers log each change of a row. */
  readonly hasTransitionLog?: boolean;
  /** Bytes of the database's file system; undefined: no file system of its own. */
  readonly diskBytes?: number;
  /** How long SIGUSR2 stalls the event loop of a process, in milliseconds. */
  readonly stallMs?: number;
  /** Further words on the command line of schedulers. */
  readonly schedulerWords?: readonly string[];
}

/** What each process loads first, to be hit by faults that come from inside. */
const PRELOADS = ['skewed-clock.mjs', 'stalled-loop.mjs'];

/** Starts the database, migrates it, and starts every process; ends all of it again if one cannot be started. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const { folder, recorders = 2, schedulers = 3, hasTransitionLog = true, diskBytes } = options;
  const faults = createLog<FaultEvent>(join(folder, LOG_FILES.faults));
  const scratch = await mkdtemp(join(tmpdir(), 'dispatchr-chaos-'));
  // The server may run as another user.
  await chmod(scratch, 0o755);
  const guard = startGuard(scratch);
  const disk = diskBytes === undefined ? undefined : await openSmallDisk(scratch, diskBytes);
  const database = await createDatabaseServer(disk?.path ?? scratch, guard);
  const slots: ServiceSlot[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(slots.map((slot) => slot.end('SIGTERM')));
    await Promise.all(slots.map(({ proxy }) => proxy.close()));
    await database.stop('fast');
    await disk?.close();
    await rm(scratch, { recursive: true, force: true });
    guard.release();
    await faults.close();
  };
  try {
    await database.start();
    await migrate(database.url);
    if (hasTransitionLog) await installTransitionLog(database);
    for (let number = 1; number <= recorders; number += 1)
      slots.push(await createSlotFor('recorder', number));
    for (let number = 1; number <= schedulers; number += 1)
      slots.push(await createSlotFor('scheduler', number));
    await Promise.all(slots.map((slot) => slot.start()));
  } catch (error) {
    await close();
    throw error;
  }
  const ofRole = (role: string) => slots.filter((slot) => slot.role === role);
  return { database, disk, recorders: ofRole('recorder'), schedulers: ofRole('scheduler'), faults, close };

  async function createSlotFor(role: SlotOptions['role'], number: number): Promise<ServiceSlot> {
    const proxy = await startProxy(database.port);
    const environment = {
      DATABASE_URL: database.url.replace(`:${database.port}/`, `:${proxy.port}/`),
      DISPATCHR_SIGNING_SECRETS: SIGNING_SECRET,
      DISPATCHR_DATABASE_WAIT_MS: '600000',
      DISPATCHR_MIGRATE_ON_START: 'false',
      DISPATCHR_LOG_LEVEL: 'info',
      NODE_OPTIONS: PRELOADS.map(
        (file) => `--import ${new URL(`preload/${file}`, import.meta.url).href}`,
      ).join(' '),
      CHAOS_STALL_MS: String(options.stallMs ?? 0),
    };
    return createSlot({
      name: `${role}-${number}`,
      role,
      proxy,
      guard,
      environment,
      ...(role === 'recorder' && { port: await freePort() }),
      ...(role === 'scheduler' && { words: options.schedulerWords ?? [] }),
      onLife: (life) => faults.write(life),
    });
  }
}

async function migrate(url: string): Promise<void> {
  const child = spawnDispatchr(['migrate'], { DATABASE_URL: url });
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`expected the migration to end with 0, got ${code}: ${output}`);
}
