import type { Check } from '../../check.ts';
import { hang } from '../../receiver/delivery.ts';
import { put } from './queue-requests.ts';

/** Why a pending task is not running. */
export const WAITING_CHECKS: readonly Check[] = [
  {
    id: 'waiting-shows-what-is-not-due',
    title: 'A task that is not due says so, and until when; one that is terminal says nothing.',
    covers: { 'WHY-001': '9ee0a96f', 'WHY-002': '7706e7f1', 'WHY-003': 'e9196412' },
    profile: 'recorder',
    features: ['waiting-reason'],
    async run(t) {
      const { id, dueAt } = await t.submit(t.parked());
      const { json } = await t.api.get(id);
      t.equal('WHY-001', 'waiting.reason', json?.waiting?.reason, 'not-due');
      t.equal('WHY-003', 'waiting.until', json?.waiting?.until, dueAt);
      await t.api.operate(id, 'cancel');
      t.equal('WHY-001', 'waiting of a cancelled task', (await t.api.get(id)).json?.waiting, undefined);
    },
  },
  {
    id: 'waiting-shows-a-paused-queue',
    title: 'A due task of a paused queue waits for the queue; one that is not due says that first.',
    covers: { 'WHY-002': '7706e7f1' },
    profile: 'core',
    features: ['waiting-reason', 'queues'],
    async run(t) {
      await put(t, { paused: true });
      const due = await t.submit(t.parked({ delayMs: 0 }));
      const later = await t.submit(t.parked());
      t.equal('WHY-002', 'waiting.reason', (await t.api.get(due.id)).json?.waiting?.reason, 'queue-paused');
      t.equal('WHY-002', 'of one not due', (await t.api.get(later.id)).json?.waiting?.reason, 'not-due');
    },
  },
  {
    id: 'waiting-is-not-shown-while-running',
    title: 'A running task shows no `waiting`, and the one behind it waits for the concurrency.',
    covers: { 'WHY-001': '9ee0a96f', 'WHY-002': '7706e7f1' },
    profile: 'core',
    features: ['waiting-reason', 'queues', 'rate-limits'],
    async run(t) {
      await put(t, { maxConcurrency: 1 });
      const target = await t.target(hang);
      const first = await t.submit(t.taskFor(target));
      await t.delivery(target);
      const { json } = await t.api.get(first.id);
      t.ok('WHY-001', 'running shows none', json.state !== 'running' || json.waiting === undefined, json);
      const { id } = await t.submit(t.taskFor(target));
      t.equal('WHY-002', 'waiting.reason', (await t.api.get(id)).json?.waiting?.reason, 'queue-concurrency');
    },
  },
  {
    id: 'waiting-passes-over-what-a-run-does',
    title: 'A task that an operator runs in a paused queue shows the concurrency that it waits for.',
    covers: { 'WHY-006': '9167238c' },
    profile: 'core',
    features: ['waiting-reason', 'queues', 'rate-limits'],
    async run(t) {
      await put(t, { maxConcurrency: 1 });
      const target = await t.target(hang);
      await t.submit(t.taskFor(target));
      await t.delivery(target);
      await put(t, { paused: true });
      const { id } = await t.submit(t.taskFor(target));
      t.status('WHY-006', await t.api.operate(id, 'run'), 200);
      t.equal('WHY-006', 'waiting.reason', (await t.api.get(id)).json?.waiting?.reason, 'queue-concurrency');
    },
  },
];
