import { EXIT_CODES, StartError } from '../composition/start-error.ts';
import { readConfigFile } from '../settings/read-config-file.ts';
import { CONFIG_FILE_VARIABLE, resolveSettings } from '../settings/resolve-settings.ts';
import type { Origin } from '../settings/resolve-settings.ts';
import type { SettingName, Settings } from '../settings/settings-catalogue.ts';
import { URL_VARIABLE } from './connection-variables.ts';
import { UsageError } from './usage-error.ts';

/** Runs a command with its settings; what it throws carries a stack only at `logLevel` debug or trace. */
export async function withSettings(
  flags: Record<string, unknown>,
  run: (settings: Settings) => Promise<void>,
): Promise<void> {
  const { settings } = loadSettings(flags);
  try {
    await run(settings);
  } catch (error) {
    const exitCode = error instanceof StartError ? error.exitCode : EXIT_CODES.failed;
    const message = error instanceof Error ? error.message : String(error);
    if (settings.logLevel === 'debug' || settings.logLevel === 'trace') {
      throw new StartError(exitCode, message, { cause: error });
    }
    if (error instanceof StartError) throw new StartError(exitCode, message);
    throw new StartError(exitCode, `${message} (--log-level debug shows where)`);
  }
}

/** Resolves the settings of this process from its flags, environment and config file; throws UsageError. */
export function loadSettings(flags: Record<string, unknown>): {
  settings: Settings;
  origins: Record<SettingName, Origin>;
} {
  const given = (flags['config'] as string | undefined) ?? (process.env[CONFIG_FILE_VARIABLE] || undefined);
  const file = readConfigFile(given, process.cwd());
  if (file.kind === 'refused') throw new UsageError(file.problem);
  // A shell that is set up for the task commands may start the service as well.
  const { [URL_VARIABLE]: _url, ...environment } = process.env;
  const resolved = resolveSettings({
    flags,
    environment,
    ...(file.kind === 'read' ? { file } : {}),
  });
  if (resolved.kind === 'resolved') return resolved;
  const { problems } = resolved;
  if (problems.length === 1) throw new UsageError(problems[0]);
  throw new UsageError(
    `${problems.length} settings are wrong:\n${problems.map((line) => `  - ${line}`).join('\n')}`,
  );
}
