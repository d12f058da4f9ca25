import type { Command } from 'commander';
import { migrateDatabase } from '../../composition/migrate-database.ts';
import { withSettings } from '../load-settings.ts';
import { addSettingOptions } from '../setting-options.ts';

/** `dispatchr migrate`: brings the database to the schema of this version and says what it did. */
export function addMigrateCommand(program: Command): void {
  const command = program
    .command('migrate')
    .description('Bring the database to the schema of this version; safe while others run.')
    .addHelpText('after', EXAMPLES)
    .action((flags: Record<string, unknown>) =>
      withSettings(flags, async (settings) => {
        process.stdout.write(`${await migrateDatabase(settings)}\n`);
      }),
    );
  addSettingOptions(command, 'migrate');
}

const EXAMPLES = `
Examples:
  DATABASE_URL=postgres://user:password@localhost/app dispatchr migrate
  dispatchr migrate --data-dir .dispatchr        # the embedded database`;
