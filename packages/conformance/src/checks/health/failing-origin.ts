import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from '../../receiver/delivery.ts';
import type { Target } from '../../receiver/target.ts';
import type { Json } from '../../run/api.ts';
import type { CheckContext } from '../../run/check-context.ts';

/** How long the health of a target may take to be known to every scheduler, and to be shown. Spec: HLD-002, HLD-012. */
export const KNOWN_AFTER_MS = 1000;

const LONGEST_WAIT_MS = 3_600_000;

/** An answer that can be changed while deliveries arrive; those in flight are counted. */
export class ChangingAnswer {
  current: Answer;
  /** Deliveries that were not answered yet. */
  inFlight = 0;
  /** The most of them at a time since it was set to 0. */
  most = 0;

  constructor(first: Answer) {
    this.current = first;
  }

  readonly answer: Answer = async (wire, delivery) => {
    this.inFlight += 1;
    this.most = Math.max(this.most, this.inFlight);
    void delivery.closed.then(() => this.#ended(delivery.number));
    const { current } = this;
    const parts = await (typeof current === 'function' ? current(wire, delivery) : current);
    const { afterMs = 0, ...rest } = typeof parts === 'object' ? parts : {};
    if (afterMs > 0) await sleep(afterMs);
    // Taken off before it is written, so that the next attempt is never counted beside one that is answered.
    this.#ended(delivery.number);
    return typeof parts === 'object' ? (rest as typeof parts) : parts;
  };

  readonly #endedNumbers = new Set<number>();

  #ended(number: number): void {
    if (this.#endedNumbers.has(number)) return;
    this.#endedNumbers.add(number);
    this.inFlight -= 1;
  }
}

/** A retry policy that leaves a task alone for the rest of the run after its first attempt. */
export function onceARun(t: CheckContext) {
  const pauseMs = Math.min(LONGEST_WAIT_MS, t.discovery.limits.maxBackoffMs);
  return t.retry({ minBackoffMs: pauseMs, maxBackoffMs: pauseMs });
}

/** A retry policy that tries again until the run is over. */
export function againAndAgain(t: CheckContext) {
  return t.retry({ maxAttempts: Math.min(1000, t.discovery.limits.maxAttempts) });
}

/** Submits so many tasks for one URL in one batch, as far as the batch may be so long; answers their ids. */
export async function submitMany(
  t: CheckContext,
  target: Target | string,
  count: number,
  members: object = {},
): Promise<readonly string[]> {
  const length = Math.min(count, t.discovery.limits.maxBatchTasks);
  const tasks = Array.from({ length }, () => t.taskFor(target, members));
  const response = await t.api.submitBatch(tasks);
  t.status(t.mainRequirement, response, 201);
  return response.json.tasks.map(({ task }: Json): string => task.id);
}

/** The origin as the list of targets shows it; `undefined` if it is not in it. */
export async function listedOrigin(t: CheckContext, url: string): Promise<Json> {
  const { origin } = new URL(url);
  const response = await t.api.request('GET', `/v1/targets?origin=${encodeURIComponent(origin)}`);
  t.status(t.mainRequirement, response, 200);
  return response.json.targets[0];
}

/** Reads the list of targets until the origin is in one of the states, `healthy` if it is not listed; answers it. */
export async function untilOrigin(t: CheckContext, url: string, ...states: string[]): Promise<Json> {
  const deadline = performance.now() + t.timing.patienceMs;
  for (;;) {
    const found = await listedOrigin(t, url);
    const state: string = found?.state ?? 'healthy';
    if (states.includes(state)) return found;
    t.ok(
      t.mainRequirement,
      `${new URL(url).origin} becomes ${states.join(' or ')}`,
      performance.now() < deadline,
      state,
    );
    await sleep(50);
  }
}

/** Waits until what was in flight when a circuit opened has ended, however slow the machine: no more than a probe is left. */
export async function untilProbesOnly(t: CheckContext, url: string): Promise<void> {
  const deadline = performance.now() + 2 * t.timing.patienceMs;
  for (;;) {
    const running: number = (await listedOrigin(t, url))?.running ?? 0;
    if (running <= 1) return;
    t.ok(t.mainRequirement, 'what was in flight ends', performance.now() < deadline, running);
    await sleep(50);
  }
}

/** A check of health breaks its origin, so it needs one of its own. */
export function requireOwnOrigin(t: CheckContext): void {
  if (t.origins.isShared) t.skip('all targets share one URL, so that there is no origin of its own to break');
}

/** A target on one more origin of the check's own. */
export async function otherOrigin(t: CheckContext, ...script: Answer[]): Promise<Target> {
  const receiver = await t.origins.listen();
  return receiver.add(`http://${t.origins.host}:${receiver.port}`, `/${t.newId('other')}`, script);
}
