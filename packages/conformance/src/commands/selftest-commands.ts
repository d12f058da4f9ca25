import { availableParallelism } from 'node:os';
import { type Command, InvalidArgumentError } from 'commander';
import { gatherList, reportsOf, wholeNumber } from '../options/parse-values.ts';
import type { ReferenceCommandOptions, SelftestOptions, Shard } from '../options/selftest-options.ts';
import { contextFor, type OnEnd } from './command-context.ts';

const FORMATS = ['json', 'md'];
// A run waits more than it computes.
const JOBS_FOR_EACH_CORE = 4;

/** Adds `selftest`. */
export function addSelftestCommand(program: Command, interruption: AbortSignal, onEnd: OnEnd): void {
  const jobs = availableParallelism() * JOBS_FOR_EACH_CORE;
  program
    .command('selftest')
    .description(
      'prove that the checks find faults: each mutant of the reference implementation must turn its check red',
    )
    .option(
      '-o, --only <glob>',
      'mutants, variants or designated checks whose id matches; may be repeated',
      gatherList,
      [],
    )
    .option('-j, --jobs <n>', 'how many references run at a time', wholeNumber(1, 256), jobs)
    .option(
      '--designated-only',
      'run only the check that each mutant is meant for: fast, but blind to collateral',
      false,
    )
    .option(
      '-r, --report <format=file>',
      `write reports: ${FORMATS.join(', ')}; - is standard output`,
      reportsOf(FORMATS),
      [],
    )
    .option('--shard <i/n>', 'one part of several, for as many machines', parseShard, { part: 1, of: 1 })
    .addHelpText('after', SELFTEST_EXAMPLES)
    .action(async (options: SelftestOptions) => {
      const { runSelftest } = await import('../selftest/run-selftest.ts');
      onEnd(await runSelftest(options, contextFor(options.report, interruption)));
    });
  program.command('selftest-worker', { hidden: true }).action(async () => {
    const { serveSelftestWorker } = await import('../selftest/selftest-worker.ts');
    await serveSelftestWorker();
    onEnd(0);
  });
}

/** Adds `reference`, which writers of checks poke at. */
export function addReferenceCommand(program: Command, interruption: AbortSignal, onEnd: OnEnd): void {
  program
    .command('reference', { hidden: true })
    .description('serve the reference implementation, with mutants if any are given, until interrupted')
    .option('-m, --mutant <id>', 'a fault to plant; may be repeated', gatherList, [])
    .option('--variant <id>', 'a benign difference; may be repeated', gatherList, [])
    .option('--signing-secret <secret>', 'signs deliveries; may be repeated', gatherList, [])
    .option('--feature <feature>', 'only these features; may be repeated', gatherFeatures)
    .option('--token <token>', 'asks for this bearer token')
    .action(async (options: ReferenceCommandOptions) => {
      const { referenceCommand } = await import('./reference-command.ts');
      onEnd(await referenceCommand(options, contextFor([], interruption)));
    });
}

function parseShard(text: string): Shard {
  const [, part, of] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).map(Number);
  if (part !== undefined && of !== undefined && part >= 1 && part <= of) return { part, of };
  throw new InvalidArgumentError('Expected I/N, for example 1/4.');
}

const gatherFeatures = (text: string, before: readonly string[] = []): readonly string[] =>
  text === 'none' ? before : gatherList(text, before);

const SELFTEST_EXAMPLES = `
Examples:
  dispatchr-conformance selftest
  dispatchr-conformance selftest --only redirect-followed
  dispatchr-conformance selftest --only 'retry-*' --designated-only
  dispatchr-conformance selftest --report json=matrix.json,md=matrix.md`;
