import { resolve } from 'node:path';
import { setImmediate as afterInputOutput } from 'node:timers/promises';
import {
  DataFolderLockedError,
  DatabaseUnavailableError,
  openEmbedded,
  openPostgres,
  UnsupportedDatabaseError,
} from '@dispatchr/store';
import type { Database } from '@dispatchr/store';
import type { Clock } from '@dispatchr/scheduler';
import { maskPassword } from '../settings/describe-settings.ts';
import type { Settings } from '../settings/settings-catalogue.ts';
import { EXIT_CODES, StartError } from './start-error.ts';

/** Opens PostgreSQL, or the embedded database when there is no URL; throws StartError on what an operator can mend. */
export async function openDatabase(settings: Settings, clock: Clock): Promise<Database> {
  const url = settings.databaseUrl;
  return url === undefined ? openDataFolder(settings.dataDir) : openServer(settings, url, clock);
}

async function openDataFolder(dataDir: string): Promise<Database> {
  try {
    return await openEmbedded({ dataDir, pause: () => afterInputOutput() });
  } catch (error) {
    if (error instanceof DataFolderLockedError) throw unavailable(error.message, error);
    if (!isRefusedByFileSystem(error)) throw error;
    throw unavailable(`cannot use the data folder ${resolve(dataDir)}: ${messageOf(error)}`, error);
  }
}

async function openServer(settings: Settings, url: string, clock: Clock): Promise<Database> {
  const giveUpAtMs = clock.monotonicMs() + settings.databaseWaitMs;
  for (;;) {
    try {
      return await openPostgres({
        url,
        listenUrl: settings.databaseListenUrl === 'off' ? undefined : (settings.databaseListenUrl ?? url),
        timeoutMs: settings.databaseTimeoutMs,
        prepare: settings.databasePrepare,
        applicationName: 'dispatchr',
        timer: (ms, fn) => clock.timer(ms, fn),
      });
    } catch (error) {
      const mayWait = error instanceof DatabaseUnavailableError && clock.monotonicMs() < giveUpAtMs;
      if (!mayWait) throw refusal(error, url);
      await new Promise<void>((wake) => clock.timer(settings.reconnectIntervalMs, wake));
    }
  }
}

function refusal(error: unknown, url: string): unknown {
  if (error instanceof UnsupportedDatabaseError) {
    return unavailable(`cannot use ${maskPassword(url)}: ${error.message}`, error);
  }
  if (!(error instanceof DatabaseUnavailableError)) return error;
  const help = 'start PostgreSQL, or correct DATABASE_URL; databaseWaitMs makes the start wait for it';
  return unavailable(`cannot use ${maskPassword(url)}: ${error.message}: ${help}`, error);
}

function unavailable(message: string, cause: unknown): StartError {
  return new StartError(EXIT_CODES.unavailable, message, { cause });
}

function isRefusedByFileSystem(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return /^E(ACCES|PERM|ROFS|NOTDIR|EXIST|NOSPC|ISDIR)$/.test(code);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
