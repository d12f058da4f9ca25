import type { Check } from '../../check.ts';
import type { ApiResponse } from '../../run/api.ts';
import type { CheckContext } from '../../run/check-context.ts';
import type { Discovery } from '../../run/discovery.ts';
import { RECORDER_DOCUMENT } from '../../spec/documents.ts';

interface Bounds {
  readonly minimum?: number;
  readonly maximum?: number;
}

const LIMITS = (RECORDER_DOCUMENT.components.schemas as { Limits: { properties: Record<string, Bounds> } })
  .Limits.properties;

/** Whether headers keep to the other limits that hold for them. */
function fits(
  headers: Readonly<Record<string, string>>,
  { maxHeaderBytes, maxTaskBytes }: Discovery['limits'],
): boolean {
  const bytes = Object.entries(headers).flat().join('').length;
  return bytes <= maxHeaderBytes && JSON.stringify(headers).length + 1000 < maxTaskBytes;
}

const headersOf = (count: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`X-${at}`, 'y']));

/** What each feature is asked for by, on top of a task that needs none. */
const ASKED: Readonly<Record<string, (t: CheckContext) => Promise<ApiResponse>>> = {
  batch: (t) => t.api.submitBatch([t.parked()]),
  request: (t) => t.api.submit(t.parked({ request: { method: 'PUT', body: 'x' } })),
  'idempotency-key': (t) => t.api.submit(t.parked(), { 'idempotency-key': `"${t.newId()}"` }),
  priority: (t) => t.api.submit(t.parked({ priority: 1 })),
  expiry: (t) => t.api.submit(t.parked({ expiresAt: '2099-01-01T00:00:00Z' })),
  wait: (t) => t.api.submit(t.parked(), { prefer: 'wait=0' }),
};

/** What an implementation says of itself, and whether it is so. */
export const JSON_DISCOVERY_CHECKS: readonly Check[] = [
  {
    id: 'discovery-names-the-version',
    title: 'Discovery lists the version 1.0 of the specification.',
    covers: { 'DSC-002': '5fbcd026' },
    profile: 'recorder',
    async run(t) {
      const { json } = await t.api.request('GET', '/.well-known/dispatchr');
      t.ok(
        'DSC-002',
        'specVersions has 1.0',
        json?.specVersions?.includes('1.0') === true,
        json?.specVersions,
      );
    },
  },
  {
    id: 'every-limit-is-declared-within-its-bounds',
    title: 'Discovery declares every limit, each within the bounds of its schema.',
    covers: { 'DSC-004': '3b6d0a46', 'DSC-003': '4547254c' },
    profile: 'recorder',
    async run(t) {
      const { json } = await t.api.request('GET', '/.well-known/dispatchr');
      for (const [name, { minimum = -Infinity, maximum = Infinity }] of Object.entries(LIMITS)) {
        const value: unknown = json?.limits?.[name];
        t.ok('DSC-003', `limits.${name} is declared as an integer`, Number.isInteger(value), value ?? 'none');
        const isWithin = Number(value) >= minimum && Number(value) <= maximum;
        t.ok('DSC-004', `limits.${name} is from ${minimum} to ${maximum}`, isWithin, value);
      }
    },
  },
  {
    id: 'what-the-limits-allow-is-accepted',
    title: 'A value that is exactly at a declared limit is accepted.',
    covers: { 'DSC-003': '4547254c' },
    profile: 'recorder',
    async run(t) {
      const { limits } = t.discovery;
      const { minBackoffMs, maxBackoffMs, maxAttempts, minTimeoutMs, maxTimeoutMs } = limits;
      const name = 'X-Most';
      const members: readonly object[] = [
        { id: t.newId().padEnd(limits.maxIdLength, 'x') },
        { timeoutMs: maxTimeoutMs },
        { timeoutMs: minTimeoutMs },
        { retry: { minBackoffMs, maxBackoffMs: minBackoffMs } },
        { retry: { minBackoffMs: maxBackoffMs, maxBackoffMs } },
        { retry: { maxAttempts } },
        ...[headersOf(limits.maxHeaders), { [name]: 'y'.repeat(limits.maxHeaderBytes - name.length) }]
          .filter((headers) => fits(headers, limits))
          .map((headers) => ({ headers })),
      ];
      for (const each of members) t.status('DSC-003', await t.api.submit(t.parked(each)), 201);
      t.status('DSC-003', await t.api.list({ queue: t.queue, limit: limits.maxPageSize }), 200);
    },
  },
  {
    id: 'what-is-beyond-the-limits-is-refused',
    title: 'A value that is one beyond a declared limit is refused.',
    covers: { 'DSC-003': '4547254c' },
    profile: 'recorder',
    async run(t) {
      const { limits } = t.discovery;
      const name = 'X-Most';
      const beyond: Readonly<Record<string, object>> = {
        '/id': { id: t.newId().padEnd(limits.maxIdLength + 1, 'x') },
        '/timeoutMs': { timeoutMs: limits.maxTimeoutMs + 1 },
        '/retry/minBackoffMs': { retry: { minBackoffMs: limits.minBackoffMs - 1 } },
        '/retry/maxBackoffMs': { retry: { maxBackoffMs: limits.maxBackoffMs + 1 } },
        '/retry/maxAttempts': { retry: { maxAttempts: limits.maxAttempts + 1 } },
      };
      for (const [pointer, members] of Object.entries(beyond))
        t.problem('DSC-003', await t.api.submit(t.parked(members)), 'invalid-request', { pointer });
      const short = await t.api.submit(t.parked({ timeoutMs: limits.minTimeoutMs - 1 }));
      t.problem('DSC-003', short, 'invalid-request', { pointer: '/timeoutMs' });
      const long = { [name]: 'y'.repeat(limits.maxHeaderBytes - name.length + 1) };
      for (const headers of [headersOf(limits.maxHeaders + 1), long]) {
        if (!fits(headers, { ...limits, maxHeaderBytes: Infinity })) continue;
        const response = await t.api.submit(t.parked({ headers }));
        t.problem('DSC-003', response, 'invalid-request', { pointer: '/headers' });
      }
      const page = await t.api.list({ limit: limits.maxPageSize + 1 });
      t.problem('DSC-003', page, 'invalid-request', { parameter: 'limit' });
    },
  },
  {
    id: 'a-batch-may-have-as-many-tasks-as-declared',
    title: 'A batch of `limits.maxBatchTasks` tasks is accepted, and one of a task more refused.',
    covers: { 'DSC-003': '4547254c' },
    profile: 'recorder',
    features: ['batch'],
    async run(t) {
      const { maxBatchTasks, maxBatchBytes } = t.discovery.limits;
      const { queue, taskName, target } = t.parked();
      const batch = (count: number): object[] =>
        Array.from({ length: count }, () => ({ queue, taskName, target, delayMs: 31_536_000_000 }));
      if (JSON.stringify(batch(maxBatchTasks + 1)).length + 100 > maxBatchBytes)
        t.skip('limits.maxBatchBytes leaves no room for so many tasks');
      t.status('DSC-003', await t.api.submitBatch(batch(maxBatchTasks)), 201);
      const response = await t.api.submitBatch(batch(maxBatchTasks + 1));
      t.problem('DSC-003', response, 'invalid-request', { pointer: '/tasks' });
    },
  },
  {
    id: 'declared-features-are-served',
    title: 'A request that asks for a feature that discovery declares is not refused.',
    covers: { 'DSC-005': '37d5396b' },
    profile: 'recorder',
    async run(t) {
      const features = Object.keys(ASKED).filter((feature) => t.discovery.features.includes(feature));
      if (features.length === 0) t.skip('no feature is declared that a request could ask for');
      for (const feature of features) {
        const response = await ASKED[feature]?.(t);
        if (response !== undefined) t.status('DSC-005', response, 201);
      }
    },
  },
  {
    id: 'signatures-are-declared-exactly-while-sent',
    title: 'Discovery declares `signatures` exactly while deliveries are signed.',
    covers: { 'DSC-007': '98526611' },
    profile: 'core',
    async run(t) {
      const target = await t.target();
      await t.submit(t.taskFor(target));
      const delivery = await t.delivery(target);
      const isSigned = delivery.header('webhook-signature') !== undefined;
      t.equal('DSC-007', '`signatures` is declared', t.discovery.features.includes('signatures'), isSigned);
    },
  },
];
