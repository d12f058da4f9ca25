// The evidence of a run: four independent logs, one JSON object a line, written by those who saw it happen.
// Whoever reads them (chaos/check) knows nothing of the program under test.
//
// Instants are milliseconds since 1970 of the machine's one real-time clock, with fractions: the clock of PostgreSQL
// and of every process here. A token names a task in every log; a producer makes one up for each task and sends
// it along as the header `chaos-token`, so it is known whether or not an answer to the submit ever came.

/** What a producer did and learnt: `producer.ndjson`. */
export type ProducerEvent = Submit | SubmitAnswer | Operate | OperateAnswer;

/** A submit is about to be sent. One that is sent again after a lost answer is an event of its own. */
export interface Submit {
  readonly kind: 'submit';
  readonly at: number;
  readonly token: string;
  /** Pairs this request with its answer. */
  readonly call: number;
  readonly recorder: string;
  /** The identity that makes it safe to send again; neither if there is none. */
  readonly id?: string;
  readonly idempotencyKey?: string;
  /** What a delivery must look like. */
  readonly method: string;
  readonly path: string;
  readonly bodySha256: string;
  /** Earliest instant that was asked for: `dueAt`, or the instant of the submit plus `delayMs`. */
  readonly notBefore?: number;
  readonly expiresAt?: number;
  readonly timeoutMs: number;
  readonly retry: RetryAsked;
  readonly queue?: string;
  /** Absent: none was given. */
  readonly flowKey?: string;
  /**
   * The target's name and the path, which stand for origin and URL. What the target will do is for a reader, the checker
   * goes by the target's log.
   */
  readonly plan: string;
}

/** Resolved: the specification's defaults are filled in. Durations in milliseconds. */
export interface RetryAsked {
  readonly maxAttempts: number;
  readonly minBackoffMs: number;
  readonly maxBackoffMs: number;
  readonly multiplier: number;
  readonly maxDurationMs?: number;
}

export interface SubmitAnswer {
  readonly kind: 'submit-answer';
  readonly at: number;
  readonly token: string;
  readonly call: number;
  /** Absent: no answer came, and `error` says why. The task may or may not be recorded. */
  readonly status?: number;
  readonly taskId?: string;
  readonly error?: string;
}

/** A cancel, run, or retry is about to be sent. */
export interface Operate {
  readonly kind: 'operate';
  readonly at: number;
  readonly token: string;
  readonly call: number;
  readonly operation: 'cancel' | 'run' | 'retry';
}

export interface OperateAnswer {
  readonly kind: 'operate-answer';
  readonly at: number;
  readonly token: string;
  readonly call: number;
  readonly status?: number;
  /** Of the task in the answer. */
  readonly state?: string;
  readonly error?: string;
}

/** What a target saw and did: `target.ndjson`. */
export type TargetEvent = Received | Answered;

/** A whole request was read. */
export interface Received {
  readonly kind: 'received';
  readonly at: number;
  readonly token: string;
  /** Pairs the request with what became of it; unique in a run. */
  readonly exchange: number;
  readonly taskId: string;
  readonly attempt: number;
  readonly attemptsLeft: number;
  readonly method: string;
  readonly path: string;
  readonly bodySha256: string;
  readonly signatureIsValid: boolean;
}

/** The end of an exchange as the target knows it. */
export interface Answered {
  readonly kind: 'answered';
  readonly at: number;
  readonly token: string;
  readonly exchange: number;
  /** The status whose header section was written whole to the socket; absent if none was. */
  readonly status?: number;
  readonly retryAfterMs?: number;
  /** `cut`: the other side went away before an answer was written; `reset`: the target reset on purpose. */
  readonly how: 'answered' | 'cut' | 'reset';
}

/** A change of a row, written by a trigger inside the transaction that made it: `transitions.ndjson`. */
export interface Transition {
  readonly kind: 'transition';
  /** Order of the changes of one task: drawn while the row is locked. */
  readonly n: number;
  /** `clock_timestamp()` of the change; its commit came later. */
  readonly at: number;
  /** `now()`: the begin of its transaction, by which the statements reckon. */
  readonly begunAt: number;
  readonly transaction: string;
  readonly token: string;
  readonly table: 'tasks' | 'unfinished_tasks' | 'finished_tasks' | 'attempts';
  readonly op: 'insert' | 'update' | 'delete';
  /** The row after an insert or update, before a delete. Instants as in `at`; absent where NULL. */
  readonly row: TransitionRow;
}

/** The columns that a checker needs, by the names of the API; each table has some of them. */
export interface TransitionRow {
  readonly id?: string;
  readonly state?: string;
  readonly reason?: string;
  readonly attempt?: number;
  readonly attemptsUsed?: number;
  readonly dueAt?: number;
  readonly expiresAt?: number;
  readonly lease?: number;
  readonly leaseUntil?: number;
  readonly scheduler?: string;
  readonly startedAt?: number;
  readonly firstClaimedAt?: number;
  readonly cancelRequestedAt?: number;
  readonly finishedAt?: number;
  readonly endedAt?: number;
  readonly outcome?: string;
  readonly status?: number;
  readonly errorCode?: string;
  /** The held target that it waits for. */
  readonly parkedFor?: string;
  /** Bits: 1 counted in its queue, 2 in its flow key. */
  readonly gate?: number;
  /** When an operator asked to run it. */
  readonly runAt?: number;
}

/** What was done to the system: `faults.ndjson`. */
export type FaultEvent = Fault | ProcessLife | Phase | Sample | QueueCall | Gate | Lag;

export interface Fault {
  readonly kind: 'fault';
  /** For instance `scheduler-killed`; docs/reliability.md lists them. */
  readonly name: FaultName;
  /** The process, proxy or database that was hit. */
  readonly victim: string;
  readonly from: number;
  /** When it was over: healed, started again, and ready. */
  readonly until: number;
  readonly detail?: string;
}

/** A process of the service, from its spawn to its end. */
export interface ProcessLife {
  readonly kind: 'process';
  readonly name: string;
  readonly role: 'recorder' | 'scheduler';
  readonly pid: number;
  /** The id under which it claims, as in the column `scheduler`; absent for a recorder. */
  readonly scheduler?: string;
  readonly from: number;
  /** Absent while it runs. */
  readonly until?: number;
}

/** Where the run was: load under faults, healed and draining, over. */
export interface Phase {
  readonly kind: 'phase';
  readonly at: number;
  readonly phase: 'load' | 'healed' | 'drained' | 'not-drained';
}

/** What a process costs. */
export interface Sample {
  readonly kind: 'sample';
  readonly at: number;
  readonly process: string;
  readonly residentBytes: number;
  readonly fileDescriptors: number;
}

/** What an operator asked of a queue, written when the answer was there or given up. */
export interface QueueCall {
  readonly kind: 'queue-call';
  readonly queue: string;
  /** When it was asked. */
  readonly from: number;
  /** When the answer came; absent if none did: it may be done at any time since, or never. */
  readonly until?: number;
  readonly status?: number;
  /** The settings that it names, by the names of the API. */
  readonly settings: QueueSettings;
}

export interface QueueSettings {
  readonly paused?: boolean;
  readonly weight?: number;
  readonly maxConcurrency?: number | null;
  readonly rateLimit?: { readonly perSecond: number; readonly burst: number } | null;
  readonly flowLimits?: { readonly maxConcurrency?: number } | null;
}

/** A row of the table that counts what is in flight, and what there is to count, in one snapshot at the end of the run. */
export interface Gate {
  readonly kind: 'gate';
  readonly at: number;
  readonly queue: string;
  /** Empty: the queue as a whole. */
  readonly flowKey: string;
  readonly inFlight: number;
  /** Running rows that say that they are counted there. */
  readonly running: number;
}

/** The event loop of the targets stood still: what arrived meanwhile is logged at its end. */
export interface Lag {
  readonly kind: 'lag';
  readonly from: number;
  readonly until: number;
}

/** Every fault there is; a run counts each. */
export const FAULT_NAMES = [
  'scheduler-killed',
  'recorder-killed',
  'scheduler-stopped-past-lease',
  'scheduler-stopped-briefly',
  'scheduler-terminated',
  'recorder-terminated',
  'event-loop-stalled',
  'database-stopped-immediately',
  'database-killed',
  'backends-terminated',
  'database-read-only',
  'database-disk-full',
  'connections-exhausted',
  'transaction-held-open',
  'proxy-delay',
  'proxy-cut',
  'proxy-blackhole',
  'proxy-truncate',
  'commit-cut',
  'clock-skewed',
  'burst-due-at-once',
  'target-outlives-lease',
  'target-down',
  'target-dead',
  'poison-task',
] as const;

export type FaultName = (typeof FAULT_NAMES)[number];

/** The files of a run's folder. */
export const LOG_FILES = {
  producer: 'producer.ndjson',
  target: 'target.ndjson',
  transitions: 'transitions.ndjson',
  faults: 'faults.ndjson',
} as const;
