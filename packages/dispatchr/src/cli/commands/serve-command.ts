import type { Command } from 'commander';
import { runService } from '../run-service.ts';
import { addSettingOptions } from '../setting-options.ts';

/** `dispatchr serve`, the default command: recorder and scheduler in one process. */
export function addServeCommand(program: Command): void {
  const command = program
    .command('serve', { isDefault: true })
    .description('Record and deliver tasks in one process, on PostgreSQL or an embedded database (default).')
    .addHelpText('after', EXAMPLES)
    .action((flags: Record<string, unknown>) => runService('serve', flags));
  addSettingOptions(command, 'serve');
}

const EXAMPLES = `
Examples:
  dispatchr serve                                  # on an embedded database in .dispatchr/, http://127.0.0.1:9090
  dispatchr serve --data-dir data --port 8080
  DATABASE_URL=postgres://user:password@localhost/app dispatchr serve
  DISPATCHR_TOKEN="$(cat token.txt)" dispatchr serve --host 0.0.0.0 --target-allow 10.1.0.0/16:8080

The embedded database belongs to one process: run several recorders and schedulers on PostgreSQL.`;
