// Defaults and limits, so that no number is typed twice.
import { GENERATED, literal } from './write.mjs';

/** Defaults and bounds, read out of the Recorder's OpenAPI document. */
export function limitsModule(document) {
  const { schemas } = document.components;
  return `${GENERATED}
/** What counts when a producer leaves a member out. Read out of the OpenAPI document. */
export const DEFAULTS = ${literal(defaultsOf(schemas))} as const;

/** Bounds of the specification, and the limits the reference implementation declares by default. Read out of the OpenAPI document. */
export const LIMITS = ${literal(limitsOf(document))} as const;
`;
}

function defaultsOf({ TaskSubmission, RetryPolicySubmission, RequestTemplate, SchedulePut }) {
  const { queue, priority, timeoutMs } = memberDefaults(TaskSubmission);
  return {
    queue,
    priority,
    timeoutMs,
    retry: memberDefaults(RetryPolicySubmission),
    request: memberDefaults(RequestTemplate),
    schedule: memberDefaults(SchedulePut),
  };
}

function memberDefaults(schema) {
  const withDefault = Object.entries(schema.properties).filter(([, member]) => member.default !== undefined);
  return Object.fromEntries(withDefault.map(([name, member]) => [name, member.default]));
}

function limitsOf({ components: { schemas }, paths }) {
  const { TaskSubmission: task, RetryPolicySubmission: retry, Attempt: attempt } = schemas;
  const pageLimit = paths['/v1/tasks'].get.parameters.find(({ name }) => name === 'limit');
  return {
    ...memberDefaults(schemas.Limits),
    defaultPageSize: pageLimit.schema.default,
    maxTargetLength: schemas.TargetUrl.maxLength,
    maxTaskNameLength: schemas.TaskName.maxLength,
    maxQueueLength: schemas.QueueName.maxLength,
    maxFlowKeyLength: schemas.FlowKey.maxLength,
    minPriority: task.properties.priority.minimum,
    maxPriority: task.properties.priority.maximum,
    maxDelayMs: task.properties.delayMs.maximum,
    maxMultiplier: retry.properties.multiplier.maximum,
    maxDurationMs: retry.properties.maxDurationMs.maximum,
    maxStatusRules: retry.properties.failOn.maxItems,
    maxResponseBodyBytes: attempt.properties.responseBody.maxLength,
  };
}
