import { pino } from 'pino';
import type { Logger } from 'pino';
import { PinoPretty } from 'pino-pretty';
import type { Settings } from '../settings/settings-catalogue.ts';

/** Creates the log on standard output: lines of JSON, or pretty on a terminal; written before the process can end. */
export function createLogger(
  settings: Pick<Settings, 'logLevel' | 'logFormat'>,
  isTerminal: boolean,
): Logger {
  const options = {
    level: settings.logLevel,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (level: string) => ({ level }) },
  };
  if (!isPretty(settings, isTerminal)) return pino(options, pino.destination({ dest: 1, sync: true }));
  return pino(
    options,
    PinoPretty({ destination: 1, sync: true, singleLine: true, translateTime: 'SYS:HH:MM:ss.l' }),
  );
}

/** Whether people read the log. */
export function isPretty(settings: Pick<Settings, 'logFormat'>, isTerminal: boolean): boolean {
  return settings.logFormat === 'pretty' || (settings.logFormat === 'auto' && isTerminal);
}
