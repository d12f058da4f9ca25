import { join } from 'node:path';
import { LOG_FILES } from '../events.ts';
import type { CreateFigure } from './figure.ts';
import { duplicateFigures } from './figures/duplicates.ts';
import { flowControlFigures } from './figures/flow-control.ts';
import { recoveryFigures } from './figures/recovery.ts';
import { runFigures } from './figures/run.ts';
import { startDelayFigures } from './figures/start-delays.ts';
import { taskFigures } from './figures/tasks.ts';
import { createFindings, type Findings, judge } from './findings.ts';
import { createIdentities } from './identities.ts';
import { BOUNDS_SENTENCE, createBounds } from './invariants/i14-bounds-hold.ts';
import { oneTaskPerIdentity } from './invariants/i10-one-task-per-identity.ts';
import { INVARIANTS, WATCHES } from './invariants/index.ts';
import { readRunContext, type RunContext } from './run-context.ts';
import { isSuccess, type TaskHistory } from './task-history.ts';
import { readTasks } from './task-logs.ts';
import type { InvariantVerdict, Verdict } from './verdict.ts';
import type { Watch } from './watch.ts';

const FIGURES: readonly CreateFigure[] = [
  taskFigures,
  duplicateFigures,
  recoveryFigures,
  startDelayFigures,
  flowControlFigures,
];

/** How a run is read. */
export interface CheckOptions {
  /** How much of the logs is held in memory at once, in bytes of text. */
  readonly bucketBytes?: number;
}

/**
 * Judges the run whose logs are in the folder, from the logs alone.
 * Rejects with an `UnreadableLogError` when one is missing or a line is no event.
 */
export async function check(folder: string, { bucketBytes }: CheckOptions = {}): Promise<Verdict> {
  const judgement = await createJudgement(await readRunContext(join(folder, LOG_FILES.faults)));
  try {
    for await (const task of readTasks(folder, bucketBytes)) await judgement.collect(task);
    return await judgement.verdict();
  } finally {
    await judgement.remove();
  }
}

/** Takes one task after the other, and keeps of each only what it comes to. */
async function createJudgement(run: RunContext) {
  const findings = new Map(INVARIANTS.map((invariant) => [invariant, createFindings(invariant)]));
  const boundFindings = createFindings({ name: 'I14', sentence: BOUNDS_SENTENCE });
  const identityFindings = findings.get(oneTaskPerIdentity) ?? boundFindings;
  const figures = FIGURES.map((create) => create(run));
  const bounds = createBounds();
  const watches = WATCHES.map((create) => create());
  const seen = createSeen();
  const identities = await createIdentities();
  return {
    async collect(task: TaskHistory): Promise<void> {
      for (const [invariant, found] of findings) judge(found, invariant, task, run);
      for (const collector of [...figures, ...watches, bounds, seen]) collector.collect(task);
      await identities.collect(task);
    },
    async verdict(): Promise<Verdict> {
      await identities.judge(identityFindings);
      for (const says of bounds.violations(run)) boundFindings.add({ token: '', says, timeline: [] }, 0);
      const together = watches.map((watch) => findingsOf(watch, run));
      const invariants = [...findings.values(), boundFindings, ...together].map((found) => found.verdict());
      const isHealed = run.phaseAt('healed') !== undefined;
      const nothingToJudge = [...seen.missing(), ...(isHealed ? [] : ['no phase healed'])];
      return {
        result: resultOf(invariants, nothingToJudge),
        nothingToJudge,
        invariants,
        figures: [...runFigures(run), ...figures.map((figure) => figure.table())],
      };
    },
    remove: () => identities.remove(),
  };
}

function findingsOf(watch: Watch, run: RunContext): Findings {
  const findings = createFindings(watch);
  for (const violation of watch.violations(run)) findings.add(violation, violation.timeline.length);
  return findings;
}

function resultOf(
  invariants: readonly InvariantVerdict[],
  nothingToJudge: readonly string[],
): Verdict['result'] {
  if (invariants.some(({ violations }) => violations > 0)) return 'violated';
  return nothingToJudge.length > 0 ? 'vacuous' : 'clean';
}

/** What a run must hold at least to prove anything. */
function createSeen(): { collect(task: TaskHistory): void; missing(): string[] } {
  const seen = { 'acknowledged task': false, delivery: false, transition: false };
  return {
    collect({ submits, deliveries, transitions }) {
      seen['acknowledged task'] ||= submits.some(({ answer }) => isSuccess(answer?.status));
      seen.delivery ||= deliveries.length > 0;
      seen.transition ||= transitions.length > 0;
    },
    missing: () => Object.entries(seen).flatMap(([name, wasSeen]) => (wasSeen ? [] : [`no ${name}`])),
  };
}
