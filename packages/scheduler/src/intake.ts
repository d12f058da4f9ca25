import { LEASE_MS } from '@dispatchr/lifecycle';
import { DatabaseUnavailableError, type ClaimedTask, type Gate, type QueueSettings } from '@dispatchr/store';
import type { ClaimLimit } from './claim-limit.ts';
import type { Clock } from './clock.ts';
import { MAX_ANSWER_MS, holdTask, type HeldTask } from './held-task.ts';
import { interleaveFlowKeys } from './interleave-flow-keys.ts';
import type { Leases } from './leases.ts';
import type { Slots } from './slots.ts';
import type { UnansweredClaims } from './unanswered-claims.ts';

/** What an `Intake` needs. */
export interface IntakeOptions {
  slots: Slots;
  leases: Leases;
  unanswered: UnansweredClaims;
  limit: ClaimLimit;
  clock: Clock;
}

/** A claim to ask for. */
export interface Ask {
  /** Most tasks that it may bring. */
  readonly tasks: number;
  /** The settings of their queues. */
  readonly settings: ReadonlyMap<string, QueueSettings>;
  /** The gates that they pass. */
  readonly gates: readonly Gate[];
  readonly claim: () => Promise<ClaimedTask[]>;
}

/** When a claim without an answer counts as failed, in milliseconds: nobody may sweep its leases before. */
const MAX_CLAIM_MS = LEASE_MS / 2;

/** Asks for claims and takes over what they bring: leases are held from here on, and slots send. */
export class Intake {
  readonly #options: IntakeOptions;

  constructor(options: IntakeOptions) {
    this.#options = options;
  }

  /** Answers with what was claimed, which is in hand by then; rejects as the claim does. */
  async take(ask: Ask): Promise<readonly ClaimedTask[]> {
    const { clock, leases, limit, slots } = this.#options;
    const claimedMs = clock.monotonicMs();
    const tasks = await this.#askFor(ask);
    const receivedMs = clock.monotonicMs();
    // What comes this late is released; asked for again in one piece it would come as late.
    if (receivedMs - claimedMs > MAX_ANSWER_MS) limit.failed(ask.tasks);
    else limit.succeeded(tasks.length);
    const inOrder = tasks.toSorted(
      (a, b) => b.priority - a.priority || a.dueAt.getTime() - b.dueAt.getTime(),
    );
    const sendWithinMs = sendingTimes(ask.gates);
    const held = interleaveFlowKeys(inOrder).map((task): HeldTask =>
      holdTask(withDefaults(task, ask.settings.get(task.queue)), claimedMs, receivedMs, sendWithinMs(task)),
    );
    for (const task of held) leases.hold(task);
    slots.accept(held);
    return tasks;
  }

  async #askFor({ claim, tasks }: Ask): Promise<ClaimedTask[]> {
    const { limit, unanswered, clock } = this.#options;
    try {
      return await answeredInTime(claim(), clock);
    } catch (error) {
      limit.failed(tasks);
      unanswered.note();
      throw error;
    }
  }
}

/** What a task's submission left out is its queue's. Spec: QUE-015. */
function withDefaults(task: ClaimedTask, settings: QueueSettings | undefined): ClaimedTask {
  if (settings?.retry === undefined && settings?.timeoutMs === undefined) return task;
  const { retry, timeoutMs = settings.timeoutMs } = task;
  return { ...task, retry: { ...settings.retry, ...retry }, ...(timeoutMs !== undefined && { timeoutMs }) };
}

/** How long the sending of a task may take, by the rates that it passed; Infinity without any. */
function sendingTimes(gates: readonly Gate[]): (task: ClaimedTask) => number {
  const times = new Map(
    gates.flatMap(({ queue, flowKey, rate }) => (rate ? [[gateKey(queue, flowKey), rate.sendWithinMs]] : [])),
  );
  if (times.size === 0) return () => Infinity;
  const timeOf = (queue: string, flowKey: string): number => times.get(gateKey(queue, flowKey)) ?? Infinity;
  return ({ queue, flowKey }) => Math.min(timeOf(queue, ''), timeOf(queue, flowKey));
}

/** Neither can contain the character between them. */
function gateKey(queue: string, flowKey: string): string {
  return `${queue}\0${flowKey}`;
}

/** What comes after all when the claim has failed here is held by nobody, and so taken back. */
function answeredInTime(claim: Promise<ClaimedTask[]>, clock: Clock): Promise<ClaimedTask[]> {
  return new Promise((resolve, reject) => {
    const cancel = clock.timer(MAX_CLAIM_MS, () =>
      reject(new DatabaseUnavailableError(`no answer to a claim within ${MAX_CLAIM_MS} ms`)),
    );
    claim.then(resolve, reject).finally(cancel);
  });
}
