import { randomUUID } from 'node:crypto';
import { createScheduler } from '@dispatchr/scheduler';
import type { Clock, Scheduler } from '@dispatchr/scheduler';
import { createTaskStore } from '@dispatchr/store';
import type { TaskStore } from '@dispatchr/store';
import { resolveSettings } from '../settings/resolve-settings.ts';
import type { ServiceRole, Settings } from '../settings/settings-catalogue.ts';
import { VERSION } from '../version.ts';
import { databaseOf } from './banner.ts';
import { checkRole } from './check-role.ts';
import { createLogger } from './create-logger.ts';
import { durabilityOf } from './durability.ts';
import { applyMigrations, assertMigrated } from './migrate-database.ts';
import { openDatabase } from './open-database.ts';
import { freshSchedulerId } from './scheduler-id.ts';
import type { ServiceLogger } from './service-logger.ts';
import { settledWithin } from './settled-within.ts';
import { startRecorder } from './start-recorder.ts';
import type { RunningRecorder } from './start-recorder.ts';
import { EXIT_CODES, StartError } from './start-error.ts';
import { systemClock } from './system-clock.ts';
import { targetPolicyOf } from './target-access.ts';

/** What an embedding user may hand in. */
export interface ServiceOverrides {
  /** Default `serve`: recorder and scheduler. */
  role?: ServiceRole;
  /** pino's, or anything with its methods; by default lines on standard output. */
  logger?: ServiceLogger;
  /** Time; by default the machine's. */
  clock?: Clock;
  /** 0 … 1, evenly spread, for jitter; by default Math.random. */
  random?: () => number;
}

/** A service that runs. */
export interface Service {
  /** Where the API listens, as a URL without a slash at its end; absent for a scheduler by itself. */
  readonly url?: string;
  /** The name that attempts of this process are recorded with; absent for a recorder by itself. */
  readonly schedulerId?: string;
  /** The door to the tasks. */
  readonly store: TaskStore;
  /** Stops taking requests and claiming, gives what is in flight `graceMs` (default `gracePeriodMs`), closes all. */
  stop(options?: { graceMs?: number }): Promise<void>;
}

/** Milliseconds that closing the database may take: behind the end of the scheduler 2 s after the grace are promised. */
const CLOSE_DATABASE_MS = 300;

/**
 * Starts recorder and scheduler on the database of the settings; what is left out has its default.
 * Throws StartError, whose message says in one sentence what to do; nothing is left open then.
 */
export async function startService(
  given: Partial<Settings>,
  overrides: ServiceOverrides = {},
): Promise<Service> {
  const settings = completeSettings(given);
  const role = overrides.role ?? 'serve';
  checkRole(role, settings);
  const { clock = systemClock, random = Math.random } = overrides;
  const logger = overrides.logger ?? createLogger(settings, process.stdout.isTTY);
  const store = await openStore(settings, clock, logger);
  const parts: Parts = { store };
  try {
    await startParts(parts, { role, settings, store, clock, random, logger });
  } catch (error) {
    await stopParts(parts, 0, clock);
    throw error;
  }
  let stopping: Promise<void> | undefined;
  return {
    store,
    ...(parts.recorder === undefined ? {} : { url: parts.recorder.url }),
    ...(parts.schedulerId === undefined ? {} : { schedulerId: parts.schedulerId }),
    stop: ({ graceMs = settings.gracePeriodMs } = {}) => (stopping ??= stopParts(parts, graceMs, clock)),
  };
}

/** What is running, in the order of its start. */
interface Parts {
  store: TaskStore;
  recorder?: RunningRecorder;
  scheduler?: Scheduler;
  schedulerId?: string;
}

interface PartOptions {
  role: ServiceRole;
  settings: Settings;
  store: TaskStore;
  clock: Clock;
  random: () => number;
  logger: ServiceLogger;
}

function completeSettings(given: Partial<Settings>): Settings {
  const resolved = resolveSettings({
    flags: {},
    environment: {},
    file: { path: 'the settings', content: given },
  });
  if (resolved.kind === 'resolved') return resolved.settings;
  throw new StartError(EXIT_CODES.usage, resolved.problems.join('; '));
}

async function openStore(settings: Settings, clock: Clock, logger: ServiceLogger): Promise<TaskStore> {
  const database = await openDatabase(settings, clock);
  try {
    if (settings.migrateOnStart) {
      const { applied } = await applyMigrations(database);
      if (applied > 0) logger.info({ applied }, 'the database is migrated');
    }
    const store = createTaskStore(database, {
      origin: randomUUID(),
      afterInput: (run) => void setImmediate(run),
      timer: (ms, run) => clock.timer(ms, run),
    });
    await assertMigrated(store);
    return store;
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** Listens before it claims: a port in use must not cost a task an attempt. */
async function startParts(parts: Parts, options: PartOptions): Promise<void> {
  const { role, settings, logger } = options;
  if (role !== 'scheduler') parts.recorder = await startRecorder(options);
  if (role !== 'recorder') {
    parts.schedulerId = freshSchedulerId();
    parts.scheduler = schedulerOf(options, parts.schedulerId);
    await parts.scheduler.start();
  }
  const { recorder, schedulerId } = parts;
  // Two processes that differ in this explain tasks that are accepted and then fail as target-blocked.
  const privateTargets = targetPolicyOf(role, settings).listensOnLoopback;
  logger.info(
    {
      role,
      version: VERSION,
      url: recorder?.url,
      schedulerId,
      database: databaseOf(settings),
      privateTargets,
    },
    `${role} is ready. ${durabilityOf(settings)}`,
  );
}

function schedulerOf({ role, settings, ...options }: PartOptions, schedulerId: string): Scheduler {
  return createScheduler({
    ...options,
    schedulerId,
    version: VERSION,
    targetPolicy: targetPolicyOf(role, settings),
    concurrency: settings.concurrency,
    pollIntervalMs: settings.pollIntervalMs,
    gracePeriodMs: settings.gracePeriodMs,
    reconnectIntervalMs: settings.reconnectIntervalMs,
    reconnectMaxIntervalMs: settings.reconnectMaxIntervalMs,
    retentionCompletedMs: settings.retentionCompletedMs,
    retentionFailedMs: settings.retentionFailedMs,
    signingSecrets: settings.signingSecrets,
  });
}

/** Requests in flight and deliveries in flight end side by side within the grace period; then the database closes. */
async function stopParts(parts: Parts, graceMs: number, clock: Clock): Promise<void> {
  await Promise.all([parts.recorder?.stop(graceMs), parts.scheduler?.stop({ graceMs })]);
  await settledWithin(parts.store.close(), CLOSE_DATABASE_MS, clock);
}
