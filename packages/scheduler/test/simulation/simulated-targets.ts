import type { ErrorCode } from '@dispatchr/contract';
import type { Deliverer, Delivery as DeliveryUnderWay } from '../../src/delivery/deliver.ts';
import { failed, type Delivered } from '../../src/delivery/exchange.ts';
import type { DeliveryRequest } from '../../src/delivery/request-of.ts';
import type { Armed } from './armed-faults.ts';
import type { Delivery } from './history.ts';
import type { SimulatedProcess } from './simulated-process.ts';
import type { TargetAnswer } from './task-plans.ts';
import type { World } from './world.ts';

/** The longest that an answer is on its way, in milliseconds. */
export const LONGEST_WAY_MS = 2;

const REFUSED: TargetAnswer = { kind: 'refused', afterMs: 1 };

/** A deliverer of one scheduler's process; the targets answer by the plans of their tasks. */
export function createSimulatedDeliverer(world: World, process: SimulatedProcess): Deliverer {
  const underWay = new Set<SimulatedExchange>();
  process.onEnd(() => {
    for (const exchange of underWay) exchange.disconnect();
  });
  return {
    deliver(request, timeoutMs) {
      const exchange = new SimulatedExchange(world, process, request, timeoutMs);
      underWay.add(exchange);
      void exchange.done.finally(() => underWay.delete(exchange));
      return exchange;
    },
    close() {
      for (const exchange of underWay) exchange.abort('released', 'the scheduler is closed');
    },
  };
}

/** One request and what its target makes of it. */
class SimulatedExchange implements DeliveryUnderWay {
  readonly done: Promise<Delivered>;
  readonly #world: World;
  readonly #process: SimulatedProcess;
  readonly #log: Delivery;
  readonly #fault: Armed | undefined;
  readonly #cancelDeadline: () => void;
  #resolve: (delivered: Delivered) => void = () => {};

  constructor(world: World, process: SimulatedProcess, request: DeliveryRequest, timeoutMs: number) {
    this.#world = world;
    this.#process = process;
    this.done = new Promise((resolve) => (this.#resolve = resolve));
    this.#log = begin(world, process, request);
    world.history.deliveries.push(this.#log);
    this.#fault = world.faults.strikeDelivery();
    this.#cancelDeadline = process.clock.timer(timeoutMs, () =>
      process.clock.afterInput(() => this.abort('timeout', `no status within ${timeoutMs} ms`)),
    );
    this.#send();
  }

  abort(code: ErrorCode, message: string): void {
    this.disconnect();
    this.#report(failed(code, message));
  }

  /** The target sees the connection closed. */
  disconnect(): void {
    this.#log.endedMs ??= this.#world.time.nowMs();
  }

  #send(): void {
    const { time, random, history, planOf, onCancelRace, outages } = this.#world;
    const { id, attempt, scheduler } = this.#log;
    const fault = this.#fault;
    const fromMs = time.nowMs();
    if (fault !== undefined)
      history.faults.push({ kind: fault.kind, whom: scheduler, fromMs, untilMs: fromMs + 60_000 });
    if (fault?.kind === 'kill-at-delivery') time.in(fault.random.between(0, 4), () => this.#process.end());
    const plan = planOf(id);
    const isDown = plan !== undefined && outages.has(plan.origin);
    const answer = isDown ? REFUSED : this.#answer(plan?.answerOf(attempt) ?? { kind: 'hang' });
    const underWayMs = 'afterMs' in answer ? answer.afterMs : 2000;
    if (plan?.isCancelledInFlight === true && attempt === 1)
      time.in(random.between(0, 0.9 * underWayMs), () => onCancelRace(id));
    time.in(random.between(0.2, 3), () => this.#reach(answer));
  }

  #answer(planned: TargetAnswer): TargetAnswer {
    const { kind, random } = this.#fault ?? {};
    if (kind === undefined || random === undefined || planned.kind === 'blocked') return planned;
    if (kind === 'target-hangs') return { kind: 'hang' };
    if (kind === 'target-resets') return { kind: 'reset', afterMs: random.between(0, 500) };
    const afterMs = random.between(30_500, 48_000);
    if (kind === 'target-outlives-lease') return { kind: 'status', status: 200, afterMs };
    return planned;
  }

  #reach(answer: TargetAnswer): void {
    const { time } = this.#world;
    if (this.#log.endedMs !== undefined) return;
    if (answer.kind !== 'blocked' && answer.kind !== 'refused') this.#log.reachedMs = time.nowMs();
    if (answer.kind !== 'hang') time.in(answer.afterMs, () => this.#end(answer));
  }

  #end(answer: Exclude<TargetAnswer, { kind: 'hang' }>): void {
    const { time, random, database, onCancelRace } = this.#world;
    const log = this.#log;
    if (log.endedMs !== undefined) return;
    log.endedMs = time.nowMs();
    if (answer.kind === 'status') {
      log.answeredMs = time.nowMs();
      log.answeredDbMs = database.nowMs();
      log.status = answer.status;
      log.retryAfterMs = answer.retryAfterS === undefined ? undefined : answer.retryAfterS * 1000;
    }
    const fault = this.#fault?.kind;
    if (fault === 'cancel-races-answer') time.in(random.between(0, 12), () => onCancelRace(log.id));
    const delivered =
      fault === 'target-answer-lost' ? failed('connection-reset', 'reset') : deliveredOf(answer);
    time.in(random.between(0.2, LONGEST_WAY_MS), () =>
      this.#process.receive(() => {
        if (fault === 'kill-at-answer') this.#process.end();
        else this.#report(delivered);
      }),
    );
  }

  #report(delivered: Delivered): void {
    this.#cancelDeadline();
    this.#log.seen ??= delivered.errorCode ?? String(delivered.status);
    this.#log.seenMs ??= this.#world.time.nowMs();
    this.#resolve(delivered);
  }
}

function begin({ time, database }: World, process: SimulatedProcess, request: DeliveryRequest): Delivery {
  const header = (name: string): string => request.headers[request.headers.indexOf(name) + 1] ?? '';
  return {
    id: header('Dispatchr-Task-Id'),
    attempt: Number(header('Dispatchr-Attempt')),
    scheduler: process.name,
    target: request.target,
    body: request.body?.toString() ?? '',
    sentMs: time.nowMs(),
    sentDbMs: database.nowMs(),
    sentLocalMs: process.clock.monotonicMs(),
    reachedMs: undefined,
    answeredMs: undefined,
    answeredDbMs: undefined,
    status: undefined,
    retryAfterMs: undefined,
    endedMs: undefined,
    seen: undefined,
    seenMs: undefined,
  };
}

function deliveredOf(answer: Exclude<TargetAnswer, { kind: 'hang' }>): Delivered {
  if (answer.kind === 'blocked') return failed('target-blocked', 'the address is not allowed');
  if (answer.kind === 'refused') return failed('connection-refused', 'connection refused');
  if (answer.kind === 'reset') return failed('connection-reset', 'the connection was reset');
  const { status, retryAfterS, noRetry } = answer;
  return {
    answer: {
      kind: 'response',
      status,
      ...(retryAfterS !== undefined && { retryAfter: String(retryAfterS) }),
      ...(noRetry === true && { dispatchrRetry: 'no' }),
    },
    status,
  };
}
