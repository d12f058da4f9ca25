import type { Check } from '../../check.ts';
import { put } from './queue-requests.ts';

// One start in two minutes: far longer than a check waits for a delivery.
const RARELY = { perSecond: 1 / 120, burst: 1 };

/** What a task that an operator runs does not wait for. Spec: CAN-013. */
export const RUN_CHECKS: readonly Check[] = [
  {
    id: 'a-run-passes-over-a-pause',
    title: 'A task that an operator runs is delivered although its queue is paused.',
    covers: { 'CAN-013': 'e7c8273e', 'QUE-020': '1306e4cc' },
    profile: 'core',
    features: ['queues'],
    async run(t) {
      await put(t, { paused: true });
      const target = await t.target();
      const { id } = await t.submit(t.taskFor(target));
      t.status('CAN-013', await t.api.operate(id, 'run'), 200);
      await t.delivery(target);
      await t.untilState(id, 'completed');
    },
  },
  {
    id: 'a-run-passes-over-a-rate',
    title:
      'A task that an operator runs is delivered although its queue has started all that its rate allows.',
    covers: { 'CAN-013': 'e7c8273e' },
    profile: 'core',
    features: ['queues', 'rate-limits'],
    async run(t) {
      await put(t, { rateLimit: RARELY });
      const target = await t.target();
      const first = await t.submit(t.taskFor(target));
      await t.untilState(first.id, 'completed');
      const waits = await t.submit(t.taskFor(target));
      // It may have been sent by now, if an implementation grants a little more than the rate.
      t.status('CAN-013', await t.api.operate(waits.id, 'run'), 200, 409);
      await t.untilState(waits.id, 'completed');
    },
  },
];
