import { Command, type Option } from 'commander';
import { VERSION } from '../version.ts';
import { addExplainCommand, addListCommand } from './catalogue-commands.ts';
import type { OnEnd } from './command-context.ts';
import { addDoctorCommand, addRunCommand } from './run-commands.ts';
import { addReferenceCommand, addSelftestCommand } from './selftest-commands.ts';

/** The command line. What a command needs is loaded when it runs: `--version` should not wait for it. */
export function createProgram(interruption: AbortSignal, onEnd: OnEnd): Command {
  const program = new Command('dispatchr-conformance')
    .description('Tests any implementation of the Dispatchr specification, in any language, over HTTP.')
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command]', 'show help for a command')
    .exitOverride()
    .configureOutput({
      outputError: (text, write) => write(text.replace(/^error: /, 'dispatchr-conformance: ')),
    })
    .configureHelp({
      optionDescription: describe,
      subcommandTerm: (command) => `${command.name()} ${command.usage()}`,
    })
    .addHelpText('after', HELP);
  addRunCommand(program, interruption, onEnd);
  addListCommand(program, onEnd);
  addExplainCommand(program, onEnd);
  addDoctorCommand(program, interruption, onEnd);
  addSelftestCommand(program, interruption, onEnd);
  addReferenceCommand(program, interruption, onEnd);
  return program;
}

// Commander would tell every default: `false`, `[]` and JSON say nothing to a reader.
function describe({ description, argChoices, defaultValue, defaultValueDescription }: Option): string {
  const isTelling = typeof defaultValue === 'string' || typeof defaultValue === 'number';
  const initial = defaultValueDescription ?? (isTelling ? String(defaultValue) : undefined);
  const notes = [
    ...(argChoices === undefined ? [] : [`one of ${argChoices.join(', ')}`]),
    ...(initial === undefined ? [] : [`default: ${initial}`]),
  ];
  return notes.length === 0 ? description : `${description} (${notes.join('; ')})`;
}

const HELP = `
Without a command, \`run\` is meant.

Examples:
  dispatchr-conformance --url http://127.0.0.1:9090
  dispatchr-conformance --url http://127.0.0.1:9090 --only 'retry-*' --only DLV-014
  dispatchr-conformance --url http://127.0.0.1:9090 --sut './start.sh' --report html=report.html
  dispatchr-conformance explain DLV-014
  dispatchr-conformance doctor --url http://127.0.0.1:9090

Exit codes:
  0 conforms · 1 violation or stale baseline · 2 usage, or nothing selected
  3 implementation or receiver not reachable · 4 fault of the suite · 130 interrupted`;
