import { CHECKS } from '../checks/index.ts';
import type { JobResult, SelftestJob } from './job.ts';
import { isAsItShouldBe, type SelftestRow } from './judge-job.ts';
import type { WorkerPool } from './worker-pool.ts';

/**
 * Runs a job and judges it. What needs mending is run once more, with the suspects alone and with patience: the matrix
 * loads the machine, and what only its load turned red is no finding.
 */
export async function confirmed(
  job: SelftestJob,
  pool: WorkerPool,
  judge: (result: JobResult) => SelftestRow,
): Promise<SelftestRow> {
  const first = await pool.run(job);
  const row = judge(first);
  if (isAsItShouldBe(row) || row.verdict === 'unassigned') return row;
  const again = await pool.run(patientJob(job, row.check, first));
  const agreed = judge(agreement(first, again, row.check));
  return { ...agreed, durationMs: first.durationMs + again.durationMs };
}

function patientJob(job: SelftestJob, designated: string, first: JobResult): SelftestJob {
  const suspects = [...new Set([designated, ...first.findings.map(({ check }) => check)])];
  // What judges the whole run needs the whole run.
  const isWhole = CHECKS.some(({ id, runs }) => runs === 'last' && suspects.includes(id));
  if (isWhole || first.crash !== undefined) return { ...job, isPatient: true };
  return { ...job, checks: suspects, isPatient: true };
}

/** What the patient run found of the designated check, and what both found of others. */
function agreement(first: JobResult, again: JobResult, designated: string): JobResult {
  const stand = again.findings.filter(
    ({ check }) => check === designated || first.findings.some((each) => each.check === check),
  );
  return { ...again, unrun: first.unrun, findings: stand };
}
