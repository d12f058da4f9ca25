import type { Check } from '../../check.ts';
import { listed, onQueue, put } from './queue-requests.ts';

const PAGE = 7;
const PAST = '2026-01-02T03:04:05.000Z';

/** Queues as a resource: lists, counts, purge, delete. */
export const QUEUE_CHECKS: readonly Check[] = [
  {
    id: 'queues-are-listed-by-name',
    title: 'A list of queues has those with tasks, those with settings and the usual three, by name.',
    covers: { 'QUE-001': '15920a3a' },
    profile: 'recorder',
    features: ['queues'],
    async run(t) {
      await t.submit(t.parked());
      const idle = `${t.queue}-idle`;
      t.status('QUE-001', await t.api.request('PUT', `/v1/queues/${idle}`, { body: { weight: 2 } }), 200);
      const names = await listed(t, '/v1/queues', 'queues', 'name');
      for (const name of [t.queue, idle, 'critical', 'default', 'low'])
        t.equal('QUE-001', `how often ${name} is listed`, names.filter((each) => each === name).length, 1);
      t.equal(
        'QUE-001',
        'the order',
        names,
        names.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
      );
    },
  },
  {
    id: 'an-unknown-queue-is-404',
    title: 'A queue without tasks and settings is answered with 404 `queue-not-found`.',
    covers: { 'QUE-002': '87094865' },
    profile: 'recorder',
    features: ['queues'],
    async run(t) {
      t.problem('QUE-002', await onQueue(t, 'GET'), 'queue-not-found');
      // It cannot be a name.
      t.problem('QUE-002', await t.api.request('GET', '/v1/queues/no%20name'), 'queue-not-found');
    },
  },
  {
    id: 'a-queue-counts-its-tasks',
    title:
      'A queue shows how many tasks are pending, due and running, and the earliest `dueAt` of those due.',
    covers: { 'QUE-003': '9b44faa7', 'QUE-004': '7ac0d3f9' },
    profile: 'recorder',
    features: ['queues'],
    async run(t) {
      await put(t, { paused: true });
      await t.submit(t.parked());
      t.equal(
        'QUE-004',
        'oldestDueAt with nothing due',
        (await onQueue(t, 'GET')).json?.oldestDueAt,
        undefined,
      );
      await t.submit(t.parked({ delayMs: undefined, dueAt: '2026-02-03T00:00:00.000Z' }));
      await t.submit(t.parked({ delayMs: undefined, dueAt: PAST }));
      const { json } = await onQueue(t, 'GET');
      t.matches('QUE-003', 'the counts', json, { pending: 3, due: 2, running: 0 });
      t.equal('QUE-004', 'oldestDueAt', json.oldestDueAt, PAST);
    },
  },
  {
    id: 'a-list-of-queues-is-cut-into-pages',
    title: 'The pages of a list of queues hold every queue once, in the order of the whole list.',
    covers: { 'QUE-001': '15920a3a' },
    profile: 'recorder',
    features: ['queues'],
    async run(t) {
      // One more than a page has: one of them begins a page.
      const own = Array.from({ length: PAGE + 1 }, (_, at) => `${t.queue}-${at}`);
      for (const queue of own) await t.submit(t.parked({ queue }));
      const names = await listed(t, '/v1/queues', 'queues', 'name', PAGE);
      // Others come and go between two pages, but not these.
      const found = names.filter((name) => own.includes(name));
      t.equal('QUE-001', 'what the pages hold of these queues', found, own);
    },
  },
  {
    id: 'what-runs-is-counted-and-not-purged',
    title: 'A task in flight counts as running, a purge leaves it alone, and its queue is not deleted.',
    covers: { 'QUE-030': '330d0f88', 'QUE-003': '9b44faa7', 'QUE-041': 'ccf18ea5' },
    profile: 'core',
    features: ['queues'],
    async run(t) {
      let release: (status: number) => void = () => undefined;
      const answer = new Promise<number>((resolve) => (release = resolve));
      const target = await t.target(() => answer);
      const { id } = await t.submit(t.taskFor(target));
      await t.delivery(target);
      await t.submit(t.parked());
      t.matches('QUE-003', 'the counts', (await onQueue(t, 'GET')).json, { running: 1, pending: 1 });
      t.equal('QUE-030', 'cancelled', (await onQueue(t, 'POST', '/purge')).json?.cancelled, 1);
      t.problem('QUE-041', await onQueue(t, 'DELETE'), 'queue-not-empty');
      release(200);
      await t.untilState(id, 'completed');
      t.equal('QUE-030', 'deliveries', target.deliveries.length, 1);
    },
  },
  {
    id: 'purge-cancels-what-is-pending',
    title: 'A purge cancels the pending tasks of its queue, due or not, and says how many.',
    covers: { 'QUE-030': '330d0f88' },
    profile: 'recorder',
    features: ['queues'],
    async run(t) {
      const tasks = [await t.submit(t.parked()), await t.submit(t.parked())];
      const other = await t.submit(t.parked({ queue: `${t.queue}-other` }));
      const response = await onQueue(t, 'POST', '/purge');
      t.status('QUE-030', response, 200);
      t.equal('QUE-030', 'cancelled', response.json.cancelled, 2);
      for (const { id } of tasks) t.equal('QUE-030', 'state', (await t.api.get(id)).json?.state, 'cancelled');
      t.equal('QUE-030', 'state in another queue', (await t.api.get(other.id)).json?.state, 'pending');
    },
  },
  {
    id: 'purge-can-count-only',
    title: 'A purge with `dryRun` says how many tasks are pending and cancels none.',
    covers: { 'QUE-031': '16f86f4a' },
    profile: 'recorder',
    features: ['queues'],
    async run(t) {
      const { id } = await t.submit(t.parked());
      const response = await onQueue(t, 'POST', '/purge', { dryRun: true });
      t.status('QUE-031', response, 200);
      t.equal('QUE-031', 'cancelled', response.json.cancelled, 1);
      t.equal('QUE-031', 'state', (await t.api.get(id)).json?.state, 'pending');
    },
  },
  {
    id: 'delete-forgets-the-settings-of-a-queue',
    title: 'A delete of a queue without unfinished tasks is answered with 204 and forgets its settings.',
    covers: { 'QUE-040': '5e4e1f9a' },
    profile: 'recorder',
    features: ['queues'],
    async run(t) {
      t.status('QUE-040', await onQueue(t, 'PUT', '', { weight: 9 }), 200);
      t.status('QUE-040', await onQueue(t, 'DELETE'), 204);
      t.problem('QUE-040', await onQueue(t, 'GET'), 'queue-not-found');
      t.equal('QUE-040', 'weight', (await onQueue(t, 'PUT', '', {})).json?.weight, 3);
    },
  },
  {
    id: 'a-queue-with-tasks-is-not-deleted',
    title: 'A delete of a queue with an unfinished task is answered with 409 and changes nothing.',
    covers: { 'QUE-041': 'ccf18ea5' },
    profile: 'recorder',
    features: ['queues'],
    async run(t) {
      t.status('QUE-041', await onQueue(t, 'PUT', '', { weight: 9 }), 200);
      await t.submit(t.parked());
      t.problem('QUE-041', await onQueue(t, 'DELETE'), 'queue-not-empty');
      t.equal('QUE-041', 'weight', (await onQueue(t, 'GET')).json?.weight, 9);
    },
  },
];
