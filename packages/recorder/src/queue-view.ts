import type { FlowKeyState, Queue } from '@dispatchr/contract';
import { defaultWeight } from '@dispatchr/lifecycle';
import type { FlowKeyRecord, LiveCounts, QueueRecord } from '@dispatchr/store';

/** A queue as the API shows it: settings without a value left out, but for its weight. */
export function toQueue(record: QueueRecord): Queue {
  const { name, weight, maxConcurrency, rateLimit, flowLimits, retry, timeoutMs, paused } = record;
  // The order of the members is that of the specification's model, for those who read it.
  return {
    name,
    weight: weight ?? defaultWeight(name),
    ...(maxConcurrency !== undefined && { maxConcurrency }),
    ...(rateLimit && { rateLimit }),
    ...(flowLimits && { flowLimits }),
    ...(retry && { retry }),
    ...(timeoutMs !== undefined && { timeoutMs }),
    paused,
    ...toLiveCounts(record),
  };
}

/** A flow key as the API shows it. */
export function toFlowKeyState(record: FlowKeyRecord): FlowKeyState {
  const { flowKey, maxConcurrency, rateLimit } = record;
  return {
    flowKey,
    ...(maxConcurrency !== undefined && { maxConcurrency }),
    ...(rateLimit && { rateLimit }),
    ...toLiveCounts(record),
  };
}

function toLiveCounts({ pending, due, running, oldestDueAt }: LiveCounts) {
  return { pending, due, running, ...(oldestDueAt && { oldestDueAt: oldestDueAt.toISOString() }) };
}
