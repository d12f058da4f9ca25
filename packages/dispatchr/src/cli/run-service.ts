import type { Logger } from 'pino';
import { banner } from '../composition/banner.ts';
import { createLogger, isPretty } from '../composition/create-logger.ts';
import { exitBySignal, handleSignals } from '../composition/process-signals.ts';
import type { EndingSignal } from '../composition/process-signals.ts';
import { EXIT_CODES } from '../composition/start-error.ts';
import { startService } from '../composition/start-service.ts';
import type { Service } from '../composition/start-service.ts';
import type { ServiceRole, Settings } from '../settings/settings-catalogue.ts';
import { withSettings } from './load-settings.ts';

/** What stopping may take beyond the grace period, in ms, before the process ends regardless: 2 s are promised. */
const STOP_MARGIN_MS = 1900;

/** Runs the service until a signal ends it; resolves once everything is closed. */
export function runService(role: ServiceRole, flags: Record<string, unknown>): Promise<void> {
  return withSettings(flags, (settings) => runWith(role, settings));
}

async function runWith(role: ServiceRole, settings: Settings): Promise<void> {
  const isTerminal = process.stdout.isTTY;
  const logger = createLogger(settings, isTerminal);
  endOnBugs(logger);
  let onSignal: (signal: EndingSignal) => void = exitBySignal;
  handleSignals((signal) => onSignal(signal));

  const service = await startService(settings, { role, logger });
  if (isTerminal && isPretty(settings, isTerminal))
    process.stdout.write(`\n${banner(settings, service.url)}\n`);

  const signal = await new Promise<EndingSignal>((resolve) => {
    onSignal = resolve;
  });
  logger.info({ signal, graceMs: settings.gracePeriodMs }, 'stopping; a second signal ends it at once');
  await stopInTime(service, settings, logger);
}

async function stopInTime(service: Service, settings: Settings, logger: Logger): Promise<void> {
  const deadline = setTimeout(() => {
    logger.error(
      'could not stop within the grace period; what was in flight is taken over when its lease ends',
    );
    process.exit(EXIT_CODES.failed);
  }, settings.gracePeriodMs + STOP_MARGIN_MS);
  await service.stop();
  clearTimeout(deadline);
  logger.info('stopped');
  // Idle sockets of targets or producers must not hold up the end.
  process.exit(EXIT_CODES.ok);
}

/** After an error that nobody caught the state is unknown: an orchestrator starts afresh, leases bring the tasks back. */
function endOnBugs(logger: Logger): void {
  const end = (error: unknown): never => {
    logger.fatal({ err: error }, 'unexpected error; the process ends');
    process.exit(EXIT_CODES.failed);
  };
  process.on('uncaughtException', end);
  process.on('unhandledRejection', end);
}
