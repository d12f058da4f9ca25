import type { Command } from 'commander';
import { printJson, printLines, printNote, stdoutStyle } from '../../output.ts';
import { scheduleTable } from '../../schedules/schedule-table.ts';
import { readAll } from '../../tasks/read-all.ts';
import { addConnectionOptions, withClient } from '../../with-client.ts';
import type { ConnectionFlags } from '../../with-client.ts';

/** `dispatchr schedules list`: every schedule with its next and its last tick. */
export function addListCommand(schedules: Command): void {
  const command = schedules
    .command('list', { isDefault: true })
    .description('List the schedules by name (default).')
    .option('--json', 'print a line of JSON for each schedule')
    .addHelpText('after', EXAMPLES)
    .action((flags: ConnectionFlags & { json?: boolean }) =>
      withClient(flags, async (client) => {
        const found = await readAll(client.schedules.list());
        if (flags.json) return printJson(found);
        if (found.length === 0) return printNote('No schedules.');
        printLines(scheduleTable(found, stdoutStyle(), Date.now()));
      }),
    );
  addConnectionOptions(command);
}

const EXAMPLES = `
Examples:
  dispatchr schedules list
  dispatchr schedules list --json`;
