import { availableParallelism } from 'node:os';
import { CHECKS } from '../checks/index.ts';
import type { CommandContext } from '../commands/command-context.ts';
import type { SelftestOptions } from '../options/selftest-options.ts';
import { assertWritable } from '../reports/write-reports.ts';
import { EXIT_CODES } from '../run/exit-codes.ts';
import { Slots } from '../run/slots.ts';
import { confirmed } from './confirm-job.ts';
import { isAsItShouldBe, judgeGreen, judgeMutant, type SelftestRow } from './judge-job.ts';
import { MUTANTS } from './mutants/index.ts';
import { planSelftest, type SelftestPlan } from './plan-selftest.ts';
import { SelftestProgress, selftestSummary, writeSelftestReports } from './selftest-report.ts';
import { VARIANTS } from './variants.ts';
import { narrowing } from './narrow-jobs.ts';
import { WorkerPool } from './worker-pool.ts';

// Checks mostly wait.
const CHECKS_AT_A_TIME = 32;
const FEATURES_OF = {
  full: 'with every feature',
  bare: 'without any feature',
  'without-wait': 'with every feature but wait',
};

/** `selftest`: proves that the checks find faults, and that they leave benign differences alone. */
export async function runSelftest(options: SelftestOptions, context: CommandContext): Promise<number> {
  const { only, designatedOnly, shard, jobs, report } = options;
  const plan = planSelftest({
    checks: CHECKS,
    mutants: MUTANTS,
    variants: VARIANTS,
    only,
    designatedOnly,
    shard,
  });
  await assertWritable(report);
  const pool = new WorkerPool(Math.min(jobs, availableParallelism()), CHECKS_AT_A_TIME);
  const startedAtMs = performance.now();
  const progress = new SelftestProgress(context.console, plan);
  try {
    const rows = await rowsOf(plan, pool, { jobs, isWhole: only.length === 0, progress, context });
    progress.end();
    const durationMs = Math.round(performance.now() - startedAtMs);
    context.console.write(
      selftestSummary(rows, context.console.paint, { durationMs, showAll: only.length > 0 }),
    );
    await writeSelftestReports(rows, report, durationMs, context.writeOut);
    if (context.signal.aborted) return EXIT_CODES.interrupted;
    return rows.every(isAsItShouldBe) ? EXIT_CODES.conformant : EXIT_CODES.violation;
  } finally {
    progress.end();
    pool.close();
  }
}

interface Circumstances {
  readonly jobs: number;
  readonly isWhole: boolean;
  readonly progress: SelftestProgress;
  readonly context: CommandContext;
}

async function rowsOf(plan: SelftestPlan, pool: WorkerPool, given: Circumstances): Promise<SelftestRow[]> {
  const plain = await Promise.all(
    plan.plain.map(async (job) => {
      const sentence = `The reference as it is, ${FEATURES_OF[job.setup]}.`;
      const row = { id: `reference-${job.setup}`, kind: 'plain', sentence } as const;
      return confirmed(job, pool, (result) => judgeGreen(row, result, []));
    }),
  );
  for (const row of plain) given.progress.add(row);
  // Six minutes of mutants would tell nothing that is not told already.
  if (given.isWhole && !plain.every(isAsItShouldBe)) return plain;
  const redAnyway = plain.flatMap(({ collateral }) => collateral);
  const narrow = await narrowing(plan, pool);
  const tasks = [
    ...plan.variants.map(([{ id, difference }, job]) => () => {
      const row = { id, kind: 'variant', sentence: difference } as const;
      return confirmed(job, pool, (result) => judgeGreen(row, result, redAnyway));
    }),
    ...plan.mutants.map(
      ([mutant, job]) =>
        () =>
          confirmed(narrow(job), pool, (result) => judgeMutant(mutant, result, redAnyway)),
    ),
  ];
  return [...plain, ...(await allOf(tasks, given))];
}

async function allOf(
  tasks: readonly (() => Promise<SelftestRow>)[],
  { jobs, progress, context: { signal } }: Circumstances,
): Promise<SelftestRow[]> {
  const slots = new Slots(jobs);
  const rows = await Promise.all(
    tasks.map(async (task) => {
      const release = await slots.take();
      try {
        if (signal.aborted) return undefined;
        const row = await task();
        progress.add(row);
        return row;
      } finally {
        release();
      }
    }),
  );
  return rows.filter((row) => row !== undefined);
}
