import { CHECKS } from '../checks/index.ts';
import { againstBaseline, type Baseline, readBaseline } from '../baseline/baseline.ts';
import { openControl } from '../control/open-control.ts';
import type { RunOptions } from '../options/run-options.ts';
import { mergeRuns, type RunRecord } from '../reports/run-record.ts';
import { TerminalProgress } from '../reports/terminal-progress.ts';
import { terminalSummary } from '../reports/terminal-summary.ts';
import { assertWritable, writeReports } from '../reports/write-reports.ts';
import { againstSet, requirementSetFor } from '../requirement-sets/requirement-sets.ts';
import type { Control } from '../run/control.ts';
import { EXIT_CODES, exitCodeOf } from '../run/exit-codes.ts';
import type { CheckResult } from '../run/result.ts';
import { runSuite, type SuiteReport } from '../run/run-suite.ts';
import { strictly } from '../run/strictly.ts';
import { isWhole, selectChecks } from '../selection/select-checks.ts';
import { UsageError } from '../run/violation.ts';
import type { Check } from '../check.ts';
import type { CommandContext } from './command-context.ts';
import { VERSION } from '../version.ts';

/** `run`: runs the selected checks, writes the reports and answers with the exit code. */
export async function runCommand(options: RunOptions, context: CommandContext): Promise<number> {
  const checks = selectChecks(CHECKS, options);
  const checkIds = CHECKS.map(({ id }) => id);
  const baseline: Baseline =
    options.expect === undefined ? new Map() : await readBaseline(options.expect, checkIds);
  await assertWritable(options.report);
  const opened = await openControl(options);
  const progress = new TerminalProgress(context.console, options.verbose || options.only.length > 0);
  const runs: SuiteReport[] = [];
  try {
    for (let turn = 1; turn <= options.repeat && !context.signal.aborted; turn += 1) {
      if (options.repeat > 1) context.console.write(`run ${turn} of ${options.repeat}\n`);
      const report = await oneRun({ options, context, checks, baseline, control: opened?.control, progress });
      runs.push(report);
      if (options.bail && exitCodeOf(report.results, false) !== EXIT_CODES.conformant) break;
    }
  } finally {
    progress.end();
    await opened?.close();
  }
  return concluded(runs, options, context);
}

interface OneRun {
  readonly options: RunOptions;
  readonly context: CommandContext;
  readonly checks: readonly Check[];
  readonly baseline: Baseline;
  readonly control: Control | undefined;
  readonly progress: TerminalProgress;
}

function oneRun({ options, context, checks, baseline, control, progress }: OneRun): Promise<SuiteReport> {
  const { callbackUrl, patienceMs, ...rest } = options;
  return runSuite(
    {
      ...rest,
      checks,
      signal: context.signal,
      verdictOn: (result, discovery) => {
        const judged = againstSet(result, requirementSetFor(discovery));
        return againstBaseline(options.strict ? strictly(judged) : judged, baseline);
      },
      ...(callbackUrl === undefined ? {} : { callbackUrl }),
      ...(patienceMs === undefined ? {} : { patienceMs }),
      ...(control === undefined ? {} : { control }),
    },
    progress,
  );
}

async function concluded(
  runs: readonly SuiteReport[],
  options: RunOptions,
  { console, writeOut, signal }: CommandContext,
): Promise<number> {
  const [suite] = runs;
  if (suite === undefined) return EXIT_CODES.interrupted;
  const results = mergeRuns(runs.map((run) => run.results));
  if (suite.planned === 0 && !signal.aborted) throw new UsageError(nothingApplies(results));
  const record: RunRecord = {
    suite,
    results,
    toolVersion: VERSION,
    requirementSet: requirementSetFor(suite.discovery).specVersion,
    durationMs: runs.reduce((sum, run) => sum + run.durationMs, 0),
    repeat: runs.length,
    exitCode: exitCodeOf(results, signal.aborted),
    incompleteBecause: incompleteBecause(suite, options, signal.aborted),
  };
  console.write(terminalSummary(record, console.paint, options.trace));
  const left = await writeReports(record, options, writeOut);
  for (const report of left) console.write(`${report} is not written: only a complete run earns one\n`);
  return record.exitCode;
}

function nothingApplies(results: readonly CheckResult[]): string {
  const reasons = [...new Set(results.map(({ reason }) => reason))];
  return `none of the selected checks applies to this implementation: ${reasons.join('; ')}`;
}

function incompleteBecause(suite: SuiteReport, options: RunOptions, isAborted: boolean): string[] {
  const left = suite.planned - suite.executed;
  const unmet = suite.results.filter(({ status }) => status === 'not-exercised');
  const needs = [...new Set(unmet.map(({ reason }) => reason))];
  return [
    ...(isAborted ? ['the run was interrupted'] : []),
    ...(isWhole(options) ? [] : ['--only, --skip or --feature left checks out']),
    ...(left > 0 ? [`${left} of ${suite.planned} checks came to no verdict`] : []),
    ...needs.map((need) => `checks were not exercised: ${need}`),
  ];
}
