import { setTimeout as sleep } from 'node:timers/promises';
import type { Check } from '../../check.ts';
import type { Delivery } from '../../receiver/delivery.ts';
import { reset } from '../../receiver/delivery.ts';
import type { Json } from '../../run/api.ts';
import type { CheckContext } from '../../run/check-context.ts';
import {
  ChangingAnswer,
  KNOWN_AFTER_MS,
  listedOrigin,
  onceARun,
  requireOwnOrigin,
  submitMany,
  untilOrigin,
  untilProbesOnly,
} from './failing-origin.ts';

// Enough for several schedulers to see what opens a circuit each. Spec: HLD-020.
const FAILING_TASKS = 200;
const LATE_TASKS = 100;
const WATCHED_MS = 4000;
// Arrivals are not starts: what a probe took on its way may push two together.
const ON_THE_WAY_MS = 250;

/** What an origin gets while its circuit is open, and when it answers again. */
export const PROBE_CHECKS: readonly Check[] = [
  {
    id: 'probes-are-a-second-apart',
    title: 'While a circuit is open its origin gets one attempt a second at most.',
    covers: { 'HLD-022': 'c1b444af' },
    profile: 'core',
    features: ['target-health', 'batch'],
    async run(t) {
      const { target, sinceMs } = await broken(t);
      await sleep(WATCHED_MS);
      const probes = target.deliveries.filter(({ startedAtMs }) => startedAtMs > sinceMs);
      for (const [at, { startedAtMs }] of probes.entries()) {
        const before = probes[at - 1]?.startedAtMs ?? -Infinity;
        const gapMs = Math.round(startedAtMs - before);
        t.ok('HLD-022', 'a second between two probes', gapMs >= 1000 - ON_THE_WAY_MS, `${gapMs} ms`);
      }
    },
  },
  {
    id: 'one-probe-at-a-time',
    title: 'While a probe is not answered, an origin with an open circuit gets no other.',
    covers: { 'HLD-022': 'c1b444af' },
    profile: 'core',
    features: ['target-health', 'batch'],
    async run(t) {
      const { answer, target } = await broken(t);
      answer.current = { status: 503, afterMs: 2500 };
      // What was on its way when the answer changed is none of the probes.
      await sleep(answer.inFlight > 0 ? KNOWN_AFTER_MS : 0);
      answer.most = 0;
      await t.delivery(target, target.deliveries.length + 2, PROBES_WITHIN_MS);
      t.ok('HLD-022', 'one attempt at a time', answer.most <= 1, answer.most);
      t.equal('HLD-022', 'the circuit', (await listedOrigin(t, target.url))?.state, 'circuit-open');
    },
  },
  {
    id: 'what-waits-for-a-circuit-is-not-spent',
    title:
      'Probes are ordinary attempts of due tasks; a task that waits for an open circuit is pending and spends none.',
    covers: { 'HLD-024': '496d10b4', 'HLD-025': '72d9eff8' },
    profile: 'core',
    features: ['target-health', 'batch'],
    async run(t) {
      const { target, first, ids, sinceMs } = await broken(t);
      await sleep(WATCHED_MS);
      const probes = target.deliveries.filter(({ startedAtMs }) => startedAtMs > sinceMs);
      const looked = [...new Set([...ids, ...probes.map(taskIdOf)])];
      const tasks: Json[] = await Promise.all(looked.map(async (id) => (await t.api.get(id)).json));
      // Counted after the tasks were read, so that none of them has had an attempt that is not counted.
      const sent = target.deliveries.map(taskIdOf);
      const spent = tasks.filter(
        ({ id, attemptsUsed }) => attemptsUsed > sent.filter((each) => each === id).length,
      );
      t.equal('HLD-024', 'tasks that were spent without a delivery', spent, []);
      const gone = tasks.filter(({ id, state }) => !sent.includes(id) && state !== 'pending');
      t.equal('HLD-024', 'tasks that wait and are not pending', gone, []);
      const before = new Set(
        target.deliveries.filter(({ startedAtMs }) => startedAtMs <= sinceMs).map(taskIdOf),
      );
      for (const probe of probes) {
        const id = taskIdOf(probe);
        t.ok('HLD-025', 'a probe is of a task of the check', first.includes(id) || ids.includes(id), id);
        t.ok('HLD-025', 'a probe is of a task that was due', !before.has(id), id);
        t.equal('HLD-025', 'its method', probe.method, 'POST');
      }
    },
  },
  {
    id: 'deliveries-return-gradually',
    title:
      'Once a probe is answered, what waited is delivered a few at a time first, and all of it in the end.',
    covers: { 'HLD-023': '8de24ffa' },
    profile: 'core',
    features: ['target-health', 'batch'],
    async run(t) {
      const { answer, target, ids } = await broken(t);
      await sleep(answer.inFlight > 0 ? KNOWN_AFTER_MS : 0);
      answer.current = { status: 200, afterMs: 250 };
      await t.delivery(target, target.deliveries.length + 1, PROBES_WITHIN_MS);
      answer.most = 0;
      await untilOrigin(t, target.url, 'returning', 'healthy');
      // As long as the probe's answer is on its way, and half a second of what follows it.
      await sleep(500);
      t.note(`${answer.most} in flight at once, ${ids.length} waited`);
      t.ok('HLD-023', `not half of the ${ids.length} at once`, answer.most <= ids.length / 2, answer.most);
      for (const id of ids) await t.untilState(id, 'completed');
    },
  },
];

const PROBES_WITHIN_MS = 30_000;

/** An origin whose circuit is open and known to be so, and `ids` of tasks that came after that: each has one attempt in this run. */
async function broken(t: CheckContext) {
  requireOwnOrigin(t);
  const answer = new ChangingAnswer(reset);
  const target = await t.target(answer.answer);
  const first = await submitMany(t, target, FAILING_TASKS, { retry: onceARun(t) });
  await untilOrigin(t, target.url, 'circuit-open');
  await untilProbesOnly(t, target.url);
  await sleep(KNOWN_AFTER_MS);
  const sinceMs = performance.now();
  const ids = await submitMany(t, target, LATE_TASKS, { retry: onceARun(t) });
  return { answer, target, first, ids, sinceMs };
}

const taskIdOf = (delivery: Delivery): string => delivery.header('dispatchr-task-id') ?? '';
