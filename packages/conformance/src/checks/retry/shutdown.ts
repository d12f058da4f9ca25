import type { Check } from '../../check.ts';
import { hang } from '../../receiver/delivery.ts';
import { deliveryAfterCrash } from './crash.ts';

/** What a stop does to tasks that are in flight and to those that are due. */
export const SHUTDOWN_CHECKS: readonly Check[] = [
  {
    id: 'stop-releases-what-it-breaks-off',
    title:
      'An attempt that a stop breaks off ends `released`: it costs nothing, and the task is due at once, with the same `dueAt`.',
    covers: { 'LEA-022': 'c32ebc3f', 'LEA-023': '928c82f7', 'RTY-008': '8ca8bd19' },
    profile: 'core',
    needs: ['control'],
    runs: 'alone',
    async run(t) {
      const timeoutMs = Math.min(t.discovery.limits.maxTimeoutMs, 600_000);
      const target = await t.target(hang, 200);
      // With `maxDurationMs` and one attempt only: a released attempt uses up neither (RTY-008).
      const retry = t.retry({ maxAttempts: 1, maxDurationMs: 1 });
      const { id } = await t.submit(t.taskFor(target, { retry, timeoutMs }));
      const first = await t.delivery(target);
      await t.control.stop();
      await t.control.start();
      const [stopped] = await t
        .until(id, 'settled after the stop', ({ attempt, state }) => attempt > 1 || state !== 'running')
        .then(() => t.attempts(id));
      if (stopped?.errorCode === 'timeout')
        t.skip(`it waits longer than ${timeoutMs} ms for what is in flight`);
      t.matches('LEA-022', 'the attempt that the stop broke off', stopped, {
        outcome: 'released',
        errorCode: 'released',
      });
      const second = await deliveryAfterCrash(t, target, 2);
      for (const name of ['Dispatchr-Due-At', 'Dispatchr-Attempts-Left']) {
        t.equal('LEA-023', `${name} of the second delivery`, second.header(name), first.header(name));
      }
      const task = await t.untilState(id, 'completed');
      t.matches('RTY-008', 'the task in the end', task, { attempt: 2, attemptsUsed: 0 });
    },
  },
  {
    id: 'stop-claims-nothing-more',
    title: 'A task that becomes due during a stop is not delivered before the next start, and then is.',
    covers: { 'LEA-020': '65ae3fbb' },
    profile: 'core',
    needs: ['control'],
    runs: 'alone',
    async run(t) {
      const held = await t.target(hang, 200);
      const target = await t.target(200);
      await t.submit(t.taskFor(held));
      await t.delivery(held);
      await t.submit(t.taskFor(target, { delayMs: 1200 }));
      await t.control.stop();
      const duringStop = target.deliveries.length;
      await t.control.start();
      t.equal('LEA-020', 'deliveries of the task that became due during the stop', duringStop, 0);
      await deliveryAfterCrash(t, target, 1);
    },
  },
  {
    id: 'stop-leaves-time-to-attempts-in-flight',
    title: 'An attempt that is answered shortly after a stop began is completed by it.',
    covers: { 'LEA-021': '65834c7a' },
    profile: 'core',
    needs: ['control'],
    runs: 'alone',
    async run(t) {
      const target = await t.target({ status: 200, afterMs: 800 });
      const { id } = await t.submit(t.taskFor(target));
      await t.delivery(target);
      await t.control.stop();
      await t.control.start();
      const task = await t.untilState(id, 'completed');
      t.matches('LEA-021', 'the task whose answer came 0.8 s after its delivery', task, { attempt: 1 });
    },
  },
];
