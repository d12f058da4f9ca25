import type { Database, TaskRecord, TaskStore } from '@dispatchr/store';
import { isTerminal, LATER, type Model, type ModelTask } from './model.ts';

/** All that is recorded, as the store and its tables show it; equal views are equal states. */
export type View = ReturnType<typeof viewOfModel>;

const HOUR_MS = 3_600_000;
const RECENT_MS = HOUR_MS / 2;
const LONG_AGO = Date.UTC(2001, 0, 1);

/** What the model says is to be seen. */
export function viewOfModel(model: Model) {
  const unfinished = model.tasks.filter((task) => !isTerminal(task));
  return {
    tasks: model.tasks.toReversed().map(viewOfTask),
    due: unfinished
      .filter(({ due }) => due < LATER)
      .toSorted((a, b) => a.due - b.due)
      .map(({ id }) => id),
    ranOut: unfinished
      .filter(({ holder }) => holder?.ranOut)
      .map(({ id }) => id)
      .toSorted(),
    holders: unfinished.flatMap(({ id, holder }) => (holder ? `${id} ${holder.scheduler}` : [])).toSorted(),
    counted: unfinished
      .filter(({ isCounted }) => isCounted)
      .map(({ id }) => id)
      .toSorted(),
    runs: unfinished
      .filter(({ state, isRun }) => state === 'pending' && isRun)
      .map(({ id }) => id)
      .toSorted(),
    gates: [...Map.groupBy(unfinished, ({ queue }) => queue)]
      .map(([queue, tasks]) => `${queue} ${tasks.filter(({ isCounted }) => isCounted).length}`)
      .filter((gate) => !gate.endsWith(' 0'))
      .toSorted(),
    limits: Object.entries(model.limits)
      .flatMap(([queue, limit]) => (limit === null ? [] : [`${queue} ${limit}`]))
      .toSorted(),
    attempts: model.tasks
      .flatMap(({ id, attempts }) =>
        attempts.map((one) => `${id} ${one.attempt} ${one.scheduler} ${one.outcome}`),
      )
      .toSorted(),
  };
}

/** What is to be seen in the database, which must be at rest. */
export async function viewOfDatabase(store: TaskStore, database: Database): Promise<View> {
  const ask = (text: string) => database.query({ name: 'view', role: 'read', text }, []);
  const [{ tasks }, unfinished, attempts, gates, limits] = await Promise.all([
    store.listTasks({}, { limit: 1000 }),
    ask(`SELECT t.id, u.due_at <= now() AS due, u.lease_until < now() AS ran_out, u.scheduler,
        u.gate & 1 = 1 AS counted, u.state = 'pending' AND u.run_at IS NOT NULL AS is_run
      FROM dispatchr.unfinished_tasks u LEFT JOIN dispatchr.tasks t USING (seq) ORDER BY u.due_at`),
    ask(`SELECT t.id, a.attempt, a.scheduler, a.outcome
      FROM dispatchr.attempts a LEFT JOIN dispatchr.tasks t USING (seq)`),
    ask(`SELECT queue, in_flight FROM dispatchr.gates WHERE in_flight <> 0`),
    ask(`SELECT name, max_concurrency FROM dispatchr.queues WHERE max_concurrency IS NOT NULL`),
  ]);
  const idsWhere = (column: string) =>
    unfinished.filter((row) => row[column] === true).map((row) => String(row['id']));
  return {
    tasks: tasks.map(viewOfRecord),
    due: idsWhere('due'),
    ranOut: idsWhere('ran_out').toSorted(),
    counted: idsWhere('counted').toSorted(),
    runs: idsWhere('is_run').toSorted(),
    gates: gates.map(({ queue, in_flight: inFlight }) => [queue, inFlight].join(' ')).toSorted(),
    limits: limits.map(({ name, max_concurrency: limit }) => [name, limit].join(' ')).toSorted(),
    holders: unfinished
      .flatMap(({ id, scheduler }) => (scheduler === null ? [] : [id, scheduler].join(' ')))
      .toSorted(),
    attempts: attempts
      .map(({ id, attempt, scheduler, outcome }) => [id, attempt, scheduler, outcome].join(' '))
      .toSorted(),
  };
}

function viewOfTask(task: ModelTask) {
  const { id, state, reason, attempt, attemptsUsed, due, expires } = task;
  return {
    id,
    state,
    reason: reason ?? 'none',
    attempt,
    attemptsUsed,
    due: due >= LATER ? 'later' : due < 0 ? due : 'recent',
    expires,
    wasClaimed: attempt > 0,
    isFinished: isTerminal(task),
    isCancelRequested: task.isCancelRequested,
  };
}

function viewOfRecord(task: TaskRecord): View['tasks'][number] {
  const { id, state, reason, attempt, attemptsUsed, dueAt, expiresAt } = task;
  const sinceDueMs = Date.now() - dueAt.getTime();
  return {
    id,
    state,
    reason: reason ?? 'none',
    attempt,
    attemptsUsed,
    due: sinceDueMs < -RECENT_MS ? 'later' : sinceDueMs > RECENT_MS ? dueAt.getTime() - LONG_AGO : 'recent',
    expires: expiresAt === undefined ? 'never' : expiresAt.getTime() > Date.now() ? 'later' : 'come',
    wasClaimed: task.startedAt !== undefined,
    isFinished: task.finishedAt !== undefined,
    isCancelRequested: task.cancelRequestedAt !== undefined,
  };
}
