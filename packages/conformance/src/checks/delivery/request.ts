import type { Check } from '../../check.ts';

/** What the request of a delivery is. */
export const DELIVERY_REQUEST_CHECKS: readonly Check[] = [
  {
    id: 'delivery-is-a-post-with-name-and-arguments',
    title:
      'A task without `request` is delivered by POST, its name and its arguments in the body as they were submitted.',
    covers: { 'DLV-001': '1910530c', 'DLV-002': '5373d8b2' },
    profile: 'core',
    async run(t) {
      const target = await t.target();
      const id = t.newId();
      const submission = `{"id":${JSON.stringify(id)},"target":"${target.url}","queue":"${t.queue}","taskName":"caf\\u00e9","taskArgs":{ "b":1e400 , "a":[12345678901234567890] }}`;
      await t.submit(submission);
      const delivery = await t.delivery(target);
      t.equal('DLV-001', 'the method is POST', delivery.method, 'POST');
      const expected = '{"taskName":"café","taskArgs":{ "b":1e400 , "a":[12345678901234567890] }}';
      t.equal(
        'DLV-002',
        'the body is the name and the arguments as submitted',
        delivery.body.toString('utf8'),
        expected,
      );
      await t.untilState(id, 'completed');
    },
  },
  {
    id: 'delivery-escapes-the-name-as-little-as-json-can',
    title: 'The name in a delivered body is escaped after RFC 8785, and otherwise sent as UTF-8.',
    covers: { 'DLV-002': '5373d8b2' },
    profile: 'core',
    async run(t) {
      const taskName = 'q" b\\ s/ \b\f\n\r\t \u0001\u001f \u007f é \u2028 \u{1f600} </script>';
      const target = await t.target();
      await t.submit(t.taskFor(target, { taskName, taskArgs: 1 }));
      const { body } = await t.delivery(target);
      t.equal(
        'DLV-002',
        'the body has the name with the shortest escapes',
        body.toString('utf8'),
        `{"taskName":${JSON.stringify(taskName)},"taskArgs":1}`,
      );
    },
  },
  {
    id: 'delivery-without-arguments-has-null',
    title: 'A task that was submitted without `taskArgs` is delivered with `"taskArgs":null`.',
    covers: { 'DLV-002': '5373d8b2' },
    profile: 'core',
    async run(t) {
      const target = await t.target();
      await t.submit(t.taskFor(target, { taskName: 'bare' }));
      const { body } = await t.delivery(target);
      t.equal(
        'DLV-002',
        'the body has null for arguments',
        body.toString('utf8'),
        '{"taskName":"bare","taskArgs":null}',
      );
    },
  },
  {
    id: 'delivery-is-http-1-1-with-host-and-length',
    title: 'A delivery is HTTP/1.1 with the `Host` of the target and the `Content-Length` of its body.',
    covers: { 'DLV-016': 'b4e125bf' },
    profile: 'core',
    async run(t) {
      const target = await t.target();
      await t.submit(t.taskFor(target, { taskArgs: 'é' }));
      const delivery = await t.delivery(target);
      t.equal('DLV-016', 'the version of HTTP', delivery.httpVersion, '1.1');
      t.equal('DLV-016', 'Host', delivery.header('host'), new URL(target.url).host);
      t.equal('DLV-016', 'Content-Length', delivery.header('content-length'), String(delivery.body.length));
      t.equal('DLV-016', 'Transfer-Encoding', delivery.header('transfer-encoding'), undefined);
    },
  },
  {
    id: 'delivery-of-a-large-body-has-its-length',
    title: 'A large body is delivered whole, with `Content-Length`, and not in chunks.',
    covers: { 'DLV-016': 'b4e125bf', 'DLV-002': '5373d8b2' },
    profile: 'core',
    async run(t) {
      const size = Math.min(t.discovery.limits.maxTaskBytes - 1024, 262_144);
      const target = await t.target();
      await t.submit(t.taskFor(target, { taskName: 'large', taskArgs: 'x'.repeat(size) }));
      const delivery = await t.delivery(target);
      t.equal('DLV-016', 'Content-Length', delivery.header('content-length'), String(delivery.body.length));
      const expected = `{"taskName":"large","taskArgs":"${'x'.repeat(size)}"}`;
      t.ok(
        'DLV-002',
        'the large body arrives as it was submitted',
        delivery.body.toString('utf8') === expected,
        `${delivery.body.length} bytes, where ${expected.length} were to come`,
      );
    },
  },
  {
    id: 'delivery-expects-nothing',
    title: 'A delivery has no `Expect`, whatever the size of its body.',
    covers: { 'DLV-021': '4ab826df' },
    profile: 'core',
    async run(t) {
      const size = Math.min(t.discovery.limits.maxTaskBytes - 1024, 2_097_152);
      const targets = await Promise.all([t.target(), t.target()]);
      await t.submit(t.taskFor(targets[0], { taskArgs: 'small' }));
      await t.submit(t.taskFor(targets[1], { taskArgs: 'x'.repeat(size) }));
      for (const target of targets)
        t.equal('DLV-021', 'Expect', (await t.delivery(target)).header('expect'), undefined);
    },
  },
  {
    id: 'every-attempt-sends-the-same-bytes',
    title: 'Each attempt of a task sends the same body, byte for byte.',
    covers: { 'DLV-015': '74a7dd74' },
    profile: 'core',
    async run(t) {
      const target = await t.target(500, 502, 200);
      const members = { target: target.url, queue: t.queue, retry: t.retry() };
      const head = JSON.stringify(members).slice(0, -1);
      await t.submit(
        `${head},"taskName":"same","taskArgs":{"z": 1.50, "a":"\\u0041\\/", "a ":[ ],"__proto__":-0}}`,
      );
      const bodies = [1, 2, 3].map(async (number) =>
        (await t.delivery(target, number)).body.toString('latin1'),
      );
      const [first, second, third] = await Promise.all(bodies);
      t.equal('DLV-015', 'the body of the second attempt', second, first);
      t.equal('DLV-015', 'the body of the third attempt', third, first);
    },
  },
];
