import type { Command } from 'commander';
import type { ListOptions } from '../options/catalogue-options.ts';
import { gatherList } from '../options/parse-values.ts';
import { contextFor, type OnEnd } from './command-context.ts';

/** Adds `list`. */
export function addListCommand(program: Command, onEnd: OnEnd): void {
  program
    .command('list')
    .description('show every check, by part of the specification')
    .option('--json', 'as JSON, with requirements', false)
    .option(
      '-o, --only <glob>',
      'checks whose id, or a requirement of theirs, matches; may be repeated',
      gatherList,
      [],
    )
    .addHelpText(
      'after',
      "\nExamples:\n  dispatchr-conformance list --only 'RTY-*'\n  dispatchr-conformance list --json | jq '.checks[].id'",
    )
    .action(async (options: ListOptions) => {
      const { listCommand } = await import('./list-command.ts');
      onEnd(listCommand(options, contextFor([], new AbortController().signal)));
    });
}

/** Adds `explain`. */
export function addExplainCommand(program: Command, onEnd: OnEnd): void {
  program
    .command('explain')
    .argument('<id>', 'a requirement such as REC-001, a check or a mutant')
    .description('tell what a requirement, a check or a mutant is, and how to see it with curl')
    .addHelpText(
      'after',
      '\nExamples:\n  dispatchr-conformance explain DLV-014\n  dispatchr-conformance explain submit-answers-201-with-location',
    )
    .action(async (id: string) => {
      const { explainCommand } = await import('./explain-command.ts');
      onEnd(explainCommand(id, contextFor([], new AbortController().signal)));
    });
}
