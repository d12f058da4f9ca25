import type { Check } from '../../check.ts';
import type { Json } from '../../run/api.ts';
import type { CheckContext } from '../../run/check-context.ts';
import type { Target } from '../../receiver/target.ts';
import { put, submitAll } from './queue-requests.ts';

const ANSWER_AFTER_MS = 400;

/** How many are in flight of a queue and of a flow key, and whose turn it is, as targets see it. */
export const LIMIT_CHECKS: readonly Check[] = [
  {
    id: 'a-queue-keeps-its-concurrency',
    title: 'A queue has no more attempts in flight than it may; what waits is pending and has spent none.',
    covers: { 'QUE-061': '982d92c1', 'QUE-063': 'c68819c1' },
    profile: 'core',
    features: ['queues', 'rate-limits', 'batch'],
    async run(t) {
      await put(t, { maxConcurrency: 2 });
      const { target, most } = await watched(t);
      const ids = await submitAll(
        t,
        Array.from({ length: 6 }, () => t.taskFor(target)),
      );
      await t.delivery(target);
      const states: Json[] = await Promise.all(ids.map(async (id) => (await t.api.get(id)).json));
      const waits = states.filter(({ state }) => state === 'pending');
      t.ok(
        'QUE-063',
        'what waits has no attempt',
        waits.every(({ attempt }) => attempt === 0),
        waits,
      );
      await t.delivery(target, 6);
      t.ok('QUE-061', 'at most 2 are in flight', most() <= 2, most());
    },
  },
  {
    id: 'a-run-keeps-to-the-concurrency',
    title: 'A task that an operator runs waits for the concurrency of its queue.',
    covers: { 'CAN-013': 'e7c8273e', 'QUE-061': '982d92c1' },
    profile: 'core',
    features: ['queues', 'rate-limits', 'batch'],
    async run(t) {
      await put(t, { maxConcurrency: 1 });
      const { target, most } = await watched(t);
      const ids = await submitAll(
        t,
        Array.from({ length: 4 }, () => t.taskFor(target)),
      );
      await t.delivery(target);
      t.status('CAN-013', await t.api.operate(ids[3] ?? '', 'run'), 200, 409);
      await t.delivery(target, 4);
      t.ok('CAN-013', 'at most 1 is in flight', most() <= 1, most());
    },
  },
  {
    id: 'another-queue-does-not-wait',
    title: 'A queue with one due task does not wait until a queue with many is drained.',
    covers: { 'QUE-052': 'dec28f3f' },
    profile: 'core',
    features: ['queues', 'batch'],
    runs: 'alone',
    async run(t) {
      const target = await t.target({ status: 200, afterMs: 300 });
      const length = Math.min(100, t.discovery.limits.maxBatchTasks);
      const other = await t.target();
      const dueAt = '2026-01-02T03:04:05.000Z';
      await submitAll(
        t,
        Array.from({ length }, () => t.taskFor(target, { dueAt })),
      );
      await t.submit(t.taskFor(other, { queue: `${t.queue}-2` }));
      // What was claimed by then may go before it, and an implementation that delivers all at once has no turns to give.
      const claimedByMs = performance.now() + 1000;
      const single = await t.delivery(other);
      await t.delivery(target, length);
      const later = target.deliveries.filter(({ startedAtMs }) => startedAtMs > claimedByMs);
      const isBefore = later.some(({ startedAtMs }) => startedAtMs > single.startedAtMs);
      t.ok(
        'QUE-052',
        'the single task is not the last',
        later.length === 0 || isBefore,
        `after all ${length}`,
      );
    },
  },
  {
    id: 'a-flow-key-keeps-its-concurrency',
    title: 'A flow key at its limit has no more in flight, and does not keep others from being delivered.',
    covers: { 'FLO-021': '497953ed', 'FLO-022': '976dae2f', 'FLO-011': '87e2f971' },
    profile: 'core',
    features: ['queues', 'rate-limits', 'flow-keys', 'batch'],
    async run(t) {
      await put(t, { flowLimits: { maxConcurrency: 1 } });
      const { target, most } = await watched(t);
      const other = await t.target();
      await submitAll(t, [
        ...Array.from({ length: 5 }, () => t.taskFor(target, { flowKey: 'busy' })),
        t.taskFor(other, { flowKey: 'idle' }),
      ]);
      const idle = await t.delivery(other);
      const last = await t.delivery(target, 5);
      t.ok('FLO-022', 'the other flow key is not kept waiting', idle.startedAtMs < last.startedAtMs);
      t.ok('FLO-021', 'at most 1 is in flight', most() <= 1, most());
    },
  },
  {
    id: 'flow-keys-are-served-in-turn',
    title: 'Flow keys with more due than can be delivered are served in turn, whatever each has waiting.',
    covers: { 'FLO-020': '5cdfd1d6' },
    profile: 'core',
    features: ['queues', 'rate-limits', 'flow-keys', 'batch'],
    async run(t) {
      await put(t, { maxConcurrency: 1, paused: true });
      const busy = await t.target({ status: 200, afterMs: 30 });
      const light = await t.target({ status: 200, afterMs: 30 });
      await submitAll(
        t,
        Array.from({ length: 40 }, () => t.taskFor(busy, { flowKey: 'busy' })),
      );
      await submitAll(
        t,
        Array.from({ length: 5 }, () => t.taskFor(light, { flowKey: 'light' })),
      );
      await put(t, { paused: false });
      const fifth = await t.delivery(light, 5);
      const before = busy.deliveries.filter(({ startedAtMs }) => startedAtMs < fifth.startedAtMs).length;
      t.ok('FLO-020', 'about 5 of the busy flow key go before the fifth of the other', before <= 15, before);
    },
  },
];

/** A target that answers after a while, and the most requests that it had open at a time. */
async function watched(t: CheckContext): Promise<{ target: Target; most: () => number }> {
  let open = 0;
  let most = 0;
  const target = await t.target(async () => {
    open += 1;
    most = Math.max(most, open);
    await new Promise((resolve) => setTimeout(resolve, ANSWER_AFTER_MS));
    open -= 1;
    return 200;
  });
  return { target, most: () => most };
}
