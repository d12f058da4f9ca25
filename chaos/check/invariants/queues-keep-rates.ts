import type { QueueSettings } from '../../events.ts';
import { clockTime } from '../invariant.ts';
import { settingsWithin } from '../queue-settings.ts';
import type { RunContext } from '../run-context.ts';
import { arrivedFrom, type SentDelivery, sentDeliveriesOf, wasHeldUp } from '../sent-delivery.ts';
import type { ShownViolation } from '../verdict.ts';
import type { Watch } from '../watch.ts';

type Rate = NonNullable<QueueSettings['rateLimit']>;

/** Deliveries start no more often than they may. Spec: QUE-060. */
export function queuesKeepRates(): Watch {
  const byQueue = new Map<string, SentDelivery[]>();
  return {
    name: 'rate',
    sentence: 'in no stretch of time do more deliveries of a queue start than its rateLimit allows',
    collect(task) {
      for (const delivery of sentDeliveriesOf(task)) {
        const { queue, wasRun } = delivery;
        // What an operator runs goes past the rate.
        if (queue === undefined || wasRun) continue;
        byQueue.set(queue, [...(byQueue.get(queue) ?? []), delivery]);
      }
    },
    violations: (run) => [...byQueue].flatMap(([queue, sent]) => tooMany(run, queue, sent)),
  };
}

/** Stretches under one rate are judged, each by itself; what stood still with its scheduler is in none. */
function tooMany(run: RunContext, queue: string, sent: readonly SentDelivery[]): ShownViolation[] {
  if (!run.queueCalls.some((call) => call.queue === queue && call.settings.rateLimit)) return [];
  const found: ShownViolation[] = [];
  let stretch = new Stretch(run, null);
  for (const delivery of sent.toSorted((a, b) => a.at - b.at)) {
    if (wasHeldUp(run, delivery)) continue;
    const rate = rateOf(run, queue, delivery);
    if (JSON.stringify(rate) !== JSON.stringify(stretch.rate)) stretch = new Stretch(run, rate);
    const says = stretch.add(delivery);
    if (says !== undefined)
      found.push({ token: delivery.token, says: `${queue} ${says}`, timeline: stretch.lines() });
  }
  return found;
}

/** The rate that a delivery had to obey; null if none, or one of several around a change. */
function rateOf(run: RunContext, queue: string, { claimedAt, at }: SentDelivery): Rate | null {
  const span = { from: claimedAt, until: at };
  const rates = settingsWithin<Rate | null>(run, queue, ({ rateLimit }) => rateLimit, null, span);
  const texts = new Set(rates.map((rate) => JSON.stringify(rate)));
  return texts.size === 1 ? (rates[0] ?? null) : null;
}

/** Deliveries under one rate; the worst window that ends at each is found in one pass. */
class Stretch {
  readonly rate: Rate | null;
  readonly #run: RunContext;
  readonly #starts: SentDelivery[] = [];
  #lowest = Infinity;
  #worstFrom = 0;

  constructor(run: RunContext, rate: Rate | null) {
    this.#run = run;
    this.rate = rate;
  }

  /** Says what is wrong once this delivery is in it. */
  add(delivery: SentDelivery): string | undefined {
    if (this.rate === null) return undefined;
    const { perSecond, burst } = this.rate;
    const count = this.#starts.push(delivery);
    const from = arrivedFrom(this.#run, delivery.at);
    const against = count - 1 - (from / 1000) * perSecond;
    if (against < this.#lowest) [this.#lowest, this.#worstFrom] = [against, count - 1];
    const allowed = Math.max(burst, 1 + perSecond * 0.05);
    const started = count - (delivery.at / 1000) * perSecond - this.#lowest;
    if (started <= allowed + ROUNDING) return undefined;
    const first = this.#starts[this.#worstFrom] ?? delivery;
    const what = `${count - this.#worstFrom} deliveries from ${clockTime(first.at)} to ${clockTime(delivery.at)}`;
    return `started ${what}, at ${perSecond} a second and ${burst} at once`;
  }

  lines(): string[] {
    return this.#starts
      .slice(this.#worstFrom)
      .map(
        ({ token, scheduler, claimedAt, at }) =>
          `${clockTime(at)} ${token}, claimed ${clockTime(claimedAt)} by ${this.#run.schedulerName(scheduler)}`,
      );
  }
}

/** Of instants in whole milliseconds, in starts. */
const ROUNDING = 0.05;
