import type { Delivery } from './delivery.ts';

type HeaderFacts = Omit<Delivery, 'taskName' | 'taskArgs' | 'rawBody'>;

/** What the headers of a delivery say, or which of them is wrong, in the form "expected … got …". */
export function readDeliveryHeaders(
  header: (name: string) => string | undefined,
): HeaderFacts | { fault: string } {
  const taskId = header('dispatchr-task-id');
  const queue = header('dispatchr-queue');
  const attempt = header('dispatchr-attempt') ?? '';
  const attemptsLeft = header('dispatchr-attempts-left') ?? '';
  const dueAt = new Date(header('dispatchr-due-at') ?? '');
  if (!taskId) return fault('Dispatchr-Task-Id', 'the id of a task');
  if (!queue) return fault('Dispatchr-Queue', 'the name of a queue');
  if (!/^[1-9]\d*$/.test(attempt)) return fault('Dispatchr-Attempt', 'the number of an attempt');
  if (!/^\d+$/.test(attemptsLeft)) return fault('Dispatchr-Attempts-Left', 'a number of attempts');
  if (Number.isNaN(dueAt.getTime())) return fault('Dispatchr-Due-At', 'an instant');
  const optional = {
    idempotencyKey: unquoted(header('idempotency-key')),
    traceparent: header('traceparent'),
    tracestate: header('tracestate'),
  };
  const given = Object.entries(optional).filter(([, value]) => value !== undefined);
  const facts = { taskId, queue, attempt: Number(attempt), attemptsLeft: Number(attemptsLeft), dueAt };
  return { ...facts, ...(Object.fromEntries(given) as Partial<HeaderFacts>) };
}

function fault(name: string, expected: string): { fault: string } {
  return { fault: `${name}: expected ${expected}, got none` };
}

/** The key of a quoted string; one of the task's own `headers` may have any form, and is shown as it is. */
function unquoted(value: string | undefined): string | undefined {
  const quoted = value === undefined ? null : /^"((?:[^"\\]|\\.)*)"$/.exec(value);
  return quoted?.[1] === undefined ? value : quoted[1].replaceAll(/\\(.)/g, '$1');
}
