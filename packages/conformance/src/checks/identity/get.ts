import type { Check } from '../../check.ts';
import { withArgs } from './json-text.ts';
import { idsOf, walk } from './walk.ts';

/** What a read of one task shows. */
export const GET_CHECKS: readonly Check[] = [
  {
    id: 'get-shows-every-member-given',
    title: 'A read shows every member that was submitted.',
    covers: { 'REC-051': 'cd904d15' },
    profile: 'recorder',
    async run(t) {
      const { features } = t.discovery;
      const task = {
        id: t.newId(),
        target: `http://conformance.invalid/${t.newId()}?q=1`,
        taskName: 'send réceipt',
        taskArgs: { a: [1, 'b'] },
        queue: t.queue,
        flowKey: 'tenant 17',
        dueAt: new Date(Date.now() + 86_400_000).toISOString(),
        timeoutMs: 29_999,
        headers: { 'X-One': 'a', 'x-two': 'b  c' },
        retry: {
          maxAttempts: 7,
          minBackoffMs: 3000,
          maxBackoffMs: 50_000,
          multiplier: 1.5,
          jitter: 0.25,
          maxDurationMs: 3_600_000,
          retryOn: ['404', '3xx'],
          failOn: ['5xx'],
        },
        ...(features.includes('priority') ? { priority: -7 } : {}),
        ...(features.includes('expiry')
          ? { expiresAt: new Date(Date.now() + 90_000_000).toISOString() }
          : {}),
      };
      await t.submit(task);
      const read = await t.api.get(task.id);
      t.status('REC-051', read, 200);
      t.matches('REC-051', 'the task as it is read', read.json, task);
    },
  },
  {
    id: 'get-shows-request-as-given',
    title: 'A read shows `request` with the members that were given.',
    covers: { 'REC-055': 'bb459206' },
    profile: 'recorder',
    features: ['request'],
    async run(t) {
      const requests = [
        { method: 'PUT', body: 'aGVsbG8=', bodyEncoding: 'base64' },
        { method: 'DELETE' },
        { body: ' {"b":1e400, "é":"\u{1f600}"}\n' },
        { body: '' },
      ];
      for (const request of requests) {
        const { id } = await t.submit(t.parked({ request }));
        const { json } = await t.api.get(id);
        t.matches('REC-055', 'request as it is read', json?.request, request);
        const defaults = { method: 'POST', bodyEncoding: 'utf8' };
        const { method, bodyEncoding } = { ...defaults, ...json?.request };
        const expected = { ...defaults, ...request };
        t.equal('REC-055', 'the method of request', method, expected.method);
        t.equal('REC-055', 'the encoding of request', bodyEncoding, expected.bodyEncoding);
        t.equal('REC-055', 'request.body, which has no default', json?.request?.body, request.body);
      }
    },
  },
  {
    id: 'get-shows-the-key-itself',
    title: 'A read shows `idempotencyKey` without the quotes and the escapes of the header.',
    covers: { 'REC-056': 'bd8c5d98' },
    profile: 'recorder',
    features: ['idempotency-key'],
    async run(t) {
      const id = t.newId();
      const keys = [
        [id, `"${id}"`],
        [`${id} "quoted" \\ end`, `"${id} \\"quoted\\" \\\\ end"`],
      ] as const;
      for (const [key, header] of keys) {
        const task = await t.submit(t.parked(), { 'idempotency-key': header });
        const { json } = await t.api.get(task.id);
        t.equal('REC-056', `idempotencyKey after the header ${header}`, json?.idempotencyKey, key);
      }
    },
  },
  {
    id: 'get-answers-404-for-an-unknown-id',
    title: 'A read of an id that no task has is answered 404 `task-not-found`, also if it cannot be an id.',
    covers: { 'REC-052': 'f48f37a4' },
    profile: 'recorder',
    async run(t) {
      const ids = [
        t.newId(),
        `${t.newId()}%20b`,
        `${t.newId()}%2Fb`,
        `%C3%A9${t.newId()}`,
        'x'.repeat(513),
        '%00',
      ];
      for (const id of ids) {
        t.problem('REC-052', await t.api.request('GET', `/v1/tasks/${id}`), 'task-not-found');
      }
    },
  },
  {
    id: 'get-attempts-answers-404-for-an-unknown-id',
    title: 'The attempts of an id that no task has are answered 404 `task-not-found`.',
    covers: { 'REC-052': 'f48f37a4' },
    profile: 'recorder',
    async run(t) {
      for (const id of [t.newId(), `${t.newId()}%20b`]) {
        t.problem('REC-052', await t.api.request('GET', `/v1/tasks/${id}/attempts`), 'task-not-found');
      }
    },
  },
  {
    id: 'get-decodes-the-id-in-the-path',
    title: 'An id in a path is the same with and without percent-encoding.',
    covers: { 'REC-054': 'd75cdda9' },
    profile: 'recorder',
    async run(t) {
      const id = t.newId('a.b_c~d-e:F');
      await t.submit(t.parked({ id }));
      const hex = (character: string): string => `%${character.charCodeAt(0).toString(16)}`;
      const paths = [
        id,
        id.replaceAll(':', '%3A'),
        id.replaceAll(/[:.~_-]/g, hex),
        id.replaceAll(/[a-zA-Z]/g, (letter) => hex(letter).toUpperCase()),
      ];
      for (const path of paths) {
        for (const suffix of ['', '/attempts']) {
          const response = await t.api.request('GET', `/v1/tasks/${path}${suffix}`);
          t.status('REC-054', response, 200);
        }
        const { json } = await t.api.request('POST', `/v1/tasks/${path}/cancel`);
        t.equal('REC-054', `the id of the task at ${path}`, json?.id, id);
      }
    },
  },
  {
    id: 'get-finds-a-task-as-soon-as-it-is-answered',
    title: 'A submit that was answered is visible to every read that begins afterwards.',
    covers: { 'REC-053': 'c946b6b1' },
    profile: 'recorder',
    async run(t) {
      const one = async (number: number): Promise<void> => {
        const { id } = await t.submit(withArgs(t.parked({ id: t.newId(), flowKey: `f${number}` }), '1'));
        const [read, attempts, listed] = await Promise.all([
          t.api.get(id),
          t.api.attempts(id),
          walk(t, 'REC-053', { queue: t.queue, flowKey: `f${number}` }),
        ]);
        t.status('REC-053', read, 200);
        t.status('REC-053', attempts, 200);
        t.equal('REC-053', 'the list right after the answer to the submit', idsOf(listed), [id]);
      };
      for (let round = 0; round < 4; round += 1)
        await Promise.all(Array.from({ length: 5 }, (_, at) => one(round * 5 + at)));
    },
  },
];
