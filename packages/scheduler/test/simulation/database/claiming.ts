import { readArrayLiteral, readRows } from './array-literal-reader.ts';
import type { Row } from './row.ts';
import { toDate, type StatementContext } from './statement-run.ts';
import type { UnfinishedTask } from './tables.ts';

/** Who claims, and what the claim leaves out. Mirrors the parameters of claim-parts.ts. */
export interface Claimant {
  readonly exceptOrigins: ReadonlySet<string | null>;
  readonly heldUrls: ReadonlySet<string | null>;
  readonly originLimits: ReadonlyMap<string | null, number>;
  readonly otherOriginLimit: number;
  readonly scheduler: string;
  readonly leaseMs: number;
}

/** Reads the parameters that every claim has behind its own. */
export function readClaimant(values: readonly unknown[]): Claimant {
  const [exceptOrigins, heldUrls, , limitedOrigins, limits, otherOriginLimit, scheduler, leaseMs] = values;
  return {
    exceptOrigins: new Set(readArrayLiteral(exceptOrigins)),
    heldUrls: new Set(readArrayLiteral(heldUrls)),
    originLimits: new Map(
      readRows({ origin: limitedOrigins, limit: limits }).map(({ origin, limit }) => [origin, Number(limit)]),
    ),
    otherOriginLimit: Number(otherOriginLimit),
    scheduler: scheduler as string,
    leaseMs: Number(leaseMs),
  };
}

/** Whether a task may be claimed, which is never waited for. */
export function mayClaim(
  { rules, nowMs, isLocked }: StatementContext,
  { exceptOrigins, heldUrls }: Claimant,
): (task: UnfinishedTask) => boolean {
  return ({ seq, origin, target, unfinished }) =>
    rules.isClaimable(unfinished, nowMs) &&
    !exceptOrigins.has(origin) &&
    !heldUrls.has(target) &&
    !(rules.claimsLock && isLocked(seq));
}

/** A task that was found, with the part of its queue's quota that is used up by then. */
export interface Placed {
  readonly task: UnfinishedTask;
  readonly part: number;
}

/** Of each origin so many, those first of which the least of their queue's quota was used up. */
export function withinOriginLimits(placed: readonly Placed[], claimant: Claimant): UnfinishedTask[] {
  const places = new Map<string, number>();
  return placed
    .toSorted((a, b) => a.part - b.part)
    .filter(({ task: { origin } }) => {
      const place = (places.get(origin) ?? 0) + 1;
      places.set(origin, place);
      return place <= (claimant.originLimits.get(origin) ?? claimant.otherOriginLimit);
    })
    .map(({ task }) => task);
}

/** Claims tasks, counted by the gates that `bitsOf` tells. */
export function claimAll(
  context: StatementContext,
  claimed: readonly UnfinishedTask[],
  claimant: Claimant,
  bitsOf: (task: UnfinishedTask) => number,
): Row[] {
  return claimed.flatMap(({ seq }) => {
    const task = context.tables.waitingOrRunning(seq);
    if (task === undefined) return [];
    claim(context, task, claimant, bitsOf(task));
    return [claimedRow(task, context.nowMs)];
  });
}

function claim(
  context: StatementContext,
  task: UnfinishedTask,
  { scheduler, leaseMs }: Claimant,
  bits: number,
): void {
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
  row.gate = bits;
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
    gate: row.gate,
    run_at: toDate(row.runAt),
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
