import type { Feature, FlowLimitsUpdate, QueueUpdate } from '@dispatchr/contract';
import type { ProblemAnswer } from '../problems.ts';
import { isQueueName, queueNotFound } from '../queue-name.ts';
import type { RecorderContext } from '../recorder-options.ts';
import { featureNotSupported } from './submit-task.ts';

/** What an operation on a queue is refused for before the store is asked; undefined if for nothing. Spec: FEA-008. */
export function refuseQueue(
  name: string,
  needed: readonly Feature[],
  { features }: RecorderContext,
): ProblemAnswer<'feature-not-supported' | 'queue-not-found'> | undefined {
  const missing = needed.find((feature) => !features.includes(feature));
  if (missing !== undefined) return featureNotSupported(missing);
  return isQueueName(name) ? undefined : queueNotFound(name);
}

/** The features that a put of a queue needs. */
export function featuresOfPut(change: QueueUpdate): Feature[] {
  return [
    'queues',
    ...(change.weight === undefined ? [] : (['weights'] as const)),
    ...(isOfLimits(change) ? (['rate-limits'] as const) : []),
    ...(change.flowLimits === undefined ? [] : (['flow-keys'] as const)),
  ];
}

function isOfLimits({ maxConcurrency, rateLimit }: FlowLimitsUpdate): boolean {
  return maxConcurrency !== undefined || rateLimit !== undefined;
}
