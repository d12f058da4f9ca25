import type { Check } from '../../check.ts';
import type { Json } from '../../run/api.ts';

/** What a problem says. */
export const JSON_PROBLEM_CHECKS: readonly Check[] = [
  {
    id: 'state-conflicts-say-the-state',
    title: 'A problem `task-state-conflict` has the state that the task is in.',
    covers: { 'PRB-009': 'baeaca5b' },
    profile: 'recorder',
    async run(t) {
      const { id } = await t.submit(t.parked());
      const pending = { members: { state: 'pending' } };
      t.problem('PRB-009', await t.api.delete(id), 'task-state-conflict', pending);
      t.problem('PRB-009', await t.api.operate(id, 'retry'), 'task-state-conflict', pending);
      await t.api.operate(id, 'cancel');
      const cancelled = { members: { state: 'cancelled' } };
      t.problem('PRB-009', await t.api.operate(id, 'run'), 'task-state-conflict', cancelled);
    },
  },
  {
    id: 'headers-are-named-as-parameters',
    title: 'A request header that is wrong is named in `parameter`.',
    covers: { 'PRB-007': '509ea0ea' },
    profile: 'recorder',
    features: ['idempotency-key'],
    async run(t) {
      const response = await t.api.submit(t.parked(), { 'idempotency-key': 'not quoted' });
      t.problem('PRB-007', response, 'invalid-request', { parameter: 'Idempotency-Key' });
    },
  },
  {
    id: 'every-fault-is-reported',
    title: 'A request with several faults is answered with all of them, rather than with the first.',
    covers: { 'PRB-008': '87ef61e7' },
    profile: 'recorder',
    async run(t) {
      const faults = { timeoutMs: 0, queue: '', surprise: 1, retry: { jitter: 2, maxAttempts: 0 } };
      const response = await t.api.submit(t.parked(faults));
      const pointers: string[] = (response.json?.errors ?? []).map(({ pointer }: Json) => pointer);
      const expected = ['/timeoutMs', '/queue', '/surprise', '/retry/jitter', '/retry/maxAttempts'];
      const missing = expected.filter((pointer) => !pointers.includes(pointer));
      t.equal('PRB-008', 'no fault is missing from errors', missing, []);
    },
  },
  {
    id: 'details-say-what-was-expected-and-what-came',
    title: 'A problem has a `detail` that says what was expected and what came.',
    covers: { 'PRB-016': '53f03055' },
    profile: 'recorder',
    async run(t) {
      const range = await t.api.submit(t.parked({ timeoutMs: -17 }));
      const ofMember: Json = (range.json?.errors ?? []).find(({ pointer }: Json) => pointer === '/timeoutMs');
      t.ok('PRB-016', 'what came is told of a member', String(ofMember?.detail).includes('17'), range.json);
      const type = await t.api.submit('{}', { 'content-type': 'text/plain' });
      const detail = String(type.json?.detail);
      t.ok('PRB-016', 'what was expected is told', detail.includes('application/json'), detail);
      t.ok('PRB-016', 'what came is told', detail.includes('text/plain'), detail);
    },
  },
  {
    id: 'requests-are-judged-in-order',
    title:
      'Of two faults of a request the one that comes first in the order of the specification is answered.',
    covers: { 'PRB-017': 'd4290c65' },
    profile: 'recorder',
    async run(t) {
      const plain = { headers: { 'content-type': 'text/plain' } };
      const large = '{'.padEnd(t.discovery.limits.maxTaskBytes + 1);
      const missing = t.newId('missing');
      const { id } = await t.submit(t.parked({ id: t.newId() }));
      const blocked = { target: 'http://169.254.169.254/' };
      t.problem(
        'PRB-017',
        await t.api.request('POST', `/v1/${missing}`, { body: '{', ...plain }),
        'route-not-found',
      );
      t.problem(
        'PRB-017',
        await t.api.request('PUT', '/v1/tasks', { body: '{', ...plain }),
        'method-not-allowed',
      );
      t.problem(
        'PRB-017',
        await t.api.request('POST', '/v1/tasks', { body: large, ...plain }),
        'unsupported-media-type',
      );
      t.problem('PRB-017', await t.api.submit(large), 'payload-too-large');
      t.problem(
        'PRB-017',
        await t.api.request('POST', '/v1/tasks?surprise=1', { body: '{' }),
        'malformed-json',
      );
      t.problem('PRB-017', await t.api.submit(t.parked({ ...blocked, timeoutMs: 0 })), 'invalid-request');
      t.problem('PRB-017', await t.api.submit(t.parked({ ...blocked, id })), 'target-blocked');
      const other = await t.api.request('POST', `/v1/tasks/${missing}/cancel`, { body: '{"a":1}' });
      t.problem('PRB-017', other, 'invalid-request');
      t.problem('PRB-017', await t.api.operate(missing, 'run'), 'task-not-found');
    },
  },
];
