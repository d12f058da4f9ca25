import type { RetryPolicy } from '@dispatchr/contract';
import { resolveRetryPolicy, type AttemptContext } from '@dispatchr/lifecycle';
import type { ClaimedTask } from '@dispatchr/store';
import type { Delivery } from './delivery/deliver.ts';

/** A claimed task while this process holds its lease. */
export interface HeldTask {
  readonly task: ClaimedTask;
  /** With every member that the task leaves out. */
  readonly retry: RetryPolicy;
  /** On the monotonic clock, just before the claim was asked for. */
  readonly claimedMs: number;
  /** On the monotonic clock, when the claim was answered. */
  readonly receivedMs: number;
  /** On the monotonic clock: when it is released unless it was sent. */
  readonly staleAtMs: number;
  /** Whether a gate counts it, or a rate paid for it. */
  readonly isLimited: boolean;
  /** While its attempt is under way. */
  delivery?: Delivery;
  /** Its attempt ended; the lease is being given back. */
  settling: boolean;
  /** The lease stands no longer; whoever has it now settles the task. */
  lost: boolean;
  /** Its attempt ended and could not be settled. */
  abandoned: boolean;
}

/**
 * How long a claimed task may wait for its slot, in milliseconds; after it the task is released for others. Below a
 * second, so that a second after a pause nothing of the queue is sent any more. Spec: QUE-020.
 */
export const MAX_WAIT_MS = 800;

/** How long the claim's answer may take on top, in milliseconds: with a slow database late is better than never. */
export const MAX_ANSWER_MS = 5000;

/**
 * Holds a task whose claim was asked for at `claimedMs` and answered at `receivedMs`.
 *
 * @param sendWithinMs - milliseconds from the claim in which it must be sent, where a rate paid for it.
 */
export function holdTask(
  task: ClaimedTask,
  claimedMs: number,
  receivedMs: number,
  sendWithinMs = Infinity,
): HeldTask {
  const waitsUntilMs = Math.min(receivedMs, claimedMs + MAX_ANSWER_MS) + MAX_WAIT_MS;
  const staleAtMs = Math.min(waitsUntilMs, claimedMs + sendWithinMs);
  const isLimited = task.isGated || sendWithinMs < Infinity;
  return {
    task,
    retry: resolveRetryPolicy(task.retry),
    claimedMs,
    receivedMs,
    staleAtMs,
    isLimited,
    settling: false,
    lost: false,
    abandoned: false,
  };
}

/** About how much memory a task takes, in bytes. */
export function bytesOf({ taskArgs, request }: ClaimedTask): number {
  return 1000 + (taskArgs?.length ?? 0) + (request?.body?.length ?? 0);
}

/** Milliseconds since 1970 by the database's clock, as far as this process can know them. */
export function databaseEpochMs(held: HeldTask, nowMs: number): number {
  return held.task.claimedAt.getTime() + (nowMs - held.claimedMs);
}

/** What the settlement of an attempt that ends at `nowMs` depends on. */
export function contextOf({ task, retry, claimedMs }: HeldTask, nowMs: number): AttemptContext {
  const elapsedMs = nowMs - claimedMs;
  return {
    attemptsUsed: task.attemptsUsed,
    retry,
    sinceFirstClaimMs: task.sinceFirstClaimMs + elapsedMs,
    ...(task.expiresInMs === undefined ? {} : { expiresInMs: task.expiresInMs - elapsedMs }),
    // Counts only when this attempt is lost too, and that is for whoever takes it over to find out.
    previousLeaseLost: false,
  };
}
