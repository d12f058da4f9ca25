import { Command } from 'commander';
import { EXIT_CODES } from '../composition/start-error.ts';
import { VERSION } from '../version.ts';
import { addListenCommand } from './commands/listen-command.ts';
import { addQueuesCommand } from './commands/queues-command.ts';
import { addSchedulesCommand } from './commands/schedules-command.ts';
import { addSubmitCommand } from './commands/submit-command.ts';
import { addTargetsCommand } from './commands/targets-command.ts';
import { addTasksCommand } from './commands/tasks-command.ts';
import { refuseUnknownCommand } from './refuse-unknown-command.ts';

/** Commands that speak HTTP only: they start in half the time where nothing of the service is loaded. */
const WITHOUT_SERVICE = ['submit', 'tasks', 'schedules', 'queues', 'targets', 'listen'];

/** Builds the whole command line; `words` are looked at for unknown commands only. */
export async function createProgram(words: readonly string[]): Promise<Command> {
  const program = new Command('dispatchr')
    .description('Background tasks over plain HTTP: record tasks, deliver them to your own endpoints.')
    .version(VERSION, '--version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .commandsGroup('Help:')
    .helpCommand('help [command]', 'print help for a command')
    .addHelpText('after', EXAMPLES)
    .showHelpAfterError('Run with --help to see what there is.')
    .exitOverride();
  if (!WITHOUT_SERVICE.includes(words[0] ?? '')) {
    const { addServiceCommands } = await import('./commands/service-commands.ts');
    addServiceCommands(program.commandsGroup('Running the service:'));
  }
  program.commandsGroup('Working with tasks:');
  addSubmitCommand(program);
  const groups = [addTasksCommand(program), addSchedulesCommand(program)];
  addQueuesCommand(program);
  addTargetsCommand(program);
  program.commandsGroup('Trying it:');
  addListenCommand(program);
  refuseUnknownCommand(program, words[0]);
  const group = groups.find((command) => command.name() === words[0]);
  if (group !== undefined) refuseUnknownCommand(group, words[1]);
  return program;
}

const EXAMPLES = `
Examples:
  dispatchr                             # run everything on an embedded database in .dispatchr/
  dispatchr serve --port 8080           # the same on another port
  DATABASE_URL=postgres://user:password@localhost/app dispatchr serve    # run everything on PostgreSQL
  dispatchr config                      # print every setting with its value, default and source
  dispatchr listen 9999                 # a target without an app, which prints each delivery
  dispatchr submit --target http://127.0.0.1:9999/ --name hello --wait
  dispatchr tasks                       # the newest tasks, and where each of them stands
  dispatchr schedules put nightly-report --cron @daily --target http://127.0.0.1:9999/ --name report

Exit codes:
  ${EXIT_CODES.ok}  ended as asked
  ${EXIT_CODES.failed}  failed; the log or the message says why
  ${EXIT_CODES.usage}  wrong flags or settings
  ${EXIT_CODES.unavailable}  something needed is not to be had: the service, the database, the port, the data folder`;
