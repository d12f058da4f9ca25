import { readArrayLiteral, readNumbers } from './array-literal-reader.ts';
import { isUnexpired } from './rules.ts';
import { toDate, type SimulatedStatement, type StatementContext, type Row } from './statement-run.ts';
import type { UnfinishedTask } from './tables.ts';

/** Mirrors find-due-lanes.ts. */
export const findDueLanes: SimulatedStatement = ({ tables, nowMs }) => {
  const lanes = new Map<string, { queue: string; priority: number; due: boolean; nextDueAt: number }>();
  for (const { queue, priority, unfinished: row } of tables.unfinished.values()) {
    const name = `${queue}/${priority}`;
    let lane = lanes.get(name);
    if (lane === undefined) lanes.set(name, (lane = { queue, priority, due: false, nextDueAt: Infinity }));
    if (row.dueAt > nowMs) lane.nextDueAt = Math.min(lane.nextDueAt, row.dueAt);
    else if (row.state === 'pending' && isUnexpired(row, nowMs)) lane.due = true;
  }
  const rows = [...lanes.values()].map(({ queue, priority, due, nextDueAt }) => ({
    queue,
    priority,
    due: due ? true : null,
    next_due_in_ms: nextDueAt === Infinity ? null : nextDueAt - nowMs,
    as_of: toDate(nowMs),
  }));
  return { rows };
};

/** Mirrors claim-due-tasks.ts. */
export const claimDueTasks: SimulatedStatement = (context, values) => {
  const { tables, rules, nowMs } = context;
  const due = findDue(context, values);
  const within = withinLimits(due, values);
  const [scheduler, leaseMs] = [values[9] as string, Number(values[10])];
  return {
    found: due.map(({ seq }) => seq),
    locks: rules.claimsLock,
    stillMatches: () => true,
    write: () =>
      within.flatMap(({ seq }) => {
        const task = tables.waitingOrRunning(seq);
        if (task === undefined) return [];
        claim(context, task, scheduler, leaseMs);
        return [claimedRow(task, nowMs)];
      }),
  };
};

function findDue({ tables, rules, nowMs, isLocked }: StatementContext, values: readonly unknown[]) {
  const [queues, quotas] = [readArrayLiteral(values[0]), readNumbers(values[1])];
  const [priorities, firsts, lasts] = [
    readNumbers(values[2]),
    readNumbers(values[3]),
    readNumbers(values[4]),
  ];
  const exceptOrigins = new Set(readArrayLiteral(values[5]));
  const claimable = [...tables.unfinished.values()].filter(
    ({ seq, origin, unfinished }) =>
      rules.isClaimable(unfinished, nowMs) &&
      !exceptOrigins.has(origin) &&
      !(rules.claimsLock && isLocked(seq)),
  );
  return queues.flatMap((queue, index) =>
    priorities
      .slice((firsts[index] ?? 1) - 1, lasts[index])
      .flatMap((priority) =>
        claimable
          .filter((task) => task.queue === queue && task.priority === priority)
          .toSorted((a, b) => a.unfinished.dueAt - b.unfinished.dueAt),
      )
      .slice(0, quotas[index]),
  );
}

function withinLimits(due: readonly UnfinishedTask[], values: readonly unknown[]): UnfinishedTask[] {
  const limits = readNumbers(values[7]);
  const left = new Map(readArrayLiteral(values[6]).map((origin, index) => [origin, limits[index] ?? 0]));
  const inOrder = due.toSorted((a, b) => b.priority - a.priority || a.unfinished.dueAt - b.unfinished.dueAt);
  return inOrder.filter(({ origin }) => {
    const room = left.get(origin) ?? Number(values[8]);
    left.set(origin, room - 1);
    return room > 0;
  });
}

function claim(context: StatementContext, task: UnfinishedTask, scheduler: string, leaseMs: number): void {
  const { tables, rules, nowMs, client } = context;
  const row = task.unfinished;
  const before = { ...row };
  row.state = 'running';
  row.attempt = rules.attemptOfClaim(row);
  row.lease = tables.nextLease();
  row.leaseUntil = rules.leaseUntil(row, nowMs, leaseMs, client);
  row.scheduler = scheduler;
  row.startedAt = nowMs;
  row.firstClaimedAt ??= nowMs;
  context.log('claim', task, before);
}

function claimedRow(task: UnfinishedTask, nowMs: number): Row {
  const { unfinished: row } = task;
  return {
    ...contentColumns(task),
    seq: task.seq,
    lease: row.lease,
    attempt: row.attempt,
    attempts_used: row.attemptsUsed,
    due_at: toDate(row.dueAt),
    started_at: toDate(row.startedAt),
    origin: task.origin,
    priority: task.priority,
    since_first_claim_ms: nowMs - (row.firstClaimedAt ?? nowMs),
    expires_in_ms: row.expiresAt === null ? null : row.expiresAt - nowMs,
  };
}

/** What the producer gave, in the names of the columns. */
export function contentColumns(task: UnfinishedTask | Omit<UnfinishedTask, 'unfinished'>): Row {
  return {
    id: task.id,
    target: task.target,
    task_name: task.taskName,
    queue: task.queue,
    flow_key: task.flowKey,
    timeout_ms: task.timeoutMs,
    retry: task.retry,
    task_args: task.taskArgs,
    request: task.request,
    headers: task.headers,
    idempotency_key: task.idempotencyKey,
    traceparent: task.traceparent,
    tracestate: task.tracestate,
  };
}
