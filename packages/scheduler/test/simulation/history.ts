import type { AttemptOutcome, TaskReason, TaskState } from '@dispatchr/contract';
import type { OperationResult, SubmitResult, NewTask } from '@dispatchr/store';
import type { Row } from './database/row.ts';
import type { LoggedEvent } from './database/statement-run.ts';
import type { FaultKind } from './fault-kinds.ts';
import type { FlowEvent } from './flow-events.ts';

/** A change that the database committed; instants in `…DbMs` are those of its clock, the others are virtual time. */
export interface Transition {
  /** The number of the commit, which changes of gates have too. */
  readonly commit: number;
  readonly atMs: number;
  /** When the statement saw what was committed. */
  readonly begunMs: number;
  /** `now()` of the statement: when it began. */
  readonly nowDbMs: number;
  readonly committedDbMs: number;
  readonly seq: number;
  readonly id: string;
  readonly queue: string;
  readonly flowKey: string;
  readonly event: LoggedEvent;
  readonly from: TaskState | null;
  readonly to: TaskState | null;
  readonly reason: TaskReason | null;
  /** The process whose call did it. */
  readonly by: string;
  /** Before the change. */
  readonly scheduler: string | null;
  readonly leaseBefore: number | null;
  /** After the change, or before it where the row is gone. */
  readonly attempt: number;
  readonly attemptsUsed: number;
  readonly dueDbMs: number;
  readonly expiresDbMs: number | null;
  readonly cancelRequestedDbMs: number | null;
  readonly lease: number | null;
  /** After the change: which gates count it. */
  readonly gate: number;
  readonly parkedFor: string | null;
  /** Before the change: whether an operator asked to run it. */
  readonly isRun: boolean;
  /** Digest of what was asked. */
  readonly fingerprint: string | null;
}

/** A change of what a gate counts. */
export interface GateChange {
  readonly commit: number;
  readonly atMs: number;
  readonly queue: string;
  readonly flowKey: string;
  readonly inFlight: number;
}

/** A change of a held origin or URL; the state is null once it is forgotten. */
export interface HoldChange {
  readonly commit: number;
  readonly atMs: number;
  readonly key: string;
  readonly state: 'held-back' | 'circuit-open' | 'returning' | null;
  readonly untilDbMs: number;
}

/** Settings of a queue, or with a flow key the limits of that, after they were put. */
export interface SettingsChange {
  readonly commit: number;
  readonly atMs: number;
  readonly queue: string;
  readonly flowKey: string;
  readonly columns: Row;
}

/** One request to a target, as the target and its network see it. */
export interface Delivery {
  readonly id: string;
  readonly attempt: number;
  readonly scheduler: string;
  readonly target: string;
  readonly body: string;
  /** When its scheduler began it; the target, if ever, has it a moment later. */
  readonly sentMs: number;
  readonly sentDbMs: number;
  /** On the clock of its scheduler. */
  readonly sentLocalMs: number;
  reachedMs: number | undefined;
  /** When the target wrote its status line. */
  answeredMs: number | undefined;
  answeredDbMs: number | undefined;
  status: number | undefined;
  retryAfterMs: number | undefined;
  /** When the target was done with it, or saw the connection closed. */
  endedMs: number | undefined;
  /** What came of it where its scheduler looks. */
  seen: string | undefined;
  seenMs: number | undefined;
}

/** A submit as its producer sees it. */
export interface Submission {
  readonly task: NewTask;
  readonly atMs: number;
  answeredMs: number | undefined;
  result: SubmitResult | undefined;
}

/** An operation as the operator sees it. */
export interface Operation {
  readonly name: 'cancel' | 'run' | 'retry' | 'delete';
  readonly id: string;
  readonly atMs: number;
  answeredMs: number | undefined;
  result: OperationResult | undefined;
}

/** A call to the database as its process sees it. */
export interface Call {
  readonly process: string;
  readonly statement: string;
  readonly askedMs: number;
  answeredMs: number | undefined;
  answer: 'rows' | 'away' | 'refused' | undefined;
}

/** A claim's answer as it reached its scheduler. */
export interface ReceivedClaim {
  readonly scheduler: string;
  readonly seq: number;
  readonly attempt: number;
  readonly askedMs: number;
  readonly receivedLocalMs: number;
  readonly receivedMs: number;
}

/** Something that went wrong, for as long as it did. */
export interface Fault {
  readonly kind: FaultKind;
  /** A process, the id of a task, or `THE_DATABASE`. */
  readonly whom: string;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** A process from its start to its end. */
export interface Life {
  readonly process: string;
  readonly startedMs: number;
  toldToStopMs: number | undefined;
  endedMs: number | undefined;
}

/** The logs of one run, each written by whoever saw it happen. */
export interface History {
  readonly transitions: Transition[];
  readonly deliveries: Delivery[];
  readonly submissions: Submission[];
  readonly operations: Operation[];
  readonly calls: Call[];
  readonly receivedClaims: ReceivedClaim[];
  readonly faults: Fault[];
  readonly lives: Life[];
  readonly gates: GateChange[];
  readonly settings: SettingsChange[];
  readonly holds: HoldChange[];
  readonly flowEvents: Map<FlowEvent, number>;
  /** When faults ended. */
  healedMs: number;
  /** When nothing was left to do, or patience ended. */
  endedMs: number;
  /** Tasks that were neither finished nor forgotten at the end. */
  unfinished: readonly { id: string; state: TaskState }[];
  timersFired: number;
}

/** Logs with nothing in them. */
export function createHistory(): History {
  return {
    transitions: [],
    deliveries: [],
    submissions: [],
    operations: [],
    calls: [],
    receivedClaims: [],
    faults: [],
    lives: [],
    gates: [],
    settings: [],
    holds: [],
    flowEvents: new Map(),
    healedMs: Infinity,
    endedMs: Infinity,
    unfinished: [],
    timersFired: 0,
  };
}

/** How many steps a run took: calls to the database, deliveries, timers that fired, and faults. */
export function stepsOf({ calls, deliveries, timersFired, faults }: History): number {
  return calls.length + deliveries.length + timersFired + faults.length;
}

/** The outcomes that end an attempt. */
export const OUTCOMES: ReadonlySet<string> = new Set<AttemptOutcome>([
  'completed',
  'rejected',
  'retryable',
  'target-blocked',
  'lease-lost',
  'released',
]);
