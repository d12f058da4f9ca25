import type { Check } from '../../check.ts';
import { type Answer, close, hang, reset } from '../../receiver/delivery.ts';
import type { CheckContext } from '../../run/check-context.ts';
import { UNTRUSTED_CERTIFICATE } from '../delivery/untrusted-certificate.ts';
import {
  againAndAgain,
  listedOrigin,
  onceARun,
  otherOrigin,
  requireOwnOrigin,
  submitMany,
  untilOrigin,
} from './failing-origin.ts';

// Above the 50 that may open a circuit. Spec: HLD-020.
const FAILING_TASKS = 60;
const LEAST_TIMEOUT_MS = 300;

/** Which ends of attempts open the circuit of an origin, and which do not. */
export const CIRCUIT_CHECKS: readonly Check[] = [
  {
    id: 'failing-answers-open-the-circuit',
    title: 'An origin that answers 502, 503 or 504 again and again gets its circuit opened.',
    covers: { 'HLD-020': '88c1c45f', 'HLD-001': '20f1a606' },
    profile: 'core',
    features: ['target-health', 'batch'],
    async run(t) {
      requireOwnOrigin(t);
      await Promise.all([502, 503, 504].map((status) => opensBy(t, status)));
    },
  },
  {
    id: 'broken-connections-open-the-circuit',
    title: 'An origin whose connections are reset or closed without an answer gets its circuit opened.',
    covers: { 'HLD-020': '88c1c45f' },
    profile: 'core',
    features: ['target-health', 'batch'],
    async run(t) {
      requireOwnOrigin(t);
      await Promise.all([reset, close].map((answer) => opensBy(t, answer)));
    },
  },
  {
    id: 'timeouts-open-the-circuit',
    title: 'An origin that lets attempts time out gets its circuit opened.',
    covers: { 'HLD-020': '88c1c45f' },
    profile: 'core',
    features: ['target-health', 'batch'],
    async run(t) {
      requireOwnOrigin(t);
      const timeoutMs = Math.max(t.discovery.limits.minTimeoutMs, LEAST_TIMEOUT_MS);
      await opensBy(t, hang, { timeoutMs });
    },
  },
  {
    id: 'origins-out-of-reach-open-the-circuit',
    title:
      'An origin whose name cannot be looked up, and one that nobody vouches for, get their circuits opened.',
    covers: { 'HLD-020': '88c1c45f' },
    profile: 'core',
    features: ['target-health', 'batch'],
    async run(t) {
      requireOwnOrigin(t);
      // Nobody resolves it (RFC 6761), and no other check or run has that origin.
      const nowhere = `http://${t.queue
        .toLowerCase()
        .replaceAll(/[^a-z0-9]+/g, '-')
        .slice(0, 40)}x.invalid/`;
      const { port } = await t.origins.listen(UNTRUSTED_CERTIFICATE);
      const untrusted = `https://${t.origins.host}:${port}/untrusted`;
      for (const url of [nowhere, untrusted]) {
        const ids = await submitMany(t, url, FAILING_TASKS, { retry: againAndAgain(t) });
        await untilOrigin(t, url, 'circuit-open');
        await cancelAll(t, ids);
      }
    },
  },
  {
    id: 'an-answer-between-keeps-the-circuit-closed',
    title: 'Four failures in a row, then any other answer, again and again, leave the circuit closed.',
    covers: { 'HLD-021': '32f1a7d8', 'HLD-020': '88c1c45f' },
    profile: 'core',
    features: ['target-health'],
    async run(t) {
      requireOwnOrigin(t);
      const others = [200, 500, 404, 422, 301, 429, 200, 500, 200, 404, 500, 200, 200, 500];
      const script = others.flatMap((other) => [503, reset, 502, 504, other]);
      const target = await t.target(...script);
      for (let number = 1; number <= script.length; number += 1) {
        const { id } = await t.submit(t.taskFor(target, { retry: t.retry({ maxAttempts: 1 }) }));
        await t.untilTerminal(id);
        const state: string = (await listedOrigin(t, target.url))?.state ?? 'healthy';
        t.equal('HLD-021', `the origin after ${number} attempts`, state, 'healthy');
      }
    },
  },
  {
    id: 'a-circuit-opens-for-its-origin-alone',
    title: 'While the circuit of an origin is open, tasks for another port of its host are delivered.',
    covers: { 'TIM-011': '274137d6', 'HLD-020': '88c1c45f' },
    profile: 'core',
    features: ['target-health', 'batch'],
    async run(t) {
      requireOwnOrigin(t);
      const broken = await t.target(reset);
      await submitMany(t, broken, 2 * FAILING_TASKS, { retry: onceARun(t) });
      const { state } = await untilOrigin(t, broken.url, 'circuit-open');
      t.equal('HLD-020', 'the state', state, 'circuit-open');
      const fine = await otherOrigin(t, 200);
      const { id } = await t.submit(t.taskFor(fine));
      await t.delivery(fine);
      await t.untilState(id, 'completed');
    },
  },
];

/** Sends tasks to an origin of their own that fails in one way, until its circuit is open. */
async function opensBy(t: CheckContext, answer: Answer, members: object = {}): Promise<void> {
  const target = await otherOrigin(t, answer);
  const ids = await submitMany(t, target, FAILING_TASKS, { retry: againAndAgain(t), ...members });
  const { failures } = await untilOrigin(t, target.url, 'circuit-open');
  t.ok('HLD-020', 'it took at least 5 failures in a row', failures >= 5, failures);
  await cancelAll(t, ids);
}

async function cancelAll(t: CheckContext, ids: readonly string[]): Promise<void> {
  for (const id of ids) await t.api.operate(id, 'cancel');
}
