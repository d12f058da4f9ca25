import type { FaultKind } from './fault-kinds.ts';
import type { Random } from './random.ts';

/** Faults that wait for something to strike. */
export interface ArmedFaults {
  arm(kind: FaultKind, random: Random): void;
  /** The fault that strikes this call of a process, if any does. */
  strikeCall(process: string, statement: string): Armed | undefined;
  /** The fault that strikes a delivery, if any does. */
  strikeDelivery(): Armed | undefined;
  strikeHint(): Armed | undefined;
  clear(): void;
}

/** A fault with the chance that decides its details. */
export interface Armed {
  readonly kind: FaultKind;
  readonly random: Random;
  /** The statement it waits for; any when absent. */
  readonly statement: string | undefined;
}

const CALL_FAULTS: ReadonlySet<FaultKind> = new Set([
  'call-lost',
  'answer-lost',
  'answer-late',
  'call-late',
  'call-slow',
  'cut-in-commit',
  'call-refused',
  'kill-before-call',
  'kill-during-call',
  'kill-after-call',
]);

const DELIVERY_FAULTS: ReadonlySet<FaultKind> = new Set([
  'kill-at-delivery',
  'kill-at-answer',
  'target-resets',
  'target-hangs',
  'target-outlives-lease',
  'target-answer-lost',
  'cancel-races-answer',
]);

/** What most calls are is dull: half of the faults wait for one of these. */
const TELLING_STATEMENTS = [
  'claim-due-tasks',
  'claim-flow-keys',
  'settle-attempts',
  'settle-attempts',
  'renew-leases',
  'take-over-lost-leases',
  'expire-tasks',
  'record-tasks',
] as const;

/** A list of armed faults; the one armed first strikes first. */
export function createArmedFaults(): ArmedFaults {
  let armed: Armed[] = [];
  const take = (matches: (fault: Armed) => boolean): Armed | undefined => {
    const index = armed.findIndex(matches);
    return index === -1 ? undefined : armed.splice(index, 1)[0];
  };
  return {
    arm(kind, random) {
      const isTelling = CALL_FAULTS.has(kind) && random.chance(0.5);
      armed.push({ kind, random, statement: isTelling ? random.pick(TELLING_STATEMENTS) : undefined });
    },
    strikeCall: (process, statement) =>
      take(
        (fault) =>
          CALL_FAULTS.has(fault.kind) &&
          (fault.statement === undefined || fault.statement === statement) &&
          // A recorder that dies is a kind of its own.
          (process.startsWith('scheduler') || !fault.kind.startsWith('kill')),
      ),
    strikeDelivery: () => take(({ kind }) => DELIVERY_FAULTS.has(kind)),
    strikeHint: () => take(({ kind }) => kind === 'hint-lost'),
    clear: () => (armed = []),
  };
}
