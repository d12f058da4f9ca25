import type { Command } from 'commander';
import { addFollowCommand } from './tasks/follow-command.ts';
import { addListCommand } from './tasks/list-command.ts';
import { addOperateCommands } from './tasks/operate-commands.ts';
import { addShowCommand } from './tasks/show-command.ts';

/** `dispatchr tasks`: looks at tasks and operates them; without a command it lists. */
export function addTasksCommand(program: Command): Command {
  const tasks = program
    .command('tasks')
    .description('List, follow, show, cancel, run, retry and delete tasks.')
    .addHelpText('after', EXAMPLES);
  tasks.commandsGroup('Help:').helpCommand('help [command]', 'print help for a command');
  tasks.commandsGroup('Looking at tasks:');
  addListCommand(tasks);
  addFollowCommand(tasks);
  addShowCommand(tasks);
  tasks.commandsGroup('Operating tasks:');
  addOperateCommands(tasks);
  return tasks;
}

const EXAMPLES = `
Examples:
  dispatchr tasks                        # the newest tasks: the same as 'dispatchr tasks list'
  dispatchr tasks --state failed         # the failed ones
  dispatchr tasks --follow               # live: the same as 'dispatchr tasks follow'`;
