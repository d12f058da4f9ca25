import type { Feature } from '@dispatchr/contract';
import { RECORDER_DEFAULTS, startRecorder as startServer } from '@dispatchr/recorder';
import type { RecorderServer, RecorderServerOptions } from '@dispatchr/recorder';
import type { Clock } from '@dispatchr/scheduler';
import type { TaskStore } from '@dispatchr/store';
import type { ServiceRole, Settings } from '../settings/settings-catalogue.ts';
import { VERSION } from '../version.ts';
import { settledWithin } from './settled-within.ts';
import type { ServiceLogger } from './service-logger.ts';
import { EXIT_CODES, StartError } from './start-error.ts';
import { targetPolicyOf } from './target-access.ts';
import { createTaskIds } from './task-ids.ts';

/** A recorder that listens. */
export interface RunningRecorder {
  /** Where it can be reached, without a slash at the end. */
  readonly url: string;
  /** Ends its connections, then takes no more requests and lets those in flight finish: `graceMs` milliseconds at most. */
  stop(graceMs: number): Promise<void>;
}

/** What the recorder of a process is made of. */
export interface RecorderParts {
  role: ServiceRole;
  settings: Settings;
  store: TaskStore;
  clock: Clock;
  logger: ServiceLogger;
}

/**
 * Milliseconds for which a recorder that stops still takes requests on the connections there are, and ends each with
 * its answer. A busy producer has none left then; one that was closed under its request could not know what became of it.
 */
const END_CONNECTIONS_MS = 300;

/** Starts the Recorder's server on host and port of the settings; throws StartError when it cannot listen. */
export async function startRecorder(parts: RecorderParts): Promise<RunningRecorder> {
  const server = await listen(serverOptionsOf(parts));
  return {
    url: server.url,
    async stop(graceMs) {
      const endingMs = Math.min(END_CONNECTIONS_MS, graceMs);
      server.endConnections();
      await sleep(endingMs, parts.clock);
      await settledWithin(server.close(), graceMs - endingMs, parts.clock);
    },
  };
}

function sleep(ms: number, clock: Clock): Promise<void> {
  return new Promise((resolve) => void clock.timer(ms, resolve));
}

function serverOptionsOf({ role, settings, store, clock, logger }: RecorderParts): RecorderServerOptions {
  const signs: Feature[] = settings.signingSecrets.length > 0 ? ['signatures'] : [];
  const { retentionCompletedMs, retentionFailedMs } = settings;
  return {
    store,
    logger,
    newId: createTaskIds(),
    now: () => clock.epochMs(),
    host: settings.host,
    port: settings.port,
    ...(settings.token === undefined ? {} : { token: settings.token }),
    targetPolicy: targetPolicyOf(role, settings),
    limits: {
      maxTaskBytes: settings.maxTaskBytes,
      maxBatchBytes: settings.maxBatchBytes,
      maxBatchTasks: settings.maxBatchTasks,
      maxDepth: settings.maxDepth,
      retentionCompletedMs,
      retentionFailedMs,
      // An id or key is remembered for as long as its task is kept.
      idempotencyWindowMs: Math.min(retentionCompletedMs, retentionFailedMs),
    },
    features: [...RECORDER_DEFAULTS.features, ...signs],
    implementation: { name: 'dispatchr', version: VERSION },
    durability: store.kind === 'embedded' ? 'process' : 'disk',
  };
}

async function listen(options: RecorderServerOptions): Promise<RecorderServer> {
  try {
    return await startServer(options);
  } catch (error) {
    const help = HELP[(error as NodeJS.ErrnoException).code ?? ''];
    if (help === undefined) throw error;
    throw new StartError(
      EXIT_CODES.unavailable,
      `cannot listen on ${options.host} port ${options.port}: ${help}`,
      {
        cause: error,
      },
    );
  }
}

/** What to do about each of Node's reasons for not listening. */
const HELP: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is in use; stop the process that has it, or choose another port (--port)',
  EACCES: 'this user may not use that port; choose one above 1023 (--port)',
  EADDRNOTAVAIL: 'this machine has no such address; choose one of its own (--host)',
  ENOTFOUND: 'the name has no address; choose another host (--host)',
  EAI_AGAIN: 'the name cannot be resolved for now; choose an address (--host)',
  EAFNOSUPPORT: 'this machine does not speak that kind of address; choose another host (--host)',
};
