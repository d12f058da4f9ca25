import type { Command } from 'commander';
import { addListCommand } from './schedules/list-command.ts';
import { addOperateCommands } from './schedules/operate-commands.ts';
import { addPutCommand } from './schedules/put-command.ts';
import { addShowCommand } from './schedules/show-command.ts';

/** `dispatchr schedules`: recurring tasks; without a command it lists. */
export function addSchedulesCommand(program: Command): Command {
  const schedules = program
    .command('schedules')
    .description('List, show, put, pause, resume, run and delete schedules: tasks that recur.')
    .addHelpText('after', EXAMPLES);
  schedules.commandsGroup('Help:').helpCommand('help [command]', 'print help for a command');
  schedules.commandsGroup('Looking at schedules:');
  addListCommand(schedules);
  addShowCommand(schedules);
  schedules.commandsGroup('Making schedules:');
  addPutCommand(schedules);
  schedules.commandsGroup('Operating schedules:');
  addOperateCommands(schedules);
  return schedules;
}

const EXAMPLES = `
Examples:
  dispatchr schedules put nightly-report --cron '30 2 * * *' --time-zone Europe/Berlin --target http://127.0.0.1:9999/ --name report
  dispatchr schedules                        # all of them: the same as 'dispatchr schedules list'
  dispatchr schedules run nightly-report     # not only at night`;
