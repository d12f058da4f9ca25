import { attemptsLeft, resolveRetryPolicy } from '@dispatchr/lifecycle';
import type { ClaimedTask } from '@dispatchr/store';

/** What one attempt sends, byte for byte. */
export interface DeliveryRequest {
  target: string;
  method: string;
  /** Name, value, name, value …; without those that the connection itself brings (Host, Content-Length). */
  headers: string[];
  body: Buffer | null;
}

/** The request that delivers a task, without signatures; `version` is that of Dispatchr. */
export function requestOf(task: ClaimedTask, version: string): DeliveryRequest {
  const producerHeaders = Object.entries(task.headers ?? {}).filter(([name]) => !isOurs(name));
  const given = new Set(producerHeaders.map(([name]) => name.toLowerCase()));
  const defaults = Object.entries(defaultHeaders(task, version)).filter(
    ([name]) => !given.has(name.toLowerCase()),
  );
  return {
    target: task.target,
    method: task.request?.method ?? 'POST',
    headers: [...dispatchrHeaders(task), ...defaults.flat(), ...producerHeaders.flat()],
    body: bodyOf(task),
  };
}

/** Headers that describe the attempt; a producer cannot set them. */
function dispatchrHeaders(task: ClaimedTask): string[] {
  return [
    'Dispatchr-Task-Id',
    task.id,
    'Dispatchr-Queue',
    task.queue,
    'Dispatchr-Attempt',
    String(task.attempt),
    'Dispatchr-Attempts-Left',
    String(attemptsLeft(resolveRetryPolicy(task.retry), task.attemptsUsed)),
    'Dispatchr-Due-At',
    task.dueAt.toISOString(),
  ];
}

/** Headers that a producer's own of the same name replace. */
function defaultHeaders(task: ClaimedTask, version: string): Record<string, string> {
  return {
    'User-Agent': `Dispatchr/${version}`,
    ...(task.request === undefined ? { 'Content-Type': 'application/json' } : {}),
    ...(task.traceparent === undefined ? {} : { traceparent: task.traceparent }),
    ...(task.tracestate === undefined ? {} : { tracestate: task.tracestate }),
    ...(task.idempotencyKey === undefined ? {} : { 'Idempotency-Key': quoted(task.idempotencyKey) }),
  };
}

/** The Recorder refuses these names; a row that has them all the same must not forge an attempt or break the framing. */
function isOurs(name: string): boolean {
  return /^(dispatchr-.*|webhook-.*|host|content-length|connection|keep-alive|transfer-encoding|te|trailer|upgrade|expect)$/i.test(
    name,
  );
}

function bodyOf(task: ClaimedTask): Buffer | null {
  if (task.request === undefined) {
    // Arguments are spliced in as the producer wrote them; parsing would lose digits and key order.
    return Buffer.from(`{"taskName":${JSON.stringify(task.taskName)},"taskArgs":${task.taskArgs ?? 'null'}}`);
  }
  if (task.request.body === undefined) return null;
  return Buffer.from(task.request.body, task.request.bodyEncoding ?? 'utf8');
}

/** A string of RFC 8941, as the IETF draft of `Idempotency-Key` asks for. */
function quoted(key: string): string {
  return `"${key.replace(/["\\]/g, '\\$&')}"`;
}
