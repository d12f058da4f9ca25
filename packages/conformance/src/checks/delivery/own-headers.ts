import type { Check } from '../../check.ts';
import type { Delivery } from '../../receiver/delivery.ts';
import type { CheckContext } from '../../run/check-context.ts';

const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const TRACESTATE = 'rojo=00f067aa0ba902b7,congo=t61rcWkgMzE';
const OWN_TRACEPARENT = '00-11111111111111111111111111111111-2222222222222222-00';

/** The headers of a delivery that the producer gave. */
export const OWN_HEADER_CHECKS: readonly Check[] = [
  {
    id: 'own-headers-are-sent',
    title: "Each of the task's `headers` is sent once, with its value as submitted, in every attempt.",
    covers: { 'DLV-012': 'e9190667' },
    profile: 'core',
    async run(t) {
      const headers = {
        'X-Tenant': '17, 18;  "a b"',
        authorization: 'Bearer abc.def',
        Cookie: 'a=b; c=d',
        Accept: 'text/plain',
        'Accept-Encoding': 'br',
        Referer: 'not a url',
        'X-Tab': 'a\tb',
        'X-Empty': '',
      };
      const target = await t.target(500, 200);
      await t.submit(t.taskFor(target, { headers, retry: t.retry() }));
      requireHeaders(t, await t.delivery(target, 1), headers);
      requireHeaders(t, await t.delivery(target, 2), headers);
    },
  },
  {
    id: 'own-headers-are-sent-in-iso-8859-1',
    title: 'A header value beyond ASCII is sent in ISO 8859-1, one byte for each character.',
    covers: { 'DLV-012': 'e9190667' },
    profile: 'core',
    async run(t) {
      const headers = { 'X-Latin': 'caf\u00e9 \u00a0 \u0080\u009f\u00ff\u00c3\u00a9' };
      const target = await t.target();
      await t.submit(t.taskFor(target, { headers }));
      requireHeaders(t, await t.delivery(target), headers);
    },
  },
  {
    id: 'as-many-own-headers-are-sent-as-were-accepted',
    title: 'All of `limits.maxHeaders` headers arrive, and a value that fills `limits.maxHeaderBytes`.',
    covers: { 'DLV-012': 'e9190667' },
    profile: 'core',
    async run(t) {
      const { maxHeaders, maxHeaderBytes } = t.discovery.limits;
      const names = Array.from({ length: maxHeaders }, (_, at) => `X${at}`);
      const many = Object.fromEntries(names.map((name) => [name, 'v']));
      const large = { 'X-Large': 'v'.repeat(maxHeaderBytes - 'X-Large'.length) };
      const [manyTarget, largeTarget] = await Promise.all([t.target(), t.target()]);
      await t.submit(t.taskFor(manyTarget, { headers: many }));
      await t.submit(t.taskFor(largeTarget, { headers: large }));
      requireHeaders(t, await t.delivery(manyTarget), many);
      requireHeaders(t, await t.delivery(largeTarget), large);
    },
  },
  {
    id: 'trace-context-is-sent',
    title: 'The `traceparent` and `tracestate` of the submit are sent with each attempt.',
    covers: { 'DLV-013': '88c1c42c' },
    profile: 'core',
    async run(t) {
      const target = await t.target(500, 200);
      const headers = { traceparent: TRACEPARENT, tracestate: TRACESTATE };
      await t.submit(t.taskFor(target, { retry: t.retry() }), headers);
      for (const number of [1, 2]) requireTrace(t, 'DLV-013', await t.delivery(target, number), headers);
    },
  },
  {
    id: 'no-trace-context-is-made-up',
    title:
      'A task that was submitted without `traceparent`, or with a malformed one, is delivered without trace headers.',
    covers: { 'DLV-013': '88c1c42c' },
    profile: 'core',
    async run(t) {
      const cases: Record<string, string>[] = [
        {},
        { tracestate: TRACESTATE },
        { traceparent: '00-xyz-01', tracestate: TRACESTATE },
      ];
      for (const headers of cases) {
        const target = await t.target();
        await t.submit(t.taskFor(target), headers);
        requireTrace(t, 'DLV-013', await t.delivery(target), {});
      }
    },
  },
  {
    id: 'own-trace-header-counts-for-itself',
    title:
      "A `traceparent` in the task's `headers` is sent instead of that of the submit, whose `tracestate` is sent all the same.",
    covers: { 'DLV-013': '88c1c42c' },
    profile: 'core',
    async run(t) {
      const [both, alone] = await Promise.all([t.target(), t.target()]);
      const kept = { traceparent: TRACEPARENT, tracestate: TRACESTATE };
      await t.submit(t.taskFor(both, { headers: { Traceparent: OWN_TRACEPARENT } }), kept);
      const expected = { traceparent: OWN_TRACEPARENT, tracestate: TRACESTATE };
      requireTrace(t, 'DLV-013', await t.delivery(both), expected);
      await t.submit(t.taskFor(alone, { headers: { tracestate: 'own=1' } }));
      requireTrace(t, 'DLV-013', await t.delivery(alone), { tracestate: 'own=1' });
    },
  },
  {
    id: 'trace-context-of-a-batch-is-sent',
    title: 'The trace headers of a batch are sent with each of its tasks.',
    covers: { 'DLV-048': 'a9b786bf', 'DLV-013': '88c1c42c' },
    profile: 'core',
    features: ['batch'],
    async run(t) {
      const targets = await Promise.all([t.target(), t.target()]);
      const headers = { traceparent: TRACEPARENT, tracestate: TRACESTATE };
      const response = await t.api.submitBatch(
        targets.map((target) => t.taskFor(target)),
        headers,
      );
      t.status('DLV-048', response, 201);
      for (const target of targets) requireTrace(t, 'DLV-048', await t.delivery(target), headers);
    },
  },
  {
    id: 'idempotency-key-is-sent',
    title:
      'A task that was submitted with an `Idempotency-Key` is delivered with the same key, in each attempt.',
    covers: { 'DLV-014': '4e1387df' },
    profile: 'core',
    features: ['idempotency-key'],
    async run(t) {
      const target = await t.target(500, 200);
      const key = `${t.newId()} "quoted" \\ back`;
      const quoted = `"${key.replaceAll(/["\\]/g, '\\$&')}"`;
      await t.submit(t.taskFor(target, { retry: t.retry() }), { 'Idempotency-Key': quoted });
      for (const number of [1, 2]) {
        const sent = (await t.delivery(target, number)).header('idempotency-key');
        t.equal('DLV-014', `the key of attempt ${number}, unquoted`, unquoted(sent), key);
      }
    },
  },
  {
    id: 'no-idempotency-key-is-made-up',
    title:
      'A task that was submitted without `Idempotency-Key` is delivered without it, with an `id` or none.',
    covers: { 'DLV-014': '4e1387df' },
    profile: 'core',
    async run(t) {
      for (const members of [{}, { id: t.newId() }]) {
        const target = await t.target();
        await t.submit(t.taskFor(target, members));
        const sent = (await t.delivery(target)).header('idempotency-key');
        t.equal('DLV-014', 'Idempotency-Key', sent, undefined);
      }
    },
  },
  {
    id: 'own-idempotency-key-counts',
    title: "An `Idempotency-Key` in the task's `headers` is sent as it is, once.",
    covers: { 'DLV-014': '4e1387df' },
    profile: 'core',
    async run(t) {
      const target = await t.target();
      await t.submit(t.taskFor(target, { headers: { 'idempotency-KEY': 'plain-7' } }));
      const sent = (await t.delivery(target)).header('idempotency-key');
      t.equal('DLV-014', 'Idempotency-Key', sent, 'plain-7');
    },
  },
  {
    id: 'own-idempotency-key-beats-that-of-the-submit',
    title:
      "An `Idempotency-Key` in the task's `headers` is sent instead of the one that the task was submitted with.",
    covers: { 'DLV-014': '4e1387df' },
    profile: 'core',
    features: ['idempotency-key'],
    async run(t) {
      const target = await t.target();
      const submitted = { 'Idempotency-Key': `"${t.newId()}"` };
      await t.submit(t.taskFor(target, { headers: { 'Idempotency-Key': 'plain-7' } }), submitted);
      const sent = (await t.delivery(target)).header('idempotency-key');
      t.equal('DLV-014', 'Idempotency-Key', sent, 'plain-7');
    },
  },
];

function requireHeaders(
  t: CheckContext,
  delivery: Delivery,
  headers: Readonly<Record<string, string>>,
): void {
  for (const [name, value] of Object.entries(headers)) {
    t.equal('DLV-012', `number of fields ${name}`, delivery.count(name), 1);
    // White space at the ends may be left out (DLV-046), and `header` leaves it out.
    t.equal(
      'DLV-012',
      `${name} in ISO 8859-1`,
      delivery.header(name),
      value.replaceAll(/^[ \t]+|[ \t]+$/g, ''),
    );
  }
}

function requireTrace(
  t: CheckContext,
  requirement: string,
  delivery: Delivery,
  expected: { readonly traceparent?: string; readonly tracestate?: string },
): void {
  const got = { traceparent: delivery.header('traceparent'), tracestate: delivery.header('tracestate') };
  t.equal(requirement, 'the trace headers', got, expected);
}

function unquoted(value: string | undefined): string | undefined {
  return /^"((?:[^"\\]|\\.)*)"$/.exec(value ?? '')?.[1]?.replaceAll(/\\(.)/g, '$1');
}
