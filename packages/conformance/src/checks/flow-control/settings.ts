import { setTimeout as sleep } from 'node:timers/promises';
import type { Check } from '../../check.ts';
import { KNOWN_AFTER_MS, onQueue, put } from './queue-requests.ts';

const SETTINGS = { weight: 5, timeoutMs: 20_000, retry: { maxAttempts: 7 } };
const isIdle = (task: { state?: string; attempt?: number }): boolean =>
  task.state === 'pending' && task.attempt === 0;

/** Settings of queues, and what they do. */
export const SETTING_CHECKS: readonly Check[] = [
  {
    id: 'put-changes-what-it-names',
    title: 'A put of a queue changes the settings that it names and leaves the others.',
    covers: { 'QUE-010': 'fcf3d428' },
    profile: 'recorder',
    features: ['queues'],
    async run(t) {
      t.status('QUE-010', await onQueue(t, 'PUT', '', SETTINGS), 200);
      const response = await onQueue(t, 'PUT', '', { weight: 8 });
      t.matches('QUE-010', 'the answer', response.json, { ...SETTINGS, weight: 8, paused: false });
      t.matches('QUE-010', 'the queue', (await onQueue(t, 'GET')).json, { ...SETTINGS, weight: 8 });
    },
  },
  {
    id: 'null-brings-the-default-back',
    title: 'A setting that is put as `null` has its default again.',
    covers: { 'QUE-011': '08397057' },
    profile: 'recorder',
    features: ['queues'],
    async run(t) {
      t.status('QUE-011', await onQueue(t, 'PUT', '', { ...SETTINGS, paused: true }), 200);
      const nulls = { weight: null, timeoutMs: null, retry: null, paused: null };
      const { json } = await onQueue(t, 'PUT', '', nulls);
      const { weight, paused, timeoutMs, retry } = json ?? {};
      t.equal('QUE-011', 'the settings', { weight, paused, timeoutMs, retry }, { weight: 3, paused: false });
    },
  },
  {
    id: 'a-put-that-is-not-valid-changes-nothing',
    title: 'A put with one setting that is not valid changes none.',
    covers: { 'QUE-014': '07a9aef5' },
    profile: 'recorder',
    features: ['queues'],
    async run(t) {
      t.status('QUE-014', await onQueue(t, 'PUT', '', { weight: 5 }), 200);
      const response = await onQueue(t, 'PUT', '', { weight: 7, timeoutMs: 0 });
      t.problem('QUE-014', response, 'invalid-request', { pointer: '/timeoutMs' });
      t.equal('QUE-014', 'weight', (await onQueue(t, 'GET')).json?.weight, 5);
    },
  },
  {
    id: 'settings-of-a-queue-survive-a-restart',
    title: 'Settings of a queue that were put are there after a restart.',
    covers: { 'QUE-013': 'afa5e7f0' },
    profile: 'recorder',
    features: ['queues'],
    needs: ['control'],
    runs: 'alone',
    async run(t) {
      t.status('QUE-013', await onQueue(t, 'PUT', '', SETTINGS), 200);
      await t.control.kill();
      await t.control.start();
      t.matches('QUE-013', 'the queue', (await onQueue(t, 'GET')).json, SETTINGS);
    },
  },
  {
    id: 'a-queue-gives-defaults-to-its-tasks',
    title:
      'A queue’s `retry` and `timeoutMs` count for its tasks where their submission left the member out.',
    covers: { 'QUE-015': '8464bfd2' },
    profile: 'recorder',
    features: ['queues'],
    async run(t) {
      const { id } = await t.submit(t.parked({ retry: { multiplier: 3 } }));
      const own = await t.submit(t.parked({ timeoutMs: 4000, retry: { maxAttempts: 2 } }));
      t.status('QUE-015', await onQueue(t, 'PUT', '', SETTINGS), 200);
      const wanted = { timeoutMs: 20_000, retry: { maxAttempts: 7, multiplier: 3 } };
      t.matches('QUE-015', 'a task that left them out', (await t.api.get(id)).json, wanted);
      const kept = { timeoutMs: 4000, retry: { maxAttempts: 2 } };
      t.matches('QUE-015', 'a task with its own', (await t.api.get(own.id)).json, kept);
      t.matches('QUE-015', 'a task that came later', await t.submit(t.parked()), { timeoutMs: 20_000 });
    },
  },
  {
    id: 'the-usual-queues-have-weights-of-their-own',
    title: 'The default weight is 6 for `critical`, 1 for `low` and 3 for any other queue.',
    covers: { 'QUE-011': '08397057' },
    profile: 'recorder',
    features: ['queues'],
    async run(t) {
      for (const [name, weight] of [
        ['critical', 6],
        ['default', 3],
        ['low', 1],
      ] as const) {
        const path = `/v1/queues/${name}`;
        const before = await t.api.request('GET', path);
        t.status('QUE-011', before, 200);
        const { json } = await t.api.request('PUT', path, { body: { weight: null } });
        // Somebody may have put one: it is theirs.
        if (before.json.weight !== json?.weight)
          await t.api.request('PUT', path, { body: { weight: before.json.weight } });
        t.equal('QUE-011', `the weight of ${name}`, json?.weight, weight);
      }
    },
  },
  {
    id: 'a-paused-queue-is-not-delivered',
    title: 'Nothing of a paused queue is delivered, also what was there before, until it is resumed.',
    covers: { 'QUE-020': '1306e4cc', 'QUE-012': '883451ee' },
    profile: 'core',
    features: ['queues'],
    async run(t) {
      const [early, late] = [await t.target(), await t.target()];
      await t.submit(t.taskFor(early, { delayMs: 2 * KNOWN_AFTER_MS }));
      t.status('QUE-020', await onQueue(t, 'POST', '/pause'), 200);
      await sleep(KNOWN_AFTER_MS);
      // With an answer that took long, it may have been sent in time.
      const inTime = early.deliveries.length;
      const { id } = await t.submit(t.taskFor(late));
      await sleep(1.5 * KNOWN_AFTER_MS + 2 * t.timing.latencyMs);
      t.equal('QUE-020', 'deliveries while it is paused', late.deliveries.length, 0);
      t.equal('QUE-012', 'deliveries of what was there before', early.deliveries.length, inTime);
      t.ok('QUE-020', 'the task is pending', isIdle((await t.api.get(id)).json));
      t.status('QUE-020', await onQueue(t, 'POST', '/resume'), 200);
      await t.delivery(early);
      await t.delivery(late);
      await t.untilState(id, 'completed');
    },
  },
  {
    id: 'a-resumed-queue-is-delivered-soon',
    title: 'A due task of a resumed queue is sent within a second of the answer.',
    covers: { 'QUE-022': 'befb872d' },
    profile: 'core',
    features: ['queues'],
    async run(t) {
      await put(t, { paused: true });
      const target = await t.target();
      await t.submit(t.taskFor(target));
      t.status('QUE-022', await onQueue(t, 'POST', '/resume'), 200);
      await t.delivery(target, 1, KNOWN_AFTER_MS + t.timing.latencyMs);
    },
  },
  {
    id: 'a-second-pause-changes-nothing',
    title: 'A pause of a paused queue and a resume of one that is not paused are answered with 200.',
    covers: { 'QUE-021': '68b2f7d8' },
    profile: 'recorder',
    features: ['queues'],
    async run(t) {
      for (const [operation, paused] of [
        ['/pause', true],
        ['/pause', true],
        ['/resume', false],
        ['/resume', false],
      ] as const) {
        const response = await onQueue(t, 'POST', operation);
        t.status('QUE-021', response, 200);
        t.equal('QUE-021', 'paused', response.json.paused, paused);
      }
    },
  },
];
