import type { Command } from 'commander';
import { createProgram } from '../src/cli/create-program.ts';

/** A line below "Examples:" in the help of a command. */
export interface HelpExample {
  /** Whose help it stands in, as it is called: "dispatchr tasks list". */
  page: string;
  /** The line, without its indent and the remark at its end. */
  line: string;
  /** The command that the line runs. */
  path: string;
}

/** What the help of every command says to try. */
export interface HelpPages {
  /** Every command, the program and the parents of others included. */
  pages: readonly string[];
  examples: readonly HelpExample[];
  /** Lines that look like examples and do not stand below "Examples:", with the command that shows them. */
  stray: readonly string[];
}

/** Reads the help of every command of the program, found by going from command to command. */
export async function readHelpPages(): Promise<HelpPages> {
  const program = await createProgram([]);
  const commands = withDescendants(program);
  const examples: HelpExample[] = [];
  const stray: string[] = [];
  for (const command of commands) {
    const page = pathOf(command);
    const lines = readLines(helpOf(command));
    stray.push(...lines.filter((line) => !line.isExample).map(({ text }) => `${page}: ${text}`));
    for (const { text } of lines.filter(({ isExample }) => isExample)) {
      const line = withoutRemark(text);
      examples.push({ page, line, path: pathOf(commandOf(program, line)) });
    }
  }
  return { pages: commands.map(pathOf), examples, stray };
}

function withDescendants(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withDescendants)];
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

function helpOf(command: Command): string {
  let help = '';
  command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
  return help;
}

/** The lines that are examples, and those that look like one: indented, and with `dispatchr` as what is run. */
function readLines(help: string): { text: string; isExample: boolean }[] {
  let isBelow = false;
  return help.split('\n').flatMap((line) => {
    isBelow = line === 'Examples:' || (isBelow && line.startsWith('  '));
    const isExample = isBelow && line !== 'Examples:';
    const looksLikeOne = /^\s+(?:[A-Z_]+=\S+ )*dispatchr(?: |$)/.test(line) || line.includes('| dispatchr ');
    return isExample || looksLikeOne ? [{ text: line.trim(), isExample }] : [];
  });
}

function withoutRemark(line: string): string {
  return line.replace(/\s+# .*$/, '');
}

/** The command that a line runs, so that nobody has to say for each line of what kind it is. */
function commandOf(program: Command, line: string): Command {
  const [, rest] = /(?:^|[ |])dispatchr(?: (.*))?$/.exec(line) ?? [line, line];
  if (rest === line) throw new Error(`expected an example to run dispatchr, got ${line}`);
  let command = program;
  for (const word of rest?.split(' ') ?? []) {
    const next = command.commands.find((one) => one.name() === word);
    if (next === undefined) break;
    command = next;
  }
  return command;
}
