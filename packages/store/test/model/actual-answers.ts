import type { ClaimedTask, Database, Lease, NewTask, TaskStore } from '@dispatchr/store';
import { newTask } from '@dispatchr/testkit';
import { type Command, type Ending, PRIORITIES } from './commands.ts';
import type { Submission } from './model.ts';

/** A lease as the store gave it, with the name that the model has for its holder. */
export interface Held extends Lease {
  readonly name: string;
  readonly attemptsUsed: number;
}

/** What the store answered, in the words of the model. */
export interface Actual {
  readonly answer: unknown;
  /** The leases that the answer gave, by id. */
  readonly leases: Readonly<Record<string, Lease & { attemptsUsed: number }>>;
  /** Tasks that the command wrote to, as far as its answer tells. */
  readonly wrote: readonly string[];
}

const ALL = { limit: 1000 };
const HOUR_MS = 3_600_000;
const YEAR_MS = 365 * 24 * HOUR_MS;
const LONG_AGO = Date.UTC(2001, 0, 1);
const NEVER_HELD: Held = { name: 'nobody', seq: 0, lease: 0, attemptsUsed: 0 };

/** Calls the store. */
export async function actualOf(
  command: Command,
  { store, database, held }: { store: TaskStore; database: Database; held: readonly Held[] },
): Promise<Actual> {
  const [holder = NEVER_HELD] = held;
  switch (command.kind) {
    case 'submit':
      return only((await store.submitTask(toNewTask(command.task))).kind);
    case 'batch':
      return only(await submitBatch(store, command.tasks));
    case 'claim':
      return claim(store, command);
    case 'claim-flow-keys':
      return claimFlowKeys(store, command);
    case 'put-queue':
      return putQueue(store, command);
    case 'purge':
      return only((await store.purgeQueue(command.queue, { dryRun: false })) ?? 'not-found');
    case 'renew':
      return renew(store, held);
    case 'settle':
      return only(await store.settleAttempt(toSettled(holder, command.ending)), [idOf(holder)]);
    case 'run-out':
      return runOut(database, command.id);
    case 'expires-come':
      return expiresCome(database, command.id);
    case 'take-over':
      return takeOver(store, command, held);
    case 'expire':
      return only(await store.expireTasks(ALL));
    case 'prune':
      return only(await store.pruneTasks(retentionOf(command.which)));
    case 'list':
      return list(store, command);
    case 'lanes':
      return only(await dueLanes(store));
    case 'attempts':
      return listAttempts(store, command.id);
    case 'get':
      return only((await store.findTask(command.id))?.content.taskArgs ?? 'not-found');
    default:
      return operate(store, command.kind, command.id);
  }
}

const only = (answer: unknown, wrote: readonly string[] = []): Actual => ({ answer, leases: {}, wrote });
const idOf = ({ name }: Held): string => name.split('/')[0] ?? '';

function toNewTask({ due, expires, ...task }: Submission): NewTask {
  return newTask({
    ...task,
    ...(due === 'later' && { delayMs: YEAR_MS }),
    ...(typeof due === 'number' && { dueAt: new Date(LONG_AGO + due).toISOString() }),
    ...(expires === 'come' && { expiresAt: new Date(LONG_AGO).toISOString() }),
    ...(expires === 'later' && { expiresAt: new Date(Date.UTC(2100, 0, 1)).toISOString() }),
  });
}

async function submitBatch(store: TaskStore, tasks: readonly Submission[]): Promise<unknown> {
  const result = await store.submitBatch(tasks.map(toNewTask));
  if (result.kind === 'conflict') return { conflict: result.index };
  return result.tasks.map(({ created }) => (created ? 'created' : 'existing'));
}

async function dueLanes(store: TaskStore): Promise<string[]> {
  const { queues } = await store.findDueLanes();
  return queues
    .flatMap(({ queue, priorities }) => priorities.map((priority) => `${queue} ${priority}`))
    .toSorted();
}

/** A look, and the claim that goes by it, as a scheduler does it. */
async function claim(store: TaskStore, command: Extract<Command, { kind: 'claim' }>): Promise<Actual> {
  const { queue, quota, scheduler } = command;
  const { version } = await lookAt(store, queue);
  const queues = [{ queue, quota, priorities: PRIORITIES, version }];
  return claimedAs(await store.claimDueTasks({ queues, scheduler, ...anyOrigin(quota) }));
}

async function claimFlowKeys(
  store: TaskStore,
  { queue, flowKey, quota, scheduler }: Extract<Command, { kind: 'claim-flow-keys' }>,
): Promise<Actual> {
  const { version, settings } = await lookAt(store, queue);
  const { maxConcurrency } = settings;
  const gates = maxConcurrency === undefined ? [] : [{ queue, flowKey: '', maxConcurrency }];
  const shares = [{ queue, flowKey, quota, queueQuota: quota, priorities: PRIORITIES, version }];
  return claimedAs(await store.claimFlowKeys({ shares, gates, scheduler, ...anyOrigin(quota) }));
}

/** Nothing due is as a queue that was never put: what comes meanwhile comes after the claim. */
async function lookAt(
  store: TaskStore,
  queue: string,
): Promise<{ version: string; settings: { maxConcurrency?: number } }> {
  const { queues } = await store.findDueLanes();
  return queues.find((found) => found.queue === queue) ?? { version: '', settings: {} };
}

const anyOrigin = (most: number) => ({ exceptOrigins: [], originLimits: [], otherOriginLimit: most });

function claimedAs(claimed: readonly ClaimedTask[]): Actual {
  const answer = claimed.map(({ id, attempt, attemptsUsed, taskArgs, expiresInMs }) => ({
    id,
    attempt,
    attemptsUsed,
    taskArgs,
    expires: expiresInMs === undefined ? 'never' : expiresInMs > 0 ? 'later' : 'come',
  }));
  return leased(claimed, answer);
}

async function putQueue(
  store: TaskStore,
  { queue, maxConcurrency }: Extract<Command, { kind: 'put-queue' }>,
): Promise<Actual> {
  const put = await store.putQueue(queue, { maxConcurrency });
  return only(put.maxConcurrency ?? 'none');
}

async function takeOver(
  store: TaskStore,
  { whose, scheduler }: Extract<Command, { kind: 'take-over' }>,
  held: readonly Held[],
): Promise<Actual> {
  const exceptLeases = held.map(({ lease }) => lease);
  const lost = await store.takeOverLostLeases({
    ...ALL,
    whose: whose === 'unanswered' ? { scheduler, exceptLeases } : whose,
  });
  const answer = lost.map(({ id, attempt, attemptsUsed, previousLeaseLost }) => ({
    id,
    attempt,
    attemptsUsed,
    previousLeaseLost,
  }));
  return leased(lost, answer);
}

function leased(
  tasks: readonly (Lease & { id: string; attemptsUsed: number })[],
  answer: readonly { id: string }[],
): Actual {
  const leases = Object.fromEntries(
    tasks.map(({ id, seq, lease, attemptsUsed }) => [id, { seq, lease, attemptsUsed }]),
  );
  return { answer: answer.toSorted((a, b) => (a.id < b.id ? -1 : 1)), leases, wrote: Object.keys(leases) };
}

async function renew(store: TaskStore, held: readonly Held[]): Promise<Actual> {
  const stood = await store.renewLeases(held);
  const renewed = held.filter(({ lease }) => stood.includes(lease));
  return only(renewed.map(({ name }) => name).toSorted(), renewed.map(idOf));
}

function toSettled(holder: Held, { outcome, to }: Ending): Parameters<TaskStore['settleAttempt']>[0] {
  const { seq, lease } = holder;
  const attemptsUsed = holder.attemptsUsed + (outcome === 'retryable' || outcome === 'lease-lost' ? 1 : 0);
  const attempt = { outcome, durationMs: 1 };
  if (to === 'completed') return { seq, lease, attempt, settlement: { state: to, attemptsUsed } };
  if (to === 'pending' || to === 'pending later') {
    const delayMs = to === 'pending' ? 0 : HOUR_MS;
    return { seq, lease, attempt, settlement: { state: 'pending', delayMs, attemptsUsed } };
  }
  return { seq, lease, attempt, settlement: { state: 'failed', reason: to, attemptsUsed } };
}

async function runOut(database: Database, id: string): Promise<Actual> {
  const text = `UPDATE dispatchr.unfinished_tasks u SET lease_until = now() - interval '1 second'
    FROM dispatchr.tasks t WHERE t.seq = u.seq AND t.id = $1 AND u.state = 'running'`;
  await database.query({ name: 'run-out', role: 'read', text }, [id]);
  return only('nothing', [id]);
}

async function expiresCome(database: Database, id: string): Promise<Actual> {
  const text = `WITH come AS (
      UPDATE dispatchr.tasks SET expires_at = now() WHERE id = $1 AND expires_at > now() RETURNING seq
    )
    UPDATE dispatchr.unfinished_tasks u SET expires_at = now() FROM come WHERE u.seq = come.seq`;
  await database.query({ name: 'expires-come', role: 'read', text }, [id]);
  return only('nothing', [id]);
}

const retentionOf = (which: 'completed' | 'other') => ({
  ...ALL,
  completedMs: which === 'completed' ? 0 : YEAR_MS,
  otherMs: which === 'other' ? 0 : YEAR_MS,
});

async function list(
  store: TaskStore,
  { filter, limit }: Extract<Command, { kind: 'list' }>,
): Promise<Actual> {
  const { tasks, next } = await store.listTasks(filter, { limit });
  return only({ ids: tasks.map(({ id }) => id), hasMore: next !== undefined });
}

async function listAttempts(store: TaskStore, id: string): Promise<Actual> {
  const page = await store.listAttempts(id, ALL);
  return only(
    page?.attempts.map(({ attempt, scheduler, outcome }) => ({ attempt, scheduler, outcome })) ?? 'not-found',
  );
}

async function operate(
  store: TaskStore,
  operation: 'cancel' | 'run' | 'retry' | 'delete',
  id: string,
): Promise<Actual> {
  const result = await store[`${operation}Task`](id);
  return only(result.kind === 'wrong-state' ? result.state : result.kind, [id]);
}
