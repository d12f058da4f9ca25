import type { Command } from 'commander';
import { runService } from '../run-service.ts';
import { addSettingOptions } from '../setting-options.ts';

/** `dispatchr recorder`: takes tasks over HTTP and records them; needs PostgreSQL. */
export function addRecorderCommand(program: Command): void {
  const command = program
    .command('recorder')
    .description('Record tasks over HTTP; deliver none. Needs PostgreSQL; run as many as you like.')
    .addHelpText('after', EXAMPLES)
    .action((flags: Record<string, unknown>) => runService('recorder', flags));
  addSettingOptions(command, 'recorder');
}

const EXAMPLES = `
Examples:
  DATABASE_URL=postgres://user:password@localhost/app dispatchr recorder
  DATABASE_URL=postgres://user:password@localhost/app DISPATCHR_TOKEN="$(cat token.txt)" dispatchr recorder --host 0.0.0.0 --port 8080`;
