import { faultsThatDisturbed } from '../fault-effects.ts';
import { CLOCK_SLACK_MS, clockTime } from '../invariant.ts';
import type { RunContext } from '../run-context.ts';
import { arrivedFrom, originOf, type SentDelivery, sentDeliveriesOf } from '../sent-delivery.ts';
import type { TaskHistory } from '../task-history.ts';
import type { ShownViolation } from '../verdict.ts';
import type { Watch } from '../watch.ts';

/** What a target asked for. */
interface Hold {
  /** URL or origin. */
  readonly key: string;
  readonly answeredAt: number;
  readonly until: number;
  readonly scheduler: string;
}

/** From the answer until every scheduler knows of it, in milliseconds. Spec: HLD-012. */
const KNOWN_AFTER_MS = 1000;

const MAX_RETRY_AFTER_MS = 3_600_000;

/** Who asks for time has it. Spec: HLD-010, HLD-011, HLD-012. */
export function heldTargetsWait(): Watch {
  const holds: Hold[] = [];
  const sent = new Map<string, SentDelivery[]>();
  return {
    name: 'hold-back',
    sentence: 'nothing is delivered to a URL (429) or an origin (503) that asked for time, while it lasts',
    collect(task) {
      holds.push(...holdsOf(task));
      for (const delivery of sentDeliveriesOf(task)) {
        if (delivery.wasRun) continue;
        for (const key of [delivery.url, delivery.origin]) {
          const group = sent.get(key);
          if (group === undefined) sent.set(key, [delivery]);
          else group.push(delivery);
        }
      }
    },
    violations(run) {
      for (const group of sent.values()) group.sort((a, b) => a.at - b.at);
      return holds.flatMap((hold) => sentIn(run, hold, sent.get(hold.key) ?? []));
    },
  };
}

function holdsOf({ submits, attempts }: TaskHistory): Hold[] {
  const plan = submits[0]?.submit.plan;
  if (plan === undefined) return [];
  return attempts.flatMap(({ scheduler, deliveries, end }) =>
    deliveries.flatMap(({ answered }) => {
      const { status, retryAfterMs = 0, at = 0 } = answered ?? {};
      const isHeard = end?.ended?.outcome === 'retryable' && end.ended.status === status;
      if (!isHeard || (status !== 429 && status !== 503) || retryAfterMs <= KNOWN_AFTER_MS) return [];
      const until = at + Math.min(retryAfterMs, MAX_RETRY_AFTER_MS);
      return [{ key: status === 429 ? plan : originOf(plan), answeredAt: at, until, scheduler }];
    }),
  );
}

/** Who was cut off meanwhile, or could not say what it was answered, is excused. */
function sentIn(run: RunContext, hold: Hold, sent: readonly SentDelivery[]): ShownViolation[] {
  const from = hold.answeredAt + KNOWN_AFTER_MS;
  const first = firstAfter(sent, from);
  const found: ShownViolation[] = [];
  for (let index = first; index < sent.length; index += 1) {
    const delivery = sent[index]!;
    if (delivery.at >= hold.until - CLOCK_SLACK_MS) break;
    if (arrivedFrom(run, delivery.at) <= from) continue;
    const span = { from: hold.answeredAt, until: delivery.at };
    const isExcused = [hold.scheduler, delivery.scheduler].some(
      (scheduler) => faultsThatDisturbed(run, scheduler, span).length > 0,
    );
    if (isExcused) continue;
    const held = `${hold.key} is held from ${clockTime(hold.answeredAt)} until ${clockTime(hold.until)}`;
    const which = `claimed ${clockTime(delivery.claimedAt)} by ${run.schedulerName(delivery.scheduler)}`;
    const says = `delivered to ${delivery.url} at ${clockTime(delivery.at)} (${which}), though ${held}`;
    found.push({ token: delivery.token, says, timeline: [] });
  }
  return found;
}

function firstAfter(sent: readonly SentDelivery[], from: number): number {
  let [low, high] = [0, sent.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sent[middle]?.at ?? Infinity) > from) high = middle;
    else low = middle + 1;
  }
  return low;
}
