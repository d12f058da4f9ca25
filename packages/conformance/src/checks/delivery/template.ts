import type { Check } from '../../check.ts';

/** How a task with `request` is delivered. */
export const REQUEST_TEMPLATE_CHECKS: readonly Check[] = [
  {
    id: 'request-method-is-sent',
    title: 'A task with `request` is delivered with its method, and by POST if it names none.',
    covers: { 'DLV-011': 'fd6f3f05' },
    profile: 'core',
    features: ['request'],
    async run(t) {
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'GET', undefined]) {
        const target = await t.target();
        await t.submit(t.taskFor(target, { request: method === undefined ? {} : { method } }));
        const delivery = await t.delivery(target);
        t.equal('DLV-011', `the method for ${method ?? 'none'}`, delivery.method, method ?? 'POST');
      }
    },
  },
  {
    id: 'request-body-is-sent-as-utf-8',
    title: 'A `request.body` is delivered as its UTF-8 bytes, and nothing else with it.',
    covers: { 'DLV-010': 'e14e7316' },
    profile: 'core',
    features: ['request'],
    async run(t) {
      const body = '\ufeffa=1&b=é \u2028\r\n\t"\\ \u{1f600} {"taskName": 7}\n';
      for (const request of [{ body }, { body, bodyEncoding: 'utf8' }]) {
        const target = await t.target();
        await t.submit(t.taskFor(target, { request }));
        const delivery = await t.delivery(target);
        t.equal(
          'DLV-010',
          'the body',
          delivery.body.toString('hex'),
          Buffer.from(body, 'utf8').toString('hex'),
        );
      }
    },
  },
  {
    id: 'request-body-is-decoded-from-base64',
    title: 'A `request.body` in base64 is delivered as the bytes that it stands for.',
    covers: { 'DLV-010': 'e14e7316' },
    profile: 'core',
    features: ['request'],
    async run(t) {
      const target = await t.target();
      const bytes = Buffer.from(Array.from({ length: 257 }, (_, at) => at % 256));
      const request = { method: 'PUT', body: bytes.toString('base64'), bodyEncoding: 'base64' };
      await t.submit(t.taskFor(target, { request }));
      const delivery = await t.delivery(target);
      t.equal('DLV-010', 'the body', delivery.body.toString('hex'), bytes.toString('hex'));
    },
  },
  {
    id: 'request-without-body-sends-none',
    title: 'A task with a `request` that has no body is delivered without one.',
    covers: { 'DLV-010': 'e14e7316' },
    profile: 'core',
    features: ['request'],
    async run(t) {
      for (const request of [{}, { method: 'GET' }, { method: 'DELETE' }, { method: 'PUT', body: '' }]) {
        const target = await t.target();
        await t.submit(t.taskFor(target, { request }));
        const delivery = await t.delivery(target);
        t.equal('DLV-010', `the body for ${JSON.stringify(request)}`, delivery.body.toString('utf8'), '');
      }
    },
  },
  {
    id: 'request-body-is-sent-with-every-method',
    title: 'A body is delivered with GET and DELETE as well, with `Content-Length`.',
    covers: { 'DLV-010': 'e14e7316', 'DLV-016': 'b4e125bf' },
    profile: 'core',
    features: ['request'],
    async run(t) {
      for (const method of ['GET', 'DELETE', 'PATCH', 'PUT']) {
        const target = await t.target();
        await t.submit(t.taskFor(target, { request: { method, body: 'query' } }));
        const delivery = await t.delivery(target);
        t.equal('DLV-010', `the body of ${method}`, delivery.body.toString('utf8'), 'query');
        t.equal('DLV-016', `Content-Length of ${method}`, delivery.header('content-length'), '5');
      }
    },
  },
  {
    id: 'request-has-only-its-own-content-type',
    title: "A task with `request` is delivered with a `Content-Type` only if the task's `headers` has one.",
    covers: { 'DLV-011': 'fd6f3f05' },
    profile: 'core',
    features: ['request'],
    async run(t) {
      const [without, bare, own] = await Promise.all([t.target(), t.target(), t.target()]);
      await t.submit(t.taskFor(without, { request: { body: '{}' } }));
      await t.submit(t.taskFor(bare, { request: { method: 'GET' } }));
      await t.submit(t.taskFor(own, { request: { body: '{}' }, headers: { 'content-type': 'text/csv' } }));
      const typeAt = async (target: typeof own): Promise<string | undefined> =>
        (await t.delivery(target)).header('content-type');
      t.equal('DLV-011', 'Content-Type where none was given', await typeAt(without), undefined);
      t.equal('DLV-011', 'Content-Type without a body', await typeAt(bare), undefined);
      t.equal('DLV-011', 'Content-Type that was given', await typeAt(own), 'text/csv');
    },
  },
  {
    id: 'every-attempt-sends-the-same-request',
    title: 'Each attempt of a task with `request` has the same method and the same bytes.',
    covers: { 'DLV-015': '74a7dd74', 'DLV-011': 'fd6f3f05' },
    profile: 'core',
    features: ['request'],
    async run(t) {
      const target = await t.target(500, 500, 200);
      const bytes = Buffer.from([0, 255, 13, 10, 128]);
      const request = { method: 'PATCH', body: bytes.toString('base64'), bodyEncoding: 'base64' };
      await t.submit(t.taskFor(target, { request, retry: t.retry() }));
      for (const number of [1, 2, 3]) {
        const { method, body } = await t.delivery(target, number);
        t.equal('DLV-011', `the method of attempt ${number}`, method, 'PATCH');
        t.equal('DLV-015', `the body of attempt ${number}`, body.toString('hex'), bytes.toString('hex'));
      }
    },
  },
];
