import {
  type AttemptOutcome,
  TERMINAL_STATES,
  type TaskReason,
  type TaskState,
  TRANSITIONS,
} from '@dispatchr/contract';

/** What a task is submitted with, as far as it matters to the model. */
export interface Submission {
  readonly id: string;
  /** Present when the producer chose the id or a key: the same text is the same content. */
  readonly fingerprint?: string;
  readonly idempotencyKey?: string;
  readonly queue: string;
  readonly flowKey: string;
  readonly priority: number;
  /** A rank below 0 is an instant of long ago; `now` and `later` are the database's. */
  readonly due: number | 'now' | 'later';
  readonly expires: 'never' | 'come' | 'later';
  readonly taskArgs: string;
}

/** Who holds a running task: each claim and each take-over makes a holder with a name that no other has. */
export interface Holder {
  readonly name: string;
  readonly scheduler: string;
  readonly ranOut: boolean;
  /** Nobody renewed the lease or took it over: only then can its claim be one that was never heard of. */
  readonly isAsClaimed: boolean;
}

/** One task as the specification knows it. */
export interface ModelTask extends Omit<Submission, 'due'> {
  /** Tells it from earlier tasks with its id. */
  readonly birth: number;
  readonly state: TaskState;
  readonly reason?: TaskReason;
  readonly attempt: number;
  readonly attemptsUsed: number;
  readonly takeOvers: number;
  /** The order of due instants; LATER is an instant that does not come in a test. */
  readonly due: number;
  readonly isCancelRequested: boolean;
  readonly holder?: Holder | undefined;
  /** Whether its queue counts it among those that its limit lets run. */
  readonly isCounted: boolean;
  /** Whether an operator asked to run it, and it was not since. */
  readonly isRun: boolean;
  readonly attempts: readonly { attempt: number; scheduler: string; outcome: AttemptOutcome }[];
}

/** Everything that is recorded, oldest first, and the rows of the state table that led to it. */
export interface Model {
  /** The database's time, which ticks at every step. */
  readonly now: number;
  readonly tasks: readonly ModelTask[];
  /** How many tasks of a queue may run at once; null without a limit, absent without settings. */
  readonly limits: Readonly<Record<string, number | null>>;
  /** How many tasks were recorded under an id. */
  readonly births: Readonly<Record<string, number>>;
  readonly taken: readonly string[];
}

export const LATER = 1_000_000;
export const EMPTY: Model = { now: 1, tasks: [], limits: {}, births: {}, taken: [] };

export const isTerminal = ({ state }: ModelTask): boolean =>
  TERMINAL_STATES.some((terminal) => terminal === state);
export const isDue = (model: Model, task: ModelTask): boolean =>
  task.state === 'pending' && task.due <= model.now;

/** Adopts the order of the instants that calls made at the same time: the specification has none for them. */
export function inOrderOf(model: Model, ids: readonly string[]): Model {
  const tasks = model.tasks.map((task) =>
    Math.floor(task.due) === model.now ? { ...task, due: model.now + ids.indexOf(task.id) / 1000 } : task,
  );
  return { ...model, tasks };
}

/** The name of a row of the state table. */
export const rowName = (from: string | null, event: string, to: string | null, reason?: string): string =>
  `${from ?? 'none'} —${event}→ ${to ?? 'none'}${reason ? ` (${reason})` : ''}`;

const ROWS: ReadonlySet<string> = new Set(
  TRANSITIONS.map((row) => rowName(row.from, row.event, row.to, 'reason' in row ? row.reason : undefined)),
);

/** Every row of the state table. */
export const STATE_TABLE: readonly string[] = [...ROWS];

/** Records a new task. Spec: STA-002, TIM-003. */
export function record(model: Model, { due, ...submission }: Submission): Model {
  const dueRank = due === 'now' ? model.now : due === 'later' ? LATER : due;
  const birth = (model.births[submission.id] ?? 0) + 1;
  const task: ModelTask = {
    ...submission,
    birth,
    takeOvers: 0,
    state: 'pending',
    attempt: 0,
    attemptsUsed: 0,
    due: dueRank,
    isCancelRequested: false,
    isCounted: false,
    isRun: false,
    attempts: [],
  };
  const births = { ...model.births, [task.id]: birth };
  return { ...take(model, rowName(null, 'submit', 'pending')), births, tasks: [...model.tasks, task] };
}

/** Changes one task by an event that the state table has. */
export function change(model: Model, task: ModelTask, event: string, members: Partial<ModelTask>): Model {
  const { reason: _before, ...rest } = task;
  const changed: ModelTask = { ...rest, ...members };
  const next = take(model, rowName(task.state, event, changed.state, changed.reason));
  return { ...next, tasks: model.tasks.map((one) => (one === task ? changed : one)) };
}

/** Changes what the state table does not speak of. */
export function touch(model: Model, task: ModelTask, members: Partial<ModelTask>): Model {
  return { ...model, tasks: model.tasks.map((one) => (one === task ? { ...one, ...members } : one)) };
}

/** Forgets a terminal task. */
export function forget(model: Model, task: ModelTask, event: 'delete' | 'prune'): Model {
  const next = take(model, rowName(task.state, event, null));
  return { ...next, tasks: model.tasks.filter((one) => one !== task) };
}

/** The holder that an attempt has after so many take-overs. */
export function holderOf(task: ModelTask, attempt: number, takeOvers: number, scheduler: string): Holder {
  const name = `${task.id}/${task.birth}/${attempt}/${takeOvers}`;
  return { name, scheduler, ranOut: false, isAsClaimed: true };
}

export const findById = (model: Model, id: string): ModelTask | undefined =>
  model.tasks.find((task) => task.id === id);

/** The running task of a holder, whether or not its time ran out. Spec: LEA-003, LEA-006. */
export const heldBy = (model: Model, name: string): ModelTask | undefined =>
  model.tasks.find(({ state, holder }) => state === 'running' && holder?.name === name);

function take(model: Model, row: string): Model {
  if (!ROWS.has(row)) throw new Error(`expected a row of the state table, got ${row}`);
  return { ...model, taken: [...model.taken, row] };
}
