import type { Command } from 'commander';
import { runService } from '../run-service.ts';
import { addSettingOptions } from '../setting-options.ts';

/** `dispatchr scheduler`: claims due tasks and delivers them; needs PostgreSQL. */
export function addSchedulerCommand(program: Command): void {
  const command = program
    .command('scheduler')
    .description(
      'Deliver due tasks to their targets; listen on no port. Needs PostgreSQL; run as many as you like.',
    )
    .addHelpText('after', EXAMPLES)
    .action((flags: Record<string, unknown>) => runService('scheduler', flags));
  addSettingOptions(command, 'scheduler');
}

const EXAMPLES = `
Examples:
  DATABASE_URL=postgres://user:password@localhost/app dispatchr scheduler
  DATABASE_URL=postgres://user:password@localhost/app dispatchr scheduler --concurrency 500 --target-allow 10.1.0.0/16:8080

A scheduler alone delivers to loopback and private addresses only if targetAllow names them, or if its database
is on loopback as well and DISPATCHR_HOST, which it reads for this only, is a loopback address (the default).`;
