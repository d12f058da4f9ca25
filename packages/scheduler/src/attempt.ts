import { DEFAULTS } from '@dispatchr/contract';
import { outcomeOf, settlementOf, type Outcome } from '@dispatchr/lifecycle';
import type { SettledAttempt } from '@dispatchr/store';
import type { Clock } from './clock.ts';
import type { Deliverer } from './delivery/deliver.ts';
import { failed, type Delivered } from './delivery/exchange.ts';
import { requestOf, type DeliveryRequest } from './delivery/request-of.ts';
import { signatureHeaders, type SigningKey } from './delivery/signature.ts';
import { contextOf, databaseEpochMs, type HeldTask } from './held-task.ts';
import { taskDetails, type Logger } from './logger.ts';
import type { Settler } from './settle.ts';
import type { EndedAttempt } from './target-health/target-health.ts';

/** What an attempt needs from outside. */
export interface AttemptOptions {
  deliverer: Deliverer;
  settler: Settler;
  clock: Clock;
  random: () => number;
  logger: Logger;
  signingKeys: readonly SigningKey[];
  version: string;
  /** Called at the end of each attempt that was sent, before it is settled. */
  onEnd: (held: HeldTask, ended: EndedAttempt) => void;
}

/** The way of one attempt: sign → deliver → outcome → settlement → settle. */
export interface Attempts {
  /** Resolves when the attempt is settled; calls `delivered` once when its request is over. Never rejects. */
  run(held: HeldTask, delivered: () => void): Promise<void>;
  /** Gives a task back that was not delivered, at no cost to its budget. */
  release(held: HeldTask, why: string): Promise<void>;
}

/** Attempts with the given surroundings. */
export function createAttempts(options: AttemptOptions): Attempts {
  const { settler, clock, random, logger } = options;

  const settle = async (
    held: HeldTask,
    startedMs: number,
    delivered: Delivered,
    outcome: Outcome,
  ): Promise<void> => {
    held.settling = true;
    held.abandoned = !(await settler.settle(
      held.task,
      settledAttempt(held, outcome, delivered, startedMs, clock.monotonicMs(), random),
    ));
  };
  return {
    async run(held, delivered) {
      const startedMs = clock.monotonicMs();
      let result: Delivered;
      try {
        result = await deliver(held, startedMs, options);
      } finally {
        delivered();
      }
      const outcome = decideOutcome(held, result, clock.monotonicMs());
      options.onEnd(held, { answer: result.answer, outcome, startedMs, error: errorOf(result) });
      if (isLeaseLost(result)) {
        logger.warn(taskDetails(held.task), 'the lease was lost; the request was aborted');
        return;
      }
      await settle(held, startedMs, result, outcome);
    },
    release(held, why) {
      return settle(held, held.claimedMs, failed('released', why), { kind: 'released' });
    },
  };
}

/** Not `async`: a promise that an async function returns is one of three, for each delivery. */
function deliver(held: HeldTask, nowMs: number, options: AttemptOptions): Promise<Delivered> {
  let request: DeliveryRequest;
  try {
    request = sign(held, nowMs, requestOf(held.task, options.version), options.signingKeys);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return Promise.resolve(failed('invalid-request', message));
  }
  held.delivery = options.deliverer.deliver(request, held.task.timeoutMs ?? DEFAULTS.timeoutMs);
  return held.delivery.done;
}

function sign(
  held: HeldTask,
  nowMs: number,
  request: DeliveryRequest,
  keys: readonly SigningKey[],
): DeliveryRequest {
  const signatures = signatureHeaders(held.task.id, databaseEpochMs(held, nowMs), request.body, keys);
  request.headers.push(...signatures);
  return request;
}

function decideOutcome(held: HeldTask, delivered: Delivered, nowMs: number): Outcome {
  return outcomeOf(delivered.answer, held.retry, databaseEpochMs(held, nowMs));
}

/** What an operator is told of a failure. */
function errorOf({ status, errorCode, errorMessage }: Delivered): string {
  return status === undefined ? `${errorCode}: ${errorMessage}` : `status ${status}`;
}

/** Whoever took the lease over settles the task; two settlements of one attempt would be a lie in the record. */
function isLeaseLost(delivered: Delivered): boolean {
  return delivered.errorCode === 'lease-lost';
}

function settledAttempt(
  held: HeldTask,
  outcome: Outcome,
  { status, errorCode, errorMessage, responseBody }: Delivered,
  startedMs: number,
  nowMs: number,
  random: () => number,
): SettledAttempt {
  return {
    seq: held.task.seq,
    lease: held.task.lease,
    settlement: settlementOf(outcome, contextOf(held, nowMs), random),
    attempt: {
      outcome: outcome.kind,
      durationMs: Math.round(nowMs - startedMs),
      ...(status === undefined ? {} : { status }),
      ...(errorCode === undefined ? {} : { errorCode }),
      ...(errorMessage === undefined ? {} : { errorMessage }),
      ...(responseBody === undefined ? {} : { responseBody }),
    },
  };
}
