import type { Check } from '../../check.ts';
import { hang } from '../../receiver/delivery.ts';
import type { Target } from '../../receiver/target.ts';
import type { CheckContext } from '../../run/check-context.ts';
import { instantIn, instantMs } from './task-in-state.ts';

const PAST = '2026-01-02T03:04:05.678Z';
// Enough to fill what an implementation keeps in flight by default.
const SLOW_TASKS = 120;

/** When a task is due, and what it waits for. */
export const TIME_CHECKS: readonly Check[] = [
  {
    id: 'not-delivered-before-due-at',
    title: 'A task with `dueAt` is not delivered before that instant, and shows it.',
    covers: { 'TIM-001': '9000e110', 'TIM-009': 'cfd01084' },
    profile: 'core',
    async run(t) {
      const inMs = Math.ceil(Math.max(1000, 4 * t.timing.latencyMs));
      const target = await t.target();
      const askedAtMs = performance.now();
      const dueAt = await instantIn(t, inMs);
      const { id, dueAt: shown } = await t.submit(t.taskFor(target, { dueAt }));
      t.equal('TIM-009', 'dueAt in the answer', shown, dueAt);
      const delivery = await t.delivery(target);
      t.pause('TIM-001', 'the time until the delivery', delivery.arrivedAtMs - askedAtMs, inMs);
      t.equal('TIM-009', 'Dispatchr-Due-At', delivery.header('dispatchr-due-at'), dueAt);
      t.equal('TIM-009', 'dueAt at the end', (await t.untilState(id, 'completed')).dueAt, dueAt);
    },
  },
  {
    id: 'delay-counts-from-the-submit',
    title:
      'A task with `delayMs` is due that many milliseconds after it was recorded, and not delivered before.',
    covers: { 'TIM-002': '7f4cae31', 'TIM-001': '9000e110' },
    profile: 'core',
    async run(t) {
      const delayMs = Math.ceil(Math.max(700, 3 * t.timing.latencyMs));
      const target = await t.target();
      const askedAtMs = performance.now();
      const { createdAt, dueAt } = await t.submit(t.taskFor(target, { delayMs }));
      const dueInMs = instantMs(dueAt) - instantMs(createdAt);
      t.ok('TIM-002', `dueAt is ${delayMs} ms after createdAt`, Math.abs(dueInMs - delayMs) <= 50, {
        createdAt,
        dueAt,
      });
      const delivery = await t.delivery(target);
      t.pause('TIM-001', 'the time until the delivery', delivery.arrivedAtMs - askedAtMs, delayMs);
    },
  },
  {
    id: 'task-without-due-at-is-due-at-once',
    title: 'A task with neither `dueAt` nor `delayMs` is due when it is recorded, and is delivered.',
    covers: { 'TIM-003': '980030d2' },
    profile: 'core',
    async run(t) {
      const target = await t.target();
      const { createdAt, dueAt } = await t.submit(t.taskFor(target));
      const apartMs = Math.abs(instantMs(dueAt) - instantMs(createdAt));
      t.ok('TIM-003', 'dueAt is createdAt', apartMs <= 50, { createdAt, dueAt });
      await t.delivery(target);
    },
  },
  {
    id: 'past-due-at-is-kept-and-delivered-at-once',
    title: 'A task with a past `dueAt` is delivered at once, and shows that instant as it was submitted.',
    covers: { 'TIM-003': '980030d2', 'TIM-012': '571dafad', 'TIM-009': 'cfd01084' },
    profile: 'core',
    async run(t) {
      const target = await t.target();
      const { id, dueAt } = await t.submit(t.taskFor(target, { dueAt: PAST }));
      t.equal('TIM-012', 'dueAt in the answer', dueAt, PAST);
      const delivery = await t.delivery(target);
      t.equal('TIM-009', 'Dispatchr-Due-At', delivery.header('dispatchr-due-at'), PAST);
      t.equal('TIM-012', 'dueAt at the end', (await t.untilState(id, 'completed')).dueAt, PAST);
    },
  },
  {
    id: 'due-at-at-the-end-is-that-of-the-last-attempt',
    title: 'A task that ended shows the `dueAt` of its last attempt.',
    covers: { 'TIM-009': 'cfd01084' },
    profile: 'core',
    async run(t) {
      for (const answer of [200, 422]) {
        const target = await t.target(500, answer);
        const { id, dueAt: first } = await t.submit(t.taskFor(target, { retry: t.retry() }));
        const { dueAt } = await t.untilTerminal(id);
        const sent = target.deliveries.map((delivery) => delivery.header('dispatchr-due-at'));
        t.equal('TIM-009', 'Dispatchr-Due-At of the first attempt', sent[0], first);
        t.equal('TIM-009', 'dueAt at the end, that of the second attempt', dueAt, sent[1]);
        const pauseMs = instantMs(dueAt) - instantMs(first);
        t.ok('TIM-009', 'it is later than the first by the pause', pauseMs >= t.timing.backoffMs, {
          first,
          dueAt,
        });
      }
    },
  },
  {
    id: 'slow-target-holds-up-no-other',
    title: `${SLOW_TASKS} tasks whose target does not answer do not keep a task for another target from being delivered.`,
    covers: { 'TIM-011': '274137d6' },
    profile: 'core',
    runs: 'alone',
    async run(t) {
      const slow = await t.target(hang);
      const timeoutMs = Math.min(120_000, t.discovery.limits.maxTimeoutMs);
      const stuck = Array.from({ length: SLOW_TASKS }, async () =>
        t.submit(t.taskFor(slow, { timeoutMs, retry: t.retry({ maxAttempts: 1 }) })),
      );
      const ids = (await Promise.all(stuck)).map(({ id }) => id);
      await t.delivery(slow);
      const other = t.origins.isShared ? await t.target() : await ownOrigin(t);
      const { id } = await t.submit(t.taskFor(other, { flowKey: `${t.queue}-other` }));
      await t.delivery(other);
      await t.untilState(id, 'completed');
      await Promise.all(ids.map(async (each) => t.api.operate(each, 'cancel')));
    },
  },
  {
    id: 'due-task-is-sent-within-a-second',
    title: 'An implementation that has nothing else to do sends the delivery of a due task within a second.',
    covers: { 'TIM-005': 'b470582c' },
    profile: 'core',
    runs: 'alone',
    async run(t) {
      const target = await t.target();
      const inMs = 300;
      const submittedAtMs = performance.now();
      await t.submit(t.taskFor(target, { delayMs: inMs }));
      const answeredAtMs = performance.now();
      const delivery = await t.delivery(target);
      const tookMs = delivery.startedAtMs - answeredAtMs - inMs;
      t.ok('TIM-005', 'the delivery comes within a second', tookMs <= 1000, `${Math.round(tookMs)} ms`);
      t.note(`submitted in ${Math.round(answeredAtMs - submittedAtMs)} ms`);
    },
  },
];

async function ownOrigin(t: CheckContext): Promise<Target> {
  const receiver = await t.origins.listen();
  return receiver.add(`http://${t.origins.host}:${receiver.port}`, '/other', [200]);
}
