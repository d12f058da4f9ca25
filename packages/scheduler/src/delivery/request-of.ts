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
  const headers = dispatchrHeaders(task);
  if (task.headers === undefined) headers.push(...defaultHeaders(task, version));
  else headers.push(...mergedHeaders(task.headers, defaultHeaders(task, version)));
  return { target: task.target, method: task.request?.method ?? 'POST', headers, body: bodyOf(task) };
}

/** The defaults that the producer did not replace, and then the producer's own. */
function mergedHeaders(asked: Readonly<Record<string, string>>, defaults: readonly string[]): string[] {
  const producerHeaders = Object.entries(asked).filter(([name]) => !isOurs(name));
  const given = new Set(producerHeaders.map(([name]) => name.toLowerCase()));
  // Names have even places; a value goes with its name.
  const kept = defaults.filter((_, index) => !given.has(defaults[index - (index % 2)]?.toLowerCase() ?? ''));
  return [...kept, ...producerHeaders.flat()];
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
function defaultHeaders(task: ClaimedTask, version: string): string[] {
  const headers = ['User-Agent', `Dispatchr/${version}`];
  if (task.request === undefined) headers.push('Content-Type', 'application/json');
  if (task.traceparent !== undefined) headers.push('traceparent', task.traceparent);
  if (task.tracestate !== undefined) headers.push('tracestate', task.tracestate);
  if (task.idempotencyKey !== undefined) headers.push('Idempotency-Key', quoted(task.idempotencyKey));
  return headers;
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
