import type { Check } from '../check.ts';
import { CHECKS } from '../checks/index.ts';
import type { SelftestJob, Setup } from './job.ts';
import { MUTANTS } from './mutants/index.ts';
import type { SelftestPlan } from './plan-selftest.ts';
import type { WorkerPool } from './worker-pool.ts';

// Below that, finding out costs more than it spares.
const LEAST_MUTANTS = 8;
const CHUNK = 48;

/**
 * Spares a mutant the checks that cannot meet it: those that never reach its place in the reference see what they
 * would see without it. Makes a function that leaves them out of a job.
 */
export async function narrowing(
  { mutants }: SelftestPlan,
  pool: WorkerPool,
): Promise<(job: SelftestJob) => SelftestJob> {
  const whole = mutants.map(([, job]) => job).filter(({ checks }) => checks === undefined);
  if (whole.length < LEAST_MUTANTS) return (job) => job;
  const setups = [...new Set(whole.map(({ setup }) => setup))];
  const coverage = new Map(
    await Promise.all(setups.map(async (setup) => [setup, await coverageOf(setup, pool)] as const)),
  );
  return (job) => {
    if (job.checks !== undefined) return job;
    const reached = coverage.get(job.setup) ?? {};
    // A check whose coverage is not known runs, and so does what judges the whole run.
    const designated = MUTANTS.find(({ id }) => id === job.id)?.check;
    const isMet = ({ id, runs, isLong }: Check): boolean =>
      isLong === true ? id === designated : runs === 'last' || (reached[id]?.includes(job.id) ?? true);
    const met = CHECKS.filter(isMet);
    return { ...job, checks: met.map(({ id }) => id) };
  };
}

async function coverageOf(setup: Setup, pool: WorkerPool): Promise<Record<string, readonly string[]>> {
  const ids = CHECKS.filter(({ runs }) => runs !== 'last').map(({ id }) => id);
  const chunks = Array.from({ length: Math.ceil(ids.length / CHUNK) }, (_, at) =>
    ids.slice(at * CHUNK, (at + 1) * CHUNK),
  );
  const results = await Promise.all(
    chunks.map((checks) => pool.run({ id: '', kind: 'coverage', setup, checks })),
  );
  return Object.assign({}, ...results.map(({ reached = {} }) => reached)) as Record<
    string,
    readonly string[]
  >;
}
