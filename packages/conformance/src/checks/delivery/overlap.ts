import { setTimeout as sleep } from 'node:timers/promises';
import type { Check } from '../../check.ts';
import type { Target } from '../../receiver/target.ts';

const ATTEMPT_MS = 1000;
const BEGIN_WITHIN_MS = 1000;

/** That one attempt follows on the other, and none on a 2xx. */
export const OVERLAP_CHECKS: readonly Check[] = [
  {
    id: 'delivered-once-after-a-2xx',
    title: 'A task is not delivered again after a 2xx.',
    covers: { 'DLV-041': '4de437c5' },
    profile: 'core',
    async run(t) {
      const target = await t.target(204);
      const { id } = await t.submit(t.taskFor(target, { retry: t.retry() }));
      await t.untilState(id, 'completed');
      await t.quiet();
      t.equal('DLV-041', 'one delivery arrived', target.deliveries.length, 1);
    },
  },
  {
    id: 'not-delivered-while-an-attempt-is-in-flight',
    title: 'A task is not delivered again while an attempt of it is in flight, also if the operator runs it.',
    covers: { 'DLV-040': '4b8de293' },
    profile: 'core',
    async run(t) {
      let arrived = 0;
      const target: Target = await t.target(async (wire) => {
        await sleep(ATTEMPT_MS);
        arrived = target.deliveries.length;
        await wire.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
      });
      const { id } = await t.submit(t.taskFor(target, { retry: t.retry() }));
      await t.delivery(target);
      await t.api.operate(id, 'run');
      await t.untilTerminal(id);
      t.equal('DLV-040', 'number of deliveries before the answer', arrived, 1);
    },
  },
  {
    id: 'claimed-task-is-sent-within-a-second',
    title: 'A task is sent within a second of its claim, also when several are due at once.',
    covers: { 'DLV-042': '28a5c33d' },
    profile: 'core',
    async run(t) {
      const targets = await Promise.all(
        Array.from({ length: 8 }, () => t.target({ status: 200, afterMs: 400 })),
      );
      const tasks = await Promise.all(targets.map((target) => t.submit(t.taskFor(target))));
      for (const { id } of tasks) {
        await t.untilState(id, 'completed');
        const [attempt] = await t.attempts(id);
        const heldMs = Date.parse(attempt.endedAt) - Date.parse(attempt.startedAt);
        const idleMs = heldMs - attempt.durationMs;
        const limitMs = BEGIN_WITHIN_MS + 500 + 4 * t.timing.latencyMs;
        t.ok(
          'DLV-042',
          'the lease is held for little longer than the request takes',
          idleMs <= limitMs,
          `${idleMs} ms`,
        );
      }
    },
  },
];
