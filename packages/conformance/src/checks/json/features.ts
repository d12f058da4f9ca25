import type { Check } from '../../check.ts';
import type { ApiResponse } from '../../run/api.ts';
import type { CheckContext } from '../../run/check-context.ts';

interface Refusal {
  readonly feature: string;
  /** The main requirement first: what counts as asking for the feature. */
  readonly covers: Check['covers'];
  readonly asks: string;
  /** Asks for the feature in several ways, each time for a task with the id. */
  readonly ask: (t: CheckContext, id: string) => AsyncGenerator<ApiResponse>;
}

const REFUSALS: readonly Refusal[] = [
  {
    feature: 'request',
    covers: { 'FEA-001': 'bcad932d', 'DSC-006': 'c97e06cb', 'FEA-008': 'f1eb9127', 'PRB-011': '8d461e5b' },
    asks: 'the member `request`',
    async *ask(t, id) {
      yield await t.api.submit(t.parked({ id, flowKey: id, request: {} }));
      yield await t.api.submit(
        t.parked({ id, flowKey: id, taskName: undefined, request: { method: 'PUT', body: 'x' } }),
      );
    },
  },
  {
    feature: 'idempotency-key',
    covers: { 'FEA-002': '54771524', 'DSC-006': 'c97e06cb', 'FEA-008': 'f1eb9127', 'PRB-011': '8d461e5b' },
    asks: 'the header `Idempotency-Key`',
    async *ask(t, id) {
      yield await t.api.submit(t.parked({ flowKey: id }), { 'idempotency-key': `"${id}"` });
    },
  },
  {
    feature: 'priority',
    covers: { 'FEA-003': 'c43c54ea', 'DSC-006': 'c97e06cb', 'FEA-008': 'f1eb9127', 'PRB-011': '8d461e5b' },
    asks: 'a `priority` other than 0',
    async *ask(t, id) {
      yield await t.api.submit(t.parked({ id, flowKey: id, priority: 1 }));
      yield await t.api.submit(t.parked({ id, flowKey: id, priority: -1000 }));
      t.status('FEA-003', await t.api.submit(t.parked({ priority: 0 })), 201);
    },
  },
  {
    feature: 'expiry',
    covers: { 'FEA-004': '9ee1e206', 'DSC-006': 'c97e06cb', 'FEA-008': 'f1eb9127', 'PRB-011': '8d461e5b' },
    asks: '`expiresAt`',
    async *ask(t, id) {
      yield await t.api.submit(t.parked({ id, flowKey: id, expiresAt: '2099-01-01T00:00:00Z' }));
    },
  },
  {
    feature: 'wait',
    covers: { 'FEA-005': 'b6075e5a', 'DSC-006': 'c97e06cb', 'FEA-008': 'f1eb9127', 'PRB-011': '8d461e5b' },
    asks: 'the preference `wait`, in any case and with any value or none',
    async *ask(t, id) {
      for (const prefer of [
        'wait=1',
        'wait=0',
        'WAIT=1',
        'wait',
        'wait=soon',
        'wait="1"',
        'respond-async, wait=1',
        'wait = 1',
      ])
        yield await t.api.submit(t.parked({ id, flowKey: id }), { prefer });
    },
  },
  {
    feature: 'batch',
    covers: { 'REC-039': '2cf3e150', 'DSC-006': 'c97e06cb', 'FEA-008': 'f1eb9127', 'PRB-011': '8d461e5b' },
    asks: 'a batch',
    async *ask(t, id) {
      yield await t.api.submitBatch([t.parked({ id, flowKey: id })]);
    },
  },
];

/** Checks of features that are not declared, one for each, and what every implementation has. */
export const JSON_FEATURE_CHECKS: readonly Check[] = [
  ...REFUSALS.map(refusalCheck),
  {
    id: 'flow-keys-are-labels-at-least',
    title: 'Without the feature `flow-keys` a `flowKey` is kept, shown and filtered by.',
    covers: { 'FEA-006': '3fbb8200' },
    profile: 'recorder',
    withoutFeature: 'flow-keys',
    async run(t) {
      const flowKey = `a tenant of ${t.queue}`;
      const { id, flowKey: shown } = await t.submit(t.parked({ flowKey }));
      t.equal('FEA-006', 'it is shown', shown, flowKey);
      t.equal('FEA-006', 'it is kept', (await t.api.get(id)).json?.flowKey, flowKey);
      await t.submit(t.parked({ flowKey: `${flowKey} too` }));
      const { json } = await t.api.list({ flowKey });
      t.equal(
        'FEA-006',
        'it is filtered by',
        json?.tasks?.map((task: { id: string }) => task.id),
        [id],
      );
    },
  },
  {
    id: 'what-needs-no-feature-is-accepted',
    title:
      'Every member of a submission that needs no feature is accepted, and every operation that needs none served.',
    covers: { 'FEA-007': 'df0dbeeb' },
    profile: 'recorder',
    async run(t) {
      const { minBackoffMs } = t.discovery.limits;
      const retry = { maxAttempts: 5, minBackoffMs, maxBackoffMs: 3_600_000, multiplier: 1.5, jitter: 0.5 };
      const lists = { maxDurationMs: 86_400_000, retryOn: ['404', '5xx'], failOn: ['410', '4xx'] };
      const more = {
        flowKey: 'tenant',
        priority: 0,
        timeoutMs: 30_000,
        headers: { 'X-A': 'b' },
        taskArgs: { a: 1 },
      };
      const id = t.newId();
      const task = t.parked({ id, ...more, retry: { ...retry, ...lists } });
      const trace = {
        traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
        tracestate: 'a=b',
      };
      t.status('FEA-007', await t.api.submit(task, { ...trace, prefer: 'respond-async' }), 201);
      t.status('FEA-007', await t.api.list({ queue: t.queue, state: 'pending', limit: 1 }), 200);
      t.status('FEA-007', await t.api.get(id), 200);
      t.status('FEA-007', await t.api.attempts(id), 200);
      t.status('FEA-007', await t.api.operate(id, 'cancel'), 200);
      t.status('FEA-007', await t.api.operate(id, 'retry'), 200);
      const other = await t.submit(t.parked());
      t.status('FEA-007', await t.api.operate(other.id, 'run'), 200);
      const third = await t.submit(t.parked());
      await t.api.operate(third.id, 'cancel');
      t.status('FEA-007', await t.api.delete(third.id), 204);
    },
  },
  {
    id: 'a-wait-that-is-no-number-is-ignored',
    title: 'With the feature `wait` a preference `wait` that is not decimal digits alone is ignored.',
    covers: { 'FEA-011': '4db49d1e' },
    profile: 'recorder',
    features: ['wait'],
    async run(t) {
      for (const prefer of [
        'wait=soon',
        'wait',
        'wait=-1',
        'wait=1.5',
        'wait=60s',
        'wait=+60',
        'wait=0x60',
      ]) {
        const startedAtMs = performance.now();
        t.status('FEA-011', await t.api.submit(t.parked(), { prefer }), 201);
        const tookMs = Math.round(performance.now() - startedAtMs);
        // A wait would last for as long as `maxWaitMs`: the task is not due.
        const isAtOnce = tookMs < Math.max(1000, t.discovery.limits.maxWaitMs / 2);
        t.ok('FEA-011', `${prefer} is answered at once`, isAtOnce, `${tookMs} ms`);
      }
    },
  },
];

function refusalCheck({ feature, covers, asks, ask }: Refusal): Check {
  return {
    id: `undeclared-${feature}-is-refused`,
    title: `A recorder without the feature \`${feature}\` refuses ${asks}, and records nothing.`,
    covers,
    profile: 'recorder',
    withoutFeature: feature,
    async run(t) {
      const id = t.newId();
      for await (const response of ask(t, id))
        t.problem(t.mainRequirement, response, 'feature-not-supported', { members: { feature } });
      const { json } = await t.api.list({ flowKey: id });
      t.equal('FEA-008', 'nothing was recorded', json?.tasks, []);
    },
  };
}
