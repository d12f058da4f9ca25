import { Command, CommanderError } from 'commander';
import { EXIT_CODES } from '../composition/start-error.ts';
import { nearestName } from '../settings/nearest-name.ts';
import { VERSION } from '../version.ts';
import { addConfigCommand } from './commands/config-command.ts';
import { addMigrateCommand } from './commands/migrate-command.ts';
import { addRecorderCommand } from './commands/recorder-command.ts';
import { addSchedulerCommand } from './commands/scheduler-command.ts';
import { addServeCommand } from './commands/serve-command.ts';

/** Builds the whole command line; `words` are looked at for an unknown command only. */
export function createProgram(words: readonly string[]): Command {
  const program = new Command('dispatchr')
    .description('Background tasks over plain HTTP: record tasks, deliver them to your own endpoints.')
    .version(VERSION, '--version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help for a command')
    .addHelpText('after', EXAMPLES)
    .showHelpAfterError('Run with --help to see what there is.')
    .exitOverride();
  addServeCommand(program);
  addRecorderCommand(program);
  addSchedulerCommand(program);
  addMigrateCommand(program);
  addConfigCommand(program);
  refuseUnknownCommand(program, words[0]);
  return program;
}

const EXAMPLES = `
Examples:
  dispatchr                                  run everything on an embedded database in .dispatchr/
  dispatchr serve --port 8080                the same on another port
  DATABASE_URL=postgres://… dispatchr serve  run everything on PostgreSQL
  dispatchr config                           print every setting with its value, default and source

Exit codes:
  ${EXIT_CODES.ok}  ended as asked
  ${EXIT_CODES.failed}  failed; the log or the message says why
  ${EXIT_CODES.usage}  wrong flags or settings
  ${EXIT_CODES.unavailable}  something needed is not to be had: the database, the port, the data folder`;

/** Without this, a mistyped command would count as a surplus argument of `serve`, the default command. */
function refuseUnknownCommand(program: Command, word: string | undefined): void {
  if (word === undefined || word.startsWith('-')) return;
  const known = [...program.commands.map((command) => command.name()), 'help'];
  if (known.includes(word)) return;
  const nearest = nearestName(word, known);
  const hint = nearest === undefined ? `expected one of ${known.join(', ')}` : `did you mean ${nearest}?`;
  process.stderr.write(`dispatchr: unknown command ${JSON.stringify(word)} (${hint})\n`);
  throw new CommanderError(EXIT_CODES.usage, 'dispatchr.unknownCommand', word);
}
