import type { Command } from './commands.ts';
import {
  change,
  findById,
  forget,
  heldBy,
  holderOf,
  isDue,
  isTerminal,
  LATER,
  type Model,
  type ModelTask,
  record,
  type Submission,
  touch,
} from './model.ts';

/** What the specification says of a command: its answer, and what is recorded afterwards. */
export interface Expected {
  readonly model: Model;
  readonly answer: unknown;
  /** The names of the holders that the answer made, by id. */
  readonly holders?: Readonly<Record<string, string>>;
}

/** What a command is given beside its own members. */
export interface Circumstances {
  /** The holders that it picked. */
  readonly held: readonly string[];
  /** Tasks that another command is writing at this moment, which claims and sweeps pass by. */
  readonly hidden: ReadonlySet<string>;
}

/** Among the hidden tasks: a put came between a look and its claim, which then claims nothing. */
export const SETTINGS_CHANGED = 'settings changed';

/** Answers as the specification has it. */
export function expectedOf(command: Command, model: Model, circumstances: Circumstances): Expected {
  const { held, hidden } = circumstances;
  const [holder = ''] = held;
  switch (command.kind) {
    case 'submit':
      return submit(model, command.task);
    case 'batch':
      return batch(model, command.tasks);
    case 'claim':
      return claim(model, command, hidden);
    case 'claim-flow-keys':
      return claimFlowKeys(model, command, hidden);
    case 'put-queue':
      return putQueue(model, command);
    case 'purge':
      return purge(model, command.queue);
    case 'renew':
      return renew(model, held);
    case 'settle':
      return settle(model, holder, command.ending);
    case 'run-out':
      return runOut(model, command.id);
    case 'expires-come':
      return expiresCome(model, command.id);
    case 'take-over':
      return takeOver(model, command, circumstances);
    case 'expire':
      return expire(model, hidden);
    case 'prune':
      return prune(model, command.which, hidden);
    case 'list':
      return list(model, command);
    case 'lanes':
      return { model, answer: dueLanes(model) };
    case 'attempts':
      return { model, answer: findById(model, command.id)?.attempts ?? 'not-found' };
    case 'get':
      return { model, answer: findById(model, command.id)?.taskArgs ?? 'not-found' };
    default:
      return operate(model, command.kind, command.id);
  }
}

/** Spec: the same id or key and the same content is the same task, other content is refused. */
function submit(model: Model, task: Submission): Expected {
  const existing = findById(model, task.id);
  if (!existing) return { model: record(model, task), answer: 'created' };
  return { model, answer: existing.fingerprint === task.fingerprint ? 'existing' : 'conflict' };
}

/** All of a batch is recorded, or nothing when the content of one conflicts. */
function batch(model: Model, tasks: readonly Submission[]): Expected {
  const answers = tasks.map((task) => submit(model, task).answer);
  const conflict = answers.indexOf('conflict');
  if (conflict !== -1) return { model, answer: { conflict } };
  // Tasks of one batch have no order among them that is promised; pages show it.
  const created = tasks
    .filter((task) => !findById(model, task.id))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return { model: created.reduce(record, model), answer: answers };
}

/** Spec: STA-003, TIM-006, TIM-010, LEA-001. */
function claim(
  model: Model,
  { queue, quota, scheduler }: Extract<Command, { kind: 'claim' }>,
  hidden: ReadonlySet<string>,
): Expected {
  const claimed = claimable(model, queue, hidden).slice(0, quota);
  return claimAll(model, claimed, { scheduler, isCounted: false });
}

/** Spec: QUE-061, QUE-063. */
function claimFlowKeys(
  model: Model,
  { queue, flowKey, quota, scheduler }: Extract<Command, { kind: 'claim-flow-keys' }>,
  hidden: ReadonlySet<string>,
): Expected {
  const limit = model.limits[queue] ?? null;
  const running = model.tasks.filter((task) => task.queue === queue && task.isCounted).length;
  const room = Math.max(0, (limit ?? Infinity) - running);
  const ofKey = claimable(model, queue, hidden).filter((task) => task.flowKey === flowKey);
  return claimAll(model, ofKey.slice(0, Math.min(quota, room)), { scheduler, isCounted: limit !== null });
}

function claimable(model: Model, queue: string, hidden: ReadonlySet<string>): ModelTask[] {
  if (hidden.has(SETTINGS_CHANGED)) return [];
  return model.tasks
    .filter(
      (task) => task.queue === queue && isDue(model, task) && task.expires !== 'come' && !hidden.has(task.id),
    )
    .toSorted((a, b) => b.priority - a.priority || a.due - b.due);
}

function claimAll(
  model: Model,
  claimed: readonly ModelTask[],
  { scheduler, isCounted }: { scheduler: string; isCounted: boolean },
): Expected {
  const holders: Record<string, string> = {};
  const after = claimed.reduce((before, task) => {
    const attempt = task.attempt + 1;
    const holder = holderOf(task, attempt, task.takeOvers, scheduler);
    holders[task.id] = holder.name;
    return change(before, task, 'claim', { state: 'running', attempt, holder, isCounted });
  }, model);
  const answer = claimed.map(({ id, attempt, attemptsUsed, taskArgs, expires }) => ({
    id,
    attempt: attempt + 1,
    attemptsUsed,
    taskArgs,
    expires,
  }));
  return { model: after, answer: byId(answer), holders };
}

/** A limit that comes counts what is running already. Spec: QUE-010, QUE-061. */
function putQueue(
  model: Model,
  { queue, maxConcurrency }: Extract<Command, { kind: 'put-queue' }>,
): Expected {
  const comes = (model.limits[queue] ?? null) === null && maxConcurrency !== null;
  const tasks = model.tasks.map((task) =>
    comes && task.queue === queue && task.state === 'running' ? { ...task, isCounted: true } : task,
  );
  const limits = { ...model.limits, [queue]: maxConcurrency };
  return { model: { ...model, tasks, limits }, answer: maxConcurrency ?? 'none' };
}

/** Spec: QUE-030. */
function purge(model: Model, queue: string): Expected {
  const ofQueue = model.tasks.filter((task) => task.queue === queue);
  if (!(queue in model.limits) && ofQueue.every(isTerminal)) return { model, answer: 'not-found' };
  const pending = ofQueue.filter(({ state }) => state === 'pending');
  const after = pending.reduce(
    (before, task) => change(before, task, 'cancel', { state: 'cancelled' }),
    model,
  );
  return { model: after, answer: pending.length };
}

/** Spec: LEA-003. */
function renew(model: Model, held: readonly string[]): Expected {
  const standing = held.filter((name) => heldBy(model, name));
  const after = standing.reduce((before, name) => {
    const task = heldBy(before, name) as ModelTask;
    return touch(before, task, {
      holder: task.holder && { ...task.holder, ranOut: false, isAsClaimed: false },
    });
  }, model);
  return { model: after, answer: standing.toSorted() };
}

/** Spec: STA-004 to STA-010, STA-022 to STA-024, LEA-003, LEA-006, CAN-004, CAN-008. */
function settle(
  model: Model,
  name: string,
  { outcome, to }: Extract<Command, { kind: 'settle' }>['ending'],
): Expected {
  const task = heldBy(model, name);
  if (!task) return { model, answer: false };
  const { attempt, holder } = task;
  const ended = {
    attempts: [...task.attempts, { attempt, scheduler: holder?.scheduler ?? '', outcome }],
    attemptsUsed: task.attemptsUsed + (outcome === 'retryable' || outcome === 'lease-lost' ? 1 : 0),
    holder: undefined,
    isCounted: false,
    isRun: false,
  };
  const settled = {
    model: change(model, task, outcome, { ...ended, ...stateAfter(model, task, to, outcome) }),
  };
  return { ...settled, answer: true };
}

function stateAfter(model: Model, task: ModelTask, to: string, outcome: string): Partial<ModelTask> {
  if (outcome === 'completed') return { state: 'completed' };
  if (task.isCancelRequested) return { state: 'cancelled' };
  if (outcome === 'released' && to === 'pending') return { state: 'pending' };
  if (to === 'pending') return { state: 'pending', due: model.now };
  if (to === 'pending later') return { state: 'pending', due: LATER };
  return { state: 'failed', reason: to as NonNullable<ModelTask['reason']> };
}

/** Not a call: time goes by while nobody renews. The lease is set to an instant that is past, which no claim wrote. */
function runOut(model: Model, id: string): Expected {
  const task = findById(model, id);
  if (task?.state !== 'running') return { model, answer: 'nothing' };
  return {
    model: touch(model, task, {
      holder: task.holder && { ...task.holder, ranOut: true, isAsClaimed: false },
    }),
    answer: 'nothing',
  };
}

/** Not a call: an `expiresAt` ahead has come. */
function expiresCome(model: Model, id: string): Expected {
  const task = findById(model, id);
  const answer = 'nothing';
  return { model: task?.expires === 'later' ? touch(model, task, { expires: 'come' }) : model, answer };
}

/** Spec: LEA-007, LEA-013, LEA-015, LEA-016. */
function takeOver(
  model: Model,
  { whose, scheduler }: Extract<Command, { kind: 'take-over' }>,
  { held, hidden }: Circumstances,
): Expected {
  const isLost = ({ holder }: ModelTask) => {
    if (whose === 'unanswered')
      return holder?.scheduler === scheduler && holder.isAsClaimed && !held.includes(holder.name);
    return whose === 'every' || holder?.ranOut === true;
  };
  const lost = model.tasks.filter((task) => task.state === 'running' && isLost(task) && !hidden.has(task.id));
  const holders: Record<string, string> = {};
  const after = lost.reduce((before, task) => {
    const takeOvers = task.takeOvers + 1;
    const holder = holderOf(task, task.attempt, takeOvers, task.holder?.scheduler ?? '');
    holders[task.id] = holder.name;
    return touch(before, task, { holder: { ...holder, isAsClaimed: false }, takeOvers });
  }, model);
  const answer = lost.map(({ id, attempt, attemptsUsed, attempts }) => ({
    id,
    attempt,
    attemptsUsed,
    previousLeaseLost: attempts.some((one) => one.attempt === attempt - 1 && one.outcome === 'lease-lost'),
  }));
  return { model: after, answer: byId(answer), holders };
}

/** Spec: TIM-007. */
function expire(model: Model, hidden: ReadonlySet<string>): Expected {
  const expired = model.tasks.filter(
    (task) => task.state === 'pending' && task.expires === 'come' && !hidden.has(task.id),
  );
  const after = expired.reduce(
    (before, task) => change(before, task, 'expire', { state: 'failed', reason: 'expired' }),
    model,
  );
  return { model: after, answer: expired.length };
}

/** Spec: DUR-010, with a retention time of nothing. */
function prune(model: Model, which: 'completed' | 'other', hidden: ReadonlySet<string>): Expected {
  const old = model.tasks.filter(
    (task) =>
      isTerminal(task) && (task.state === 'completed') === (which === 'completed') && !hidden.has(task.id),
  );
  return { model: old.reduce((before, task) => forget(before, task, 'prune'), model), answer: old.length };
}

/** Spec: CAN-001 to CAN-022. */
function operate(model: Model, operation: 'cancel' | 'run' | 'retry' | 'delete', id: string): Expected {
  const task = findById(model, id);
  if (!task) return { model, answer: 'not-found' };
  const after = operated(model, task, operation);
  return after ? { model: after, answer: 'done' } : { model, answer: task.state };
}

/** Undefined where the state refuses the operation. */
function operated(model: Model, task: ModelTask, operation: string): Model | undefined {
  const { state, expires } = task;
  if (operation === 'cancel') {
    if (state === 'pending' || state === 'cancelled')
      return change(model, task, 'cancel', { state: 'cancelled' });
    return state === 'running' ? change(model, task, 'cancel', { isCancelRequested: true }) : undefined;
  }
  if (operation === 'run')
    return state === 'pending'
      ? change(model, task, 'run', { due: Math.min(task.due, model.now), isRun: true })
      : undefined;
  if (!isTerminal(task)) return undefined;
  if (operation === 'delete') return forget(model, task, 'delete');
  return change(model, task, 'retry', {
    state: 'pending',
    due: model.now,
    attemptsUsed: 0,
    isCancelRequested: false,
    isRun: false,
    expires: expires === 'come' ? 'never' : expires,
  });
}

function list(model: Model, { filter, limit }: Extract<Command, { kind: 'list' }>): Expected {
  const { state, queue } = filter;
  const found = model.tasks.filter(
    (task) => (!state || task.state === state) && (!queue || task.queue === queue),
  );
  const ids = found.toReversed().map(({ id }) => id);
  return { model, answer: { ids: ids.slice(0, limit), hasMore: ids.length > limit } };
}

function dueLanes(model: Model): string[] {
  const due = model.tasks.filter((task) => isDue(model, task) && task.expires !== 'come');
  return [...new Set(due.map(({ queue, priority }) => `${queue} ${priority}`))].toSorted();
}

const byId = <T extends { id: string }>(entries: readonly T[]): T[] =>
  entries.toSorted((a, b) => (a.id < b.id ? -1 : 1));
