import type { QueueSettings } from '../../events.ts';
import { CLOCK_SLACK_MS, clockTime } from '../invariant.ts';
import { settingsWithin } from '../queue-settings.ts';
import type { RunContext } from '../run-context.ts';
import { type SentDelivery, sentDeliveriesOf } from '../sent-delivery.ts';
import type { ShownViolation } from '../verdict.ts';
import type { Watch } from '../watch.ts';

/** Neither a queue nor a flow key has more in flight than it may. Spec: QUE-061, FLO-021. */
export function queuesKeepConcurrency(): Watch {
  const byQueue = new Map<string, SentDelivery[]>();
  const byFlowKey = new Map<string, SentDelivery[]>();
  return {
    name: 'concurrency',
    sentence: 'a queue and a flow key have no more deliveries in flight than maxConcurrency',
    collect(task) {
      for (const delivery of sentDeliveriesOf(task)) {
        const { queue, flowKey } = delivery;
        if (queue === undefined) continue;
        add(byQueue, queue, delivery);
        if (flowKey !== undefined) add(byFlowKey, `${queue} ${flowKey}`, delivery);
      }
    },
    violations: (run) => [
      ...[...byQueue].flatMap(([of, sent]) => beyond(run, of, sent, ({ maxConcurrency: most }) => most)),
      ...[...byFlowKey].flatMap(([of, sent]) =>
        beyond(run, of, sent, ({ flowLimits }) => (flowLimits === null ? null : flowLimits?.maxConcurrency)),
      ),
    ],
  };
}

function add(groups: Map<string, SentDelivery[]>, name: string, delivery: SentDelivery): void {
  const group = groups.get(name);
  if (group === undefined) groups.set(name, [delivery]);
  else group.push(delivery);
}

function beyond(
  run: RunContext,
  of: string,
  sent: readonly SentDelivery[],
  limitOf: (settings: QueueSettings) => number | null | undefined,
): ShownViolation[] {
  const queue = sent[0]?.queue ?? '';
  if (!run.queueCalls.some((call) => call.queue === queue && limitOf(call.settings) !== undefined)) return [];
  let open: SentDelivery[] = [];
  return sent
    .toSorted((a, b) => a.at - b.at)
    .flatMap((delivery) => {
      open = [...open.filter(({ until }) => until - CLOCK_SLACK_MS > delivery.at), delivery];
      // What it had to obey was in force at its claim, or came while it was on its way.
      const span = { from: delivery.claimedAt, until: delivery.at };
      const limits = settingsWithin(run, queue, limitOf, null, span);
      const most = Math.max(...limits.map((limit) => limit ?? Infinity));
      // One whose lease ran out on the way is on nobody's account.
      if (open.length <= most || delivery.until <= delivery.at) return [];
      const says = `${of} had ${open.length} deliveries in flight at ${clockTime(delivery.at)}, ${most} allowed`;
      return [{ token: delivery.token, says, timeline: open.map(describe) }];
    });
}

function describe({ token, scheduler, claimedAt, at, until }: SentDelivery): string {
  return `${token} of ${scheduler}: claimed ${clockTime(claimedAt)}, received ${clockTime(at)}, over ${clockTime(until)}`;
}
