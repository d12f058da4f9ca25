import type { Check } from '../../check.ts';
import type { CheckContext } from '../../run/check-context.ts';
import type { Target } from '../../receiver/target.ts';
import { onQueue, put, submitAll } from './queue-requests.ts';

const PER_SECOND = 5;
const RATE = { rateLimit: { perSecond: PER_SECOND, burst: 1 } };
const TASKS = 9;
// Idle for longer than a rate that saves up what it did not use would need for all of a second batch.
const IDLE_TASKS = 6;
// The burst gives back what a busy machine was late for.
const SOON = { perSecond: 10, burst: 10 };

/** Rates of queues and of flow keys, as targets see them. */
export const RATE_CHECKS: readonly Check[] = [
  {
    id: 'a-queue-keeps-its-rate',
    title: 'Deliveries of a queue do not start more often than its rate allows, and all arrive in the end.',
    covers: { 'QUE-060': '478496ce' },
    profile: 'core',
    features: ['queues', 'rate-limits', 'batch'],
    async run(t) {
      await put(t, RATE);
      inRate(t, 'QUE-060', await burst(t, TASKS));
    },
  },
  {
    id: 'a-rate-is-not-saved-up',
    title: 'A queue that was idle has no more starts at once than `burst`, however long it was idle.',
    covers: { 'QUE-060': '478496ce' },
    profile: 'core',
    features: ['queues', 'rate-limits', 'batch'],
    async run(t) {
      await put(t, RATE);
      await burst(t, 1);
      // What the rate would have allowed in this second is lost.
      await put(t, {});
      inRate(t, 'QUE-060', await burst(t, IDLE_TASKS));
    },
  },
  {
    id: 'a-queue-gets-what-its-rate-allows',
    title: 'A queue with enough due tasks gets at least nine tenths of the deliveries that its rate allows.',
    covers: { 'QUE-062': '35d84683' },
    profile: 'core',
    features: ['queues', 'rate-limits', 'batch'],
    async run(t) {
      await put(t, { rateLimit: SOON });
      const tasks = 25;
      const { target, submittedAtMs } = await burst(t, tasks);
      const last = target.deliveries[tasks - 1]?.startedAtMs ?? Infinity;
      const longestMs = (1000 * tasks) / SOON.perSecond / 0.9 + 2 * t.timing.latencyMs;
      const tookMs = Math.round(last - submittedAtMs);
      t.ok(
        'QUE-062',
        `${tasks} start within ${Math.round(longestMs)} ms`,
        tookMs <= longestMs,
        `${tookMs} ms`,
      );
    },
  },
  {
    id: 'a-flow-key-keeps-its-rate',
    title: 'Deliveries of a flow key do not start more often than its own rate allows.',
    covers: { 'FLO-021': '497953ed', 'FLO-010': 'afe80021', 'FLO-011': '87e2f971' },
    profile: 'core',
    features: ['queues', 'rate-limits', 'flow-keys', 'batch'],
    async run(t) {
      t.status('FLO-010', await onQueue(t, 'PUT', '/flow-keys/a%2Fb', RATE), 200);
      await put(t, { flowLimits: { rateLimit: { perSecond: 1000 } } });
      inRate(t, 'FLO-011', await burst(t, TASKS, { flowKey: 'a/b' }));
    },
  },
];

interface Burst {
  readonly target: Target;
  /** `performance.now()` before the submit: no delivery started earlier. */
  readonly submittedAtMs: number;
}

/** Submits tasks that are due at once, and waits until all of them were delivered. */
async function burst(t: CheckContext, length: number, members: object = {}): Promise<Burst> {
  const target = await t.target();
  const submittedAtMs = performance.now();
  await submitAll(
    t,
    Array.from({ length }, () => t.taskFor(target, members)),
  );
  await t.delivery(target, length);
  return { target, submittedAtMs };
}

/**
 * At every arrival, no more have come than may have started since the submit. All of them started in that stretch,
 * whatever they took on their way.
 */
function inRate(t: CheckContext, requirement: string, { target, submittedAtMs }: Burst): void {
  for (const [at, { startedAtMs }] of target.deliveries.entries()) {
    const seconds = (startedAtMs - submittedAtMs) / 1000;
    const most = 1 + PER_SECOND * 0.05 + PER_SECOND * seconds;
    t.ok(
      requirement,
      `at most ${most.toFixed(1)} start in the first ${seconds.toFixed(2)} s`,
      at + 1 <= most,
      at + 1,
    );
  }
}
