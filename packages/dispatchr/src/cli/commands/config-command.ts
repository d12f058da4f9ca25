import type { Command } from 'commander';
import { describeSettings, renderSettings } from '../../settings/describe-settings.ts';
import { loadSettings } from '../load-settings.ts';
import { addSettingOptions } from '../setting-options.ts';

/** `dispatchr config`: prints every setting with its value, default and source; secrets are masked. */
export function addConfigCommand(program: Command): void {
  const command = program
    .command('config')
    .description('Print every setting: value (secrets masked), default and source.')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action((flags: Record<string, unknown>) => {
      const { settings, origins } = loadSettings(flags);
      const described = describeSettings(settings, origins);
      process.stdout.write(
        `${flags['json'] ? JSON.stringify(described, undefined, 2) : renderSettings(described)}\n`,
      );
    });
  addSettingOptions(command);
}

const EXAMPLES = `
Examples:
  dispatchr config
  dispatchr config --json
  dispatchr config --config production.yaml`;
