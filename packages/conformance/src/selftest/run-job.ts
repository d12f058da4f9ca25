import { CHECKS } from '../checks/index.ts';
import type { Check } from '../check.ts';
import { FEATURES } from '../reference/settings.ts';
import { startReference } from '../reference/start-reference.ts';
import type { CheckResult } from '../run/result.ts';
import { runSuite } from '../run/run-suite.ts';
import type { Timing } from '../run/timing.ts';
import { Slots } from '../run/slots.ts';
import { shortened } from '../run/timeline.ts';
import type { JobFinding, JobResult, SelftestJob } from './job.ts';
import type { MutantId } from './mutants/index.ts';
import type { VariantId } from './variants.ts';

const TOKEN = 'selftest-token';
const SECRETS = ['whsec_', 'whsec_'].map(
  (prefix, at) => `${prefix}${Buffer.alloc(32, at + 1).toString('base64')}`,
);
// Loopback is quick. Short waits make the matrix quick; what a mutant never does, a check must wait for in vain.
// The minute after which a tick is missed; the reference is told the same.
const MISSED_AFTER_MS = 2500;
const TIMING = {
  latencyMs: 50,
  backoffMs: 100,
  patienceMs: 2500,
  quietMs: 500,
  missedAfterMs: MISSED_AFTER_MS,
};
const REACHABILITY = { listenHost: '127.0.0.1', host: '127.0.0.1' };
// A variant may be slow on purpose.
const VARIANT_TIMING = { ...TIMING, latencyMs: 1200, patienceMs: 10_000, quietMs: 1500 };
const PATIENT_TIMING = { ...TIMING, latencyMs: 300, patienceMs: 10_000, quietMs: 1000 };
const REFERENCES_AT_A_TIME = 16;

/** Starts a reference, runs the suite against it, and closes it; never rejects. */
export async function runJob(job: SelftestJob, concurrency: number): Promise<JobResult> {
  const startedAtMs = performance.now();
  const work = job.kind === 'coverage' ? coverageOf(job) : resultOf(job, concurrency);
  const outcome = await work.catch((error: unknown) => {
    const crash = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { passed: 0, findings: [], unrun: [], crash };
  });
  return { ...outcome, durationMs: Math.round(performance.now() - startedAtMs) };
}

type Outcome = Omit<JobResult, 'durationMs'>;

async function resultOf(job: SelftestJob, concurrency: number): Promise<Outcome> {
  const mutants = new Set(job.kind === 'mutant' ? [job.id as MutantId] : []);
  const checks = job.checks === undefined ? CHECKS : CHECKS.filter(({ id }) => job.checks?.includes(id));
  return outcomeOf(await resultsOf(job, checks, mutants, concurrency));
}

/** A set of no mutants that notes which ones it is asked for. */
class AskedMutants extends Set<MutantId> {
  readonly asked = new Set<MutantId>();

  override has(id: MutantId): boolean {
    this.asked.add(id);
    return false;
  }
}

async function coverageOf(job: SelftestJob): Promise<Outcome> {
  const slots = new Slots(REFERENCES_AT_A_TIME);
  const reached: Record<string, readonly string[]> = {};
  const checks = CHECKS.filter(({ id }) => job.checks?.includes(id));
  await Promise.all(
    checks.map(async (check) => {
      const release = await slots.take();
      const mutants = new AskedMutants();
      await resultsOf(job, [check], mutants, 1).finally(release);
      reached[check.id] = [...mutants.asked];
    }),
  );
  return { passed: 0, findings: [], unrun: [], reached };
}

async function resultsOf(
  job: SelftestJob,
  checks: readonly Check[],
  mutants: ReadonlySet<MutantId>,
  concurrency: number,
): Promise<readonly CheckResult[]> {
  const isFull = job.setup !== 'bare';
  const reference = await startReference({
    mutants,
    missedAfterMs: MISSED_AFTER_MS,
    ...(job.kind === 'variant' ? { variants: new Set([job.id as VariantId]) } : {}),
    ...(isFull ? { signingSecrets: SECRETS, token: TOKEN } : { features: [] }),
    ...(job.setup === 'without-wait' ? { features: FEATURES.filter((name) => name !== 'wait') } : {}),
  });
  try {
    const { results } = await runSuite({
      url: reference.url,
      profile: 'core',
      checks,
      headers: isFull ? { authorization: `Bearer ${TOKEN}` } : {},
      insecure: false,
      listen: { host: '127.0.0.1', port: 0 },
      concurrency,
      latencyMultiplier: 1,
      seed: 1,
      signingSecrets: isFull ? SECRETS : [],
      control: reference,
      bail: false,
      known: { timing: timingFor(job), reachability: REACHABILITY },
      leavesTasks: true,
    });
    return results;
  } finally {
    await reference.close();
  }
}

function timingFor({ kind, isPatient }: SelftestJob): Timing {
  if (kind === 'variant') return VARIANT_TIMING;
  return isPatient === true ? PATIENT_TIMING : TIMING;
}

function outcomeOf(results: readonly CheckResult[]): Outcome {
  const isFinding = ({ status, fault }: CheckResult): boolean =>
    status === 'fail' || status === 'harness-error' || (status === 'warn' && fault !== undefined);
  const passed = results.filter((result) => ['pass', 'warn'].includes(result.status) && !isFinding(result));
  return {
    passed: passed.length,
    findings: results.filter(isFinding).map(findingOf),
    unrun: results
      .filter(({ status }) => ['not-applicable', 'not-exercised', 'blocked'].includes(status))
      .map(findingOf),
  };
}

function findingOf({ check, status, fault, reason = '' }: CheckResult): JobFinding {
  const what =
    fault === undefined
      ? reason
      : `${fault.requirement}: ${fault.what}; expected ${fault.expected ?? 'it'}, got ${fault.got ?? 'not'}`;
  return { check: check.id, status, what: shortened(what, 400) };
}
