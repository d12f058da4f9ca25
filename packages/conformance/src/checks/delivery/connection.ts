import type { Check } from '../../check.ts';
import { close, reset } from '../../receiver/delivery.ts';
import { tryOnce, tryOnceAt } from './try-once.ts';
import { UNTRUSTED_CERTIFICATE } from './untrusted-certificate.ts';

/** How a delivery uses connections, and what it does not carry from one to the next. */
export const CONNECTION_CHECKS: readonly Check[] = [
  {
    id: 'one-request-for-an-attempt',
    title: 'A delivery whose connection breaks after it was sent is not sent again within the attempt.',
    covers: { 'DLV-017': '0a2c55af' },
    profile: 'core',
    async run(t) {
      // The first leaves a connection open, which is where clients like to try again by themselves.
      await tryOnce(t, 200);
      const tried = [await tryOnce(t, reset), await tryOnce(t, close)];
      await t.quiet();
      for (const { target } of tried)
        t.equal('DLV-017', 'number of requests for the one attempt', target.deliveries.length, 1);
    },
  },
  {
    id: 'one-request-for-an-attempt-of-any-method',
    title: 'A GET, PUT or DELETE whose connection breaks is not sent again within the attempt either.',
    covers: { 'DLV-017': '0a2c55af' },
    profile: 'core',
    features: ['request'],
    async run(t) {
      const tried = [];
      for (const method of ['GET', 'PUT', 'DELETE']) {
        await tryOnce(t, 200, { request: { method } });
        tried.push(
          await tryOnce(t, reset, { request: { method } }),
          await tryOnce(t, close, { request: { method } }),
        );
      }
      await t.quiet();
      for (const { target } of tried)
        t.equal('DLV-017', 'number of requests for the one attempt', target.deliveries.length, 1);
    },
  },
  {
    id: 'redirects-are-not-followed',
    title: 'A redirect is not followed, whatever its status.',
    covers: { 'DLV-018': 'afff3be6' },
    profile: 'core',
    async run(t) {
      const elsewhere = await t.target();
      await Promise.all(
        [301, 302, 303, 307, 308].map(async (status) => {
          const { attempt } = await tryOnce(t, { status, headers: { Location: elsewhere.url } });
          t.equal('DLV-018', 'the status of the attempt is that of the redirect', attempt.status, status);
        }),
      );
      t.equal('DLV-018', 'number of requests at the Location', elsewhere.deliveries.length, 0);
    },
  },
  {
    id: 'untrusted-certificate-is-refused',
    title: 'Nothing is delivered to an `https` target whose certificate no authority has signed.',
    covers: { 'DLV-019': 'd4847400', 'ANS-009': '4a6aed8d' },
    profile: 'core',
    async run(t) {
      if (t.origins.isShared)
        t.lacks('all targets share one URL, so that none can have a certificate of its own');
      const receiver = await t.origins.listen(UNTRUSTED_CERTIFICATE);
      const target = receiver.add(`https://${t.origins.host}:${receiver.port}`, `/${t.newId('tls')}`, [200]);
      const { attempt } = await tryOnceAt(t, target.url);
      t.equal('DLV-019', 'number of requests that arrived', target.deliveries.length, 0);
      t.equal('ANS-009', 'the outcome', attempt.outcome, 'retryable');
    },
  },
  {
    id: 'cookies-are-not-kept',
    title: 'A cookie that a target sets is sent neither with the next attempt nor with another task.',
    covers: { 'DLV-020': 'c02ecdce' },
    profile: 'core',
    async run(t) {
      const headers = { 'Set-Cookie': ['a=b; Path=/', 'c=d; Path=/; Max-Age=3600'] };
      const [first, second] = await Promise.all([
        t.target({ status: 500, headers }, { status: 200, headers }),
        t.target(),
      ]);
      const { id } = await t.submit(t.taskFor(first, { retry: t.retry() }));
      await t.untilState(id, 'completed');
      await t.submit(t.taskFor(second));
      for (const delivery of [await t.delivery(first, 2), await t.delivery(second)])
        t.equal('DLV-020', 'Cookie', delivery.header('cookie'), undefined);
    },
  },
];
