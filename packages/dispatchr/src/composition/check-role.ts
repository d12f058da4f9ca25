import { refuseOpenHost } from '@dispatchr/recorder';
import type { ServiceRole, Settings } from '../settings/settings-catalogue.ts';
import { EXIT_CODES, StartError } from './start-error.ts';

/** Refuses settings that are right by themselves but do not go with what is to be started; throws StartError. */
export function checkRole(role: ServiceRole, settings: Settings): void {
  if (role !== 'serve' && settings.databaseUrl === undefined) {
    throw new StartError(
      EXIT_CODES.usage,
      `expected databaseUrl, got none: a ${role} by itself needs PostgreSQL (set DATABASE_URL); ` +
        '`dispatchr serve` runs both on an embedded database',
    );
  }
  if (role === 'scheduler') return;
  try {
    refuseOpenHost(settings.host, settings.token);
  } catch (error) {
    throw new StartError(EXIT_CODES.usage, (error as Error).message, { cause: error });
  }
}
