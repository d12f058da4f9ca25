import type { MutantId } from '../selftest/mutants/index.ts';
import type { Flow } from './flow.ts';
import { showInstant } from './instant.ts';
import type { Settings } from './settings.ts';
import { isTerminal, type Task } from './task.ts';

const MOST_COUNTED = 10_000;
/** Mutants that each miss one reason. */
const UNSEEN: readonly MutantId[] = [
  'queue-concurrency-not-shown',
  'flow-concurrency-not-shown',
  'queue-rate-not-shown',
  'flow-rate-not-shown',
  'target-held-back-not-shown',
  'circuit-open-not-shown',
];

/** Why a pending task is not running, as JSON text; `undefined` for any other. Spec: WHY-001 to WHY-004. */
export function waitingJson(task: Task, flow: Flow, { mutants, features }: Settings): string | undefined {
  const isOver = isTerminal(task) && mutants.has('waiting-when-all-is-over');
  const isRunning = task.state === 'running' && mutants.has('waiting-while-running');
  const isShown = task.state === 'pending' || isRunning || isOver;
  if (!isShown || !features.has('waiting-reason') || mutants.has('waiting-not-shown')) return undefined;
  const nowMs = Date.now();
  const asked = mutants.has('run-shows-what-it-passes') ? { ...task, runAtMs: undefined } : task;
  const isRun = task.runAtMs !== undefined;
  const held =
    mutants.has('hold-back-shown-before-a-pause') || (isRun && mutants.has('run-shows-the-hold-back'))
      ? flow.health.closed(task, nowMs)
      : undefined;
  const closed =
    task.dueAtMs > nowMs && !(task.attempt > 0 && mutants.has('next-try-shown-as-due'))
      ? { reason: 'not-due', untilMs: task.dueAtMs }
      : (held ?? flow.closed(asked, nowMs));
  const isUnseen = UNSEEN.some((mutant) => mutants.has(mutant) && mutant === `${closed?.reason}-not-shown`);
  if (closed === undefined || isUnseen || mutants.has('always-ready'))
    return JSON.stringify({
      reason: 'ready',
      before: mutants.has('before-not-counted') ? 0 : Math.min(MOST_COUNTED, before(task, flow)),
    });
  const isIdle = closed.reason === 'queue-paused' && nowMs - task.createdAtMs > 1500;
  if (isIdle && mutants.has('idle-scheduler-missed')) return '{"reason":"no-scheduler"}';
  const untilMs = mutants.has('until-not-shown') ? undefined : closed.untilMs;
  return JSON.stringify({
    reason: closed.reason,
    until: untilMs === undefined ? undefined : showInstant(untilMs),
  });
}

function before(task: Task, flow: Flow): number {
  const goesFirst = (other: Task): boolean =>
    other.priority > task.priority ||
    (other.priority === task.priority &&
      (other.dueAtMs < task.dueAtMs || (other.dueAtMs === task.dueAtMs && other.seq < task.seq)));
  return flow.queues
    .unfinished(task.queue)
    .filter(({ state, flowKey }) => state === 'pending' && flowKey === task.flowKey)
    .filter(({ dueAtMs }) => dueAtMs <= Date.now())
    .filter((other) => goesFirst(other)).length;
}
