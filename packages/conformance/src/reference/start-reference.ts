import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { MutantId } from '../selftest/mutants/index.ts';
import type { VariantId } from '../selftest/variants.ts';
import { createDisk, type Disk } from './disk.ts';
import { Engine } from './engine.ts';
import { Flow } from './flow.ts';
import { Recorder } from './recorder.ts';
import { Scheduler } from './scheduler.ts';
import { ScheduleTable } from './schedules/schedule-table.ts';
import { ScheduleTicks } from './schedules/schedule-ticks.ts';
import { FEATURES, type Settings } from './settings.ts';
import { TaskTable } from './task-table.ts';

/** How a reference differs from the plain one. */
export interface ReferenceOptions {
  /** Faults that are planted in it; none by default. */
  readonly mutants?: ReadonlySet<MutantId>;
  /** Benign differences; none by default. */
  readonly variants?: ReadonlySet<VariantId>;
  /** `whsec_` and base64 of 24 to 64 bytes; deliveries are signed with each. */
  readonly signingSecrets?: readonly string[];
  /** The features it has, `signatures` aside; all that it can by default. */
  readonly features?: readonly string[];
  /** The bearer token that it asks for; none by default. */
  readonly token?: string;
  /** After how long a tick of a schedule counts as missed, for a self-test that has no minute; a minute by default. */
  readonly missedAfterMs?: number;
}

/** A reference implementation that serves on loopback. */
export interface Reference {
  readonly url: string;
  /** Ends it as SIGKILL would: connections are reset, and only what is on the disk is left. */
  kill(): Promise<void>;
  /** Ends it as SIGTERM would: two seconds of grace, then attempts in flight are released. */
  stop(): Promise<void>;
  /** Starts it again on the same port from the disk. */
  start(): Promise<void>;
  /** Ends it for good; nothing of it keeps the process alive. */
  close(): Promise<void>;
}

const GRACE_MS = 2000;
// Spec: SCH-053.
const MISSED_AFTER_MS = 60_000;
const PORT_RETRIES = 100;
// A real process takes longer to start again: by then its peers have seen that their connections are gone.
const KILL_SETTLES_MS = 20;

/** Starts a reference implementation; throws `RangeError` for a signing secret of another form. */
export async function startReference(options: ReferenceOptions = {}): Promise<Reference> {
  const settings = settingsOf(options);
  const disk = createDisk();
  let port = 0;
  let running: Running | undefined;

  const start = async (): Promise<void> => {
    running ??= await runReference(disk, settings, port);
    ({ port } = running);
  };
  const end = async (how: 'stop' | 'kill'): Promise<void> => {
    const ended = running;
    running = undefined;
    await ended?.[how]();
  };

  await start();
  const kill = async (): Promise<void> => {
    await end('kill');
    await delay(KILL_SETTLES_MS);
  };
  const url = `http://127.0.0.1:${port}`;
  return { url, kill, stop: () => end('stop'), start, close: () => end('kill') };
}

/** A process, so to speak: what a kill ends. */
interface Running {
  readonly port: number;
  stop(): Promise<void>;
  kill(): Promise<void>;
}

async function runReference(disk: Disk, settings: Settings, wantedPort: number): Promise<Running> {
  const table = new TaskTable(disk, settings);
  const flow = new Flow(disk, table, settings);
  const engine = new Engine(table, flow.queues, settings);
  const schedules = new ScheduleTable(disk, engine, settings);
  const { server } = new Recorder(engine, flow, schedules, settings, disk);
  const host = settings.mutants.has('open-on-every-interface') ? '0.0.0.0' : '127.0.0.1';
  const port = await listen(server, wantedPort, host);
  const scheduler = new Scheduler(engine, flow, settings);
  const ticks = new ScheduleTicks(schedules, settings);
  return {
    port,
    stop: async () => {
      const closed = closeServer(server);
      ticks.stop();
      await scheduler.stop(GRACE_MS);
      table.close();
      server.closeAllConnections();
      await closed;
    },
    kill: async () => {
      const closed = closeServer(server);
      server.closeAllConnections();
      ticks.stop();
      table.close();
      await Promise.all([scheduler.kill(), closed]);
    },
  };
}

function settingsOf(options: ReferenceOptions): Settings {
  const secrets = (options.signingSecrets ?? []).map(readSecret);
  const features = new Set(options.features ?? FEATURES);
  if (secrets.length > 0) features.add('signatures');
  return {
    mutants: options.mutants ?? new Set(),
    variants: options.variants ?? new Set(),
    features,
    secrets,
    token: options.token,
    missedAfterMs: options.missedAfterMs ?? MISSED_AFTER_MS,
  };
}

/** Spec: SIG-007. */
function readSecret(secret: string): Buffer {
  const text = secret.replace(/^whsec_/, '');
  const key = Buffer.from(text, 'base64');
  if (key.toString('base64') === text && key.length >= 24 && key.length <= 64) return key;
  throw new RangeError('expected a signing secret of whsec_ and base64 of 24 to 64 bytes, got another form');
}

/** Listens on a port, any free one for 0; another socket may hold it for a moment after a kill. */
async function listen(server: Server, port: number, host: string): Promise<number> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await listenOnce(server, port, host);
    } catch (error) {
      if (tries === PORT_RETRIES) throw error;
      await delay(50);
    }
  }
}

function listenOnce(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
}
