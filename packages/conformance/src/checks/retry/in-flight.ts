import { setTimeout as sleep } from 'node:timers/promises';
import type { Check } from '../../check.ts';
import type { Json } from '../../run/api.ts';

const isFinished = ({ finishedAt }: Json): boolean => finishedAt !== undefined;

/** What does not happen while an attempt is in flight, and to what is finished or was refused. */
export const IN_FLIGHT_CHECKS: readonly Check[] = [
  {
    id: 'attempt-in-flight-is-not-started-again',
    title: 'A task whose attempt takes longer than a scheduler takes to look for tasks is delivered once.',
    covers: { 'LEA-001': '1429fc35' },
    profile: 'core',
    async run(t) {
      const target = await t.target({ status: 200, afterMs: 2000 });
      const { id } = await t.submit(t.taskFor(target, { retry: t.retry() }));
      const task = await t.until(id, 'terminal', isFinished, 2000 + t.timing.patienceMs);
      t.matches('LEA-001', 'the task whose target took 2 s', task, { state: 'completed', attempt: 1 });
      t.equal('LEA-001', 'deliveries that arrived', target.deliveries.length, 1);
    },
  },
  {
    id: 'attempt-outlasts-its-first-lease',
    title: 'A task whose attempt takes longer than the 30 seconds of a lease is delivered once.',
    covers: { 'LEA-002': 'e9dcd2f1', 'LEA-007': '861081a5' },
    profile: 'core',
    // It needs no control, but half a minute: more than a run without one is asked to take.
    needs: ['control'],
    async run(t) {
      // 36 s with the usual patience; the self-test, whose patience is short, has shorter leases to match.
      const afterMs = 2.4 * t.timing.patienceMs;
      const timeoutMs = Math.round(2 * afterMs);
      if (timeoutMs > t.discovery.limits.maxTimeoutMs) t.skip(`no attempt may take ${timeoutMs} ms`);
      const target = await t.target({ status: 200, afterMs });
      const { id } = await t.submit(t.taskFor(target, { timeoutMs, retry: t.retry() }));
      const task = await t.until(id, 'terminal', isFinished, 2 * afterMs);
      t.matches('LEA-002', `the task whose target took ${afterMs} ms`, task, {
        state: 'completed',
        attempt: 1,
      });
      t.equal('LEA-002', 'deliveries that arrived', target.deliveries.length, 1);
    },
  },
  {
    id: 'what-was-refused-is-not-delivered',
    title: 'Nothing is delivered of a submission that was refused.',
    covers: { 'DUR-004': 'cac72d7a' },
    profile: 'core',
    async run(t) {
      const target = await t.target(200);
      const { id } = await t.submit(t.parked({ id: t.newId() }));
      t.problem(
        'DUR-004',
        await t.api.submit(t.taskFor(target, { retry: { maxAttempts: 0 } })),
        'invalid-request',
      );
      t.problem('DUR-004', await t.api.submit(t.taskFor(target, { id })), 'task-id-conflict');
      t.problem(
        'DUR-004',
        await t.api.submit(`${JSON.stringify(t.taskFor(target)).slice(0, -1)},}`),
        'malformed-json',
      );
      await t.quiet();
      t.equal('DUR-004', 'deliveries that arrived', target.deliveries.length, 0);
    },
  },
  {
    id: 'finished-task-is-kept',
    title: 'A finished task can be read, with its attempts, as long as discovery says that it is kept.',
    covers: { 'DUR-011': '83ce45ce', 'DUR-007': '464bde3e' },
    profile: 'core',
    async run(t) {
      const { retentionCompletedMs, retentionFailedMs } = t.discovery.limits;
      const completed = await t.submit(t.taskFor(await t.target(200)));
      const failed = await t.submit(t.taskFor(await t.target(422)));
      const finished = [
        { id: completed.id, state: 'completed', keptMs: retentionCompletedMs },
        { id: failed.id, state: 'failed', keptMs: retentionFailedMs },
      ];
      for (const { id, state } of finished) await t.untilState(id, state);
      // Who forgets what is finished does so after a while, however short.
      await sleep(1000);
      await t.quiet();
      // Less than this may be over by now.
      const longKept = finished.filter(({ keptMs }) => keptMs > 600_000);
      for (const { id, state, keptMs } of longKept) {
        const what = `the task that became ${state}, of which discovery says that it is kept for ${keptMs} ms`;
        const { status, json } = await t.api.get(id);
        t.matches('DUR-011', what, { status, state: json?.state }, { status: 200, state });
        t.equal('DUR-011', 'the number of its attempts', (await t.attempts(id)).length, 1);
      }
      if (longKept.length === 0) t.skip('discovery says that finished tasks are kept for 10 minutes at most');
    },
  },
];
