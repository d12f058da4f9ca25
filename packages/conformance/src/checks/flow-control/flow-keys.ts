import type { Check } from '../../check.ts';
import type { Json } from '../../run/api.ts';
import { listed, onQueue } from './queue-requests.ts';

/** Flow keys as a resource. */
export const FLOW_KEY_CHECKS: readonly Check[] = [
  {
    id: 'flow-keys-are-listed',
    title: 'A list of flow keys has those with unfinished tasks and those with limits, each with its counts.',
    covers: { 'FLO-001': '5c599bdf', 'FLO-002': '385061a5' },
    profile: 'recorder',
    features: ['queues', 'flow-keys'],
    async run(t) {
      await t.submit(t.parked({ flowKey: 'b' }));
      await t.submit(t.parked({ flowKey: 'a' }));
      await t.submit(t.parked({ flowKey: 'a' }));
      t.status('FLO-001', await onQueue(t, 'PUT', '/flow-keys/%F0%9F%98%80', { maxConcurrency: 4 }), 200);
      const path = `/v1/queues/${t.queue}/flow-keys`;
      t.equal('FLO-001', 'the keys', await listed(t, path, 'flowKeys', 'flowKey'), ['a', 'b', '😀']);
      const { json } = await t.api.request('GET', path);
      const pending = json.flowKeys.map((each: Json) => each.pending);
      t.equal('FLO-002', 'pending of each', pending, [2, 1, 0]);
    },
  },
  {
    id: 'a-put-of-a-flow-key-changes-what-it-names',
    title: 'A put of a flow key changes the limits that it names; `null` has the queue’s count again.',
    covers: { 'FLO-010': 'afe80021', 'FLO-011': '87e2f971' },
    profile: 'recorder',
    features: ['queues', 'flow-keys', 'rate-limits'],
    async run(t) {
      t.status('FLO-011', await onQueue(t, 'PUT', '', { flowLimits: { maxConcurrency: 9 } }), 200);
      const rateLimit = { perSecond: 2, burst: 3 };
      t.status('FLO-010', await onQueue(t, 'PUT', '/flow-keys/k', { maxConcurrency: 4, rateLimit }), 200);
      const changed = await onQueue(t, 'PUT', '/flow-keys/k', { maxConcurrency: 5 });
      t.matches('FLO-010', 'the answer', changed.json, { flowKey: 'k', maxConcurrency: 5, rateLimit });
      const reset = await onQueue(t, 'PUT', '/flow-keys/k', { maxConcurrency: null });
      t.equal('FLO-011', 'the limit once it is null', reset.json?.maxConcurrency, 9);
    },
  },
  {
    id: 'delete-forgets-the-limits-of-flow-keys',
    title: 'A delete of a queue forgets the limits of its flow keys.',
    covers: { 'QUE-040': '5e4e1f9a' },
    profile: 'recorder',
    features: ['queues', 'flow-keys'],
    async run(t) {
      t.status('QUE-040', await onQueue(t, 'PUT', '/flow-keys/k', { maxConcurrency: 4 }), 200);
      t.status('QUE-040', await onQueue(t, 'DELETE'), 204);
      await t.submit(t.parked({ flowKey: 'k' }));
      const { json } = await onQueue(t, 'GET', '/flow-keys');
      t.equal('QUE-040', 'the limit', json?.flowKeys?.[0]?.maxConcurrency, undefined);
      t.equal('QUE-040', 'the flow key', json?.flowKeys?.[0]?.flowKey, 'k');
    },
  },
  {
    id: 'limits-of-a-flow-key-survive-a-restart',
    title: 'Limits of a flow key that were put are there after a restart.',
    covers: { 'FLO-010': 'afe80021' },
    profile: 'recorder',
    features: ['queues', 'flow-keys'],
    needs: ['control'],
    runs: 'alone',
    async run(t) {
      t.status('FLO-010', await onQueue(t, 'PUT', '/flow-keys/k', { maxConcurrency: 4 }), 200);
      await t.submit(t.parked({ flowKey: 'k' }));
      await t.control.kill();
      await t.control.start();
      const { json } = await onQueue(t, 'GET', '/flow-keys');
      t.matches('FLO-010', 'the flow keys', json?.flowKeys, [{ flowKey: 'k', maxConcurrency: 4 }]);
    },
  },
];
