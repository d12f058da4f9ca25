import type { Fault } from '../../events.ts';
import { faultsThatSevered } from '../fault-effects.ts';
import { clockTime } from '../invariant.ts';
import type { RunContext } from '../run-context.ts';
import { originOf } from '../sent-delivery.ts';
import type { ShownViolation } from '../verdict.ts';
import type { Watch } from '../watch.ts';

/** An attempt whose connection was refused, by the database's record: a dead target sees none. */
interface Refused {
  readonly token: string;
  readonly scheduler: string;
  readonly claimedAt: number;
  readonly endedAt: number;
}

/**
 * Refused attempts in a row after which one scheduler opens the circuit (docs/flow-control.md), and until all know of it:
 * they look every 500 ms, but on a machine that has other things to do a process may stand still for longer than that.
 */
const OPENS_AFTER = 20;
const KNOWN_AFTER_MS = 3000;

/** At most one probe a second; as the claim is logged a moment after the probe was taken, one more may be in a stretch. */
const PROBES = { perSecond: 1, burst: 2 };

/** A dead origin costs probes alone. Spec: HLD-020, HLD-022. */
export function openCircuitsProbe(): Watch {
  const refused = new Map<string, Refused[]>();
  return {
    name: 'circuit',
    sentence: 'a dead origin is sent at most one attempt a second once its circuit is open',
    collect({ token, submits, attempts, operations }) {
      // What an operator runs goes past a circuit.
      if (operations.some(({ operate }) => operate.operation === 'run')) return;
      const origin = originOf(submits[0]?.submit.plan ?? '');
      for (const { scheduler, claim, end } of attempts) {
        if (end?.ended?.errorCode !== 'connection-refused') continue;
        const attempt = { token, scheduler, claimedAt: claim.begunAt, endedAt: end.ended.endedAt ?? end.at };
        refused.set(origin, [...(refused.get(origin) ?? []), attempt]);
      }
    },
    violations: (run) =>
      run.faults
        .filter(({ name }) => name === 'target-dead' || name === 'target-down')
        .flatMap((death) => tooManyProbes(run, death, refused.get(death.detail ?? '') ?? [])),
  };
}

function tooManyProbes(run: RunContext, death: Fault, all: readonly Refused[]): ShownViolation[] {
  const refused = all
    .filter(({ claimedAt, endedAt }) => claimedAt >= death.from && endedAt <= death.until)
    .toSorted((a, b) => a.endedAt - b.endedAt);
  const openAt = knownOpenAt(run, refused);
  const probes = refused
    .filter(({ claimedAt }) => claimedAt > openAt)
    .filter(({ scheduler, claimedAt }) => !wasSevered(run, scheduler, claimedAt))
    .toSorted((a, b) => a.claimedAt - b.claimedAt);
  let lowest = Infinity;
  for (const [index, { claimedAt, token }] of probes.entries()) {
    lowest = Math.min(lowest, index - (claimedAt / 1000) * PROBES.perSecond);
    if (index + 1 - (claimedAt / 1000) * PROBES.perSecond - lowest <= PROBES.burst) continue;
    const says = `more than one attempt a second at ${death.detail} by ${clockTime(claimedAt)}, open since ${clockTime(openAt)}`;
    return [{ token, says, timeline: probes.map((probe) => describe(run, probe)) }];
  }
  return [];
}

/** A scheduler that was cut off from the database could tell nobody; then it is for the next one to do. */
function knownOpenAt(run: RunContext, refused: readonly Refused[]): number {
  const rows = new Map<string, number>();
  for (const { scheduler, endedAt } of refused) {
    const row = (rows.get(scheduler) ?? 0) + 1;
    rows.set(scheduler, row);
    if (row >= OPENS_AFTER && !wasSevered(run, scheduler, endedAt + KNOWN_AFTER_MS))
      return endedAt + KNOWN_AFTER_MS;
  }
  return Infinity;
}

/** Whether the scheduler was away from the database shortly before. */
function wasSevered(run: RunContext, scheduler: string, at: number): boolean {
  return faultsThatSevered(run, scheduler, { from: at - KNOWN_AFTER_MS, until: at }).length > 0;
}

function describe(run: RunContext, { token, scheduler, claimedAt, endedAt }: Refused): string {
  return `${clockTime(claimedAt)} ${token} claimed by ${run.schedulerName(scheduler)}, refused ${clockTime(endedAt)}`;
}
