import type { MutantId } from '../selftest/mutants/index.ts';
import { showInstant } from './instant.ts';
import { memoryOf } from './mutant-memory.ts';
import type { Settings } from './settings.ts';
import { signatureHeaders } from './signature-headers.ts';
import type { Task } from './task.ts';

type Headers = readonly (readonly [name: string, value: string])[];

/** The bytes of one delivery: request line, header section and body. Spec: DLV-001 to DLV-016, SIG-001 to SIG-005. */
export function deliveryRequest(task: Task, url: URL, settings: Settings): Buffer {
  const { mutants, variants } = settings;
  const body = deliveryBody(task, mutants);
  const own = ownHeaders(task, mutants);
  const inOneCase = (name: string): string =>
    mutants.has('own-names-compared-by-case') ? name : name.toLowerCase();
  const given = new Set(own.map(([name]) => inOneCase(name)));
  const defaults = defaultHeaders(task, mutants).filter(([name]) => !given.has(inOneCase(name)));
  const cookie = mutants.has('cookies-kept') ? memoryOf(settings).get(`cookie of ${url.origin}`) : undefined;
  const headers: Headers = [
    ['Host', mutants.has('host-without-port') ? url.hostname : url.host],
    ...(mutants.has('host-twice') ? [['Host', url.host] as const] : []),
    ['Connection', 'close'],
    ...framingHeaders(body, mutants),
    ...dispatchrHeaders(task, mutants),
    ...defaults,
    ...signatureHeaders(task, body ?? Buffer.alloc(0), settings),
    ...(cookie === undefined ? [] : [['Cookie', cookie] as const]),
    ...own,
  ];
  const lines = [`${methodOf(task, mutants)} ${pathOf(task, url, mutants)} HTTP/1.1`];
  const named = (name: string): string => (variants.has('header-case') ? name.toUpperCase() : name);
  lines.push(...headers.map(([name, value]) => `${named(name)}: ${value}`), '', '');
  const encoding = mutants.has('header-values-sent-as-utf-8') ? 'utf8' : 'latin1';
  return Buffer.concat([Buffer.from(lines.join('\r\n'), encoding), framed(body, mutants)]);
}

/** Spec: POL-023. */
function pathOf({ target }: Task, url: URL, mutants: ReadonlySet<MutantId>): string {
  const path = url.href.slice(url.origin.length);
  const written = target.replace(/^[^/]*\/+[^/\\?]*/, '');
  if (written !== path && mutants.has('target-sent-as-written')) return written;
  return path.endsWith('?') && mutants.has('empty-query-dropped') ? path.slice(0, -1) : path;
}

function methodOf({ request, attempt }: Task, mutants: ReadonlySet<MutantId>): string {
  if (request === undefined) return mutants.has('method-wrong') ? 'PUT' : 'POST';
  if (mutants.has('request-method-ignored')) return 'POST';
  if (attempt > 1 && mutants.has('request-method-lost-on-retry')) return 'POST';
  return request.method ?? 'POST';
}

/** The same bytes in every attempt; none if the producer's own request has no body. Spec: DLV-002, DLV-010, DLV-015. */
function deliveryBody(task: Task, mutants: ReadonlySet<MutantId>): Buffer | undefined {
  if (task.request !== undefined) return requestBody(task.request, mutants);
  const { taskName, taskArgs, attempt } = task;
  const text = JSON.stringify(taskName);
  const name = mutants.has('slash-escaped') ? text.replaceAll('/', '\\/') : text;
  const reprinted = attempt > 1 && taskArgs !== undefined && mutants.has('args-reprinted-on-retry');
  const args = reprinted ? JSON.stringify(JSON.parse(taskArgs)) : (taskArgs ?? 'null');
  if (mutants.has('task-name-missing')) return Buffer.from(`{"taskArgs":${args}}`);
  if (mutants.has('absent-args-left-out') && taskArgs === undefined)
    return Buffer.from(`{"taskName":${name}}`);
  return Buffer.from(`{"taskName":${name},"taskArgs":${args}}`);
}

function requestBody(
  { method, body, bodyEncoding }: NonNullable<Task['request']>,
  mutants: ReadonlySet<MutantId>,
): Buffer | undefined {
  if (body === undefined) return mutants.has('bodiless-request-sends-null') ? Buffer.from('null') : undefined;
  if (method === 'GET' && mutants.has('get-body-dropped')) return undefined;
  const isBase64 = bodyEncoding === 'base64' && !mutants.has('request-body-reencoded');
  const encoding = mutants.has('request-body-sent-in-latin-1') ? 'latin1' : 'utf8';
  return Buffer.from(body, isBase64 ? 'base64' : encoding);
}

/** Spec: DLV-016, DLV-021, DLV-045. */
function framingHeaders(body: Buffer | undefined, mutants: ReadonlySet<MutantId>): Headers {
  if (body === undefined) return [];
  if (isChunked(body, mutants)) return [['Transfer-Encoding', 'chunked']];
  const expects = body.length > 1024 && mutants.has('expect-sent-with-large-body');
  return [['Content-Length', String(body.length)], ...(expects ? [['Expect', '100-continue'] as const] : [])];
}

function framed(body: Buffer | undefined, mutants: ReadonlySet<MutantId>): Buffer {
  if (body === undefined) return Buffer.alloc(0);
  if (!isChunked(body, mutants)) return body;
  return Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n0\r\n\r\n')]);
}

/** Never, but for a mutant. */
function isChunked(body: Buffer, mutants: ReadonlySet<MutantId>): boolean {
  return body.length > 16_384 && mutants.has('large-body-chunked');
}

function dispatchrHeaders(task: Task, mutants: ReadonlySet<MutantId>): Headers {
  const used = mutants.has('attempts-left-counted-from-number') ? task.attempt - 1 : task.attemptsUsed;
  const left = Math.max(0, task.retry.maxAttempts - used - 1);
  const isWrong = left === 0 && mutants.has('attempts-left-wrong-on-last');
  const isChanged = task.attempt > 1 && mutants.has('id-changes-on-retry');
  return [
    ['Dispatchr-Task-Id', isChanged ? `${task.id}-${task.attempt}` : task.id],
    ['Dispatchr-Queue', mutants.has('queue-always-default') ? 'default' : task.queue],
    ...(mutants.has('queue-header-twice') ? [['Dispatchr-Queue', task.queue] as const] : []),
    ['Dispatchr-Attempt', mutants.has('attempt-number-static') ? '1' : String(task.attempt)],
    ['Dispatchr-Attempts-Left', isWrong ? '1' : String(left)],
    ['Dispatchr-Due-At', showInstant(mutants.has('due-at-of-submit') ? task.createdAtMs : task.dueAtMs)],
  ];
}

/** Headers that the task's own replace. */
function defaultHeaders(task: Task, mutants: ReadonlySet<MutantId>): Headers {
  const { request, traceparent, tracestate, idempotencyKey, headers = [] } = task;
  const typed =
    request === undefined ? !mutants.has('content-type-missing') : mutants.has('request-typed-as-json');
  const ownTrace = headers.some(([name]) => /^trace(parent|state)$/i.test(name));
  const traced = !mutants.has('trace-lost') && !(ownTrace && mutants.has('own-trace-drops-both'));
  const madeUp = mutants.has('trace-made-up') ? `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01` : undefined;
  const parent = traceparent ?? madeUp;
  const escaped = idempotencyKey?.replaceAll(/["\\]/g, '\\$&');
  const quoted = mutants.has('key-sent-without-quotes') ? idempotencyKey : `"${escaped}"`;
  const key = idempotencyKey === undefined ? undefined : quoted;
  const all: readonly (readonly [string, string | undefined])[] = [
    ['User-Agent', mutants.has('user-agent-missing') ? undefined : 'Dispatchr-Reference/0.1.0'],
    ['Content-Type', typed ? 'application/json' : undefined],
    ['Idempotency-Key', key ?? (mutants.has('task-id-sent-as-key') ? `"${task.id}"` : undefined)],
    ['traceparent', traced ? parent : undefined],
    ['tracestate', traced ? tracestate : undefined],
  ];
  return all.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
}

/** The task's own headers. Spec: DLV-012. */
function ownHeaders({ headers = [], idempotencyKey }: Task, mutants: ReadonlySet<MutantId>): Headers {
  const isLost = (name: string): boolean =>
    mutants.has('own-headers-lost') ||
    (mutants.has('own-user-agent-overwritten') && /^user-agent$/i.test(name)) ||
    (mutants.has('own-key-dropped') && /^idempotency-key$/i.test(name)) ||
    (mutants.has('submitted-key-beats-own') &&
      idempotencyKey !== undefined &&
      /^idempotency-key$/i.test(name));
  const kept = headers.filter(([name]) => !isLost(name));
  return mutants.has('own-headers-cut') ? kept.slice(0, 32) : kept;
}
