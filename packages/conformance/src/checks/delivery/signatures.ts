import { createHmac } from 'node:crypto';
import type { Check } from '../../check.ts';
import type { Delivery } from '../../receiver/delivery.ts';
import type { CheckContext } from '../../run/check-context.ts';

const SIGNED = { profile: 'core', features: ['signatures'], needs: ['signing-secret'] } as const;
const SIGNATURE = /^v1,[A-Za-z0-9+/]{43}=$/;
// How far off a target accepts a timestamp (TGT-005).
const CLOCK_TOLERANCE_S = 300;

/** Signatures after Standard Webhooks. */
export const SIGNATURE_CHECKS: readonly Check[] = [
  {
    id: 'signed-delivery-names-its-task',
    title: 'A signed delivery has `webhook-id` with the id of the task, in each attempt.',
    covers: { 'SIG-001': '5c6ed845' },
    ...SIGNED,
    async run(t) {
      const target = await t.target(500, 200);
      const { id } = await t.submit(t.taskFor(target, { retry: t.retry() }));
      for (const number of [1, 2])
        t.equal('SIG-001', 'webhook-id', (await t.delivery(target, number)).header('webhook-id'), id);
    },
  },
  {
    id: 'signature-fits-the-body',
    title: 'A delivery is signed over `webhook-id`, `webhook-timestamp` and the body as it was sent.',
    covers: { 'SIG-003': 'eb8295d9', 'SIG-004': '05f4d060' },
    ...SIGNED,
    async run(t) {
      const target = await t.target();
      const members = { target: target.url, queue: t.queue, taskName: 'sign\u00e9 "\u{1f600}"' };
      await t.submit(`${JSON.stringify(members).slice(0, -1)},"taskArgs":{ "a": 1.0,"\\u00e9":"\\u0041" }}`);
      requireSigned(t, 'SIG-004', await t.delivery(target));
    },
  },
  {
    id: 'each-secret-signs',
    title: '`webhook-signature` has one signature for each secret, separated by single spaces.',
    covers: { 'SIG-003': 'eb8295d9' },
    ...SIGNED,
    async run(t) {
      if (t.signingSecrets.length < 2) t.lacks('it needs --signing-secret at least twice');
      const target = await t.target();
      await t.submit(t.taskFor(target));
      const delivery = await t.delivery(target);
      const expected = t.signingSecrets.map((secret) => signatureOf(delivery, secret));
      const got = signaturesOf(delivery);
      t.equal('SIG-003', 'the signatures, sorted', got.toSorted(), expected.toSorted());
    },
  },
  {
    id: 'each-attempt-is-signed-anew',
    title: 'Each attempt has a signature that fits it.',
    covers: { 'SIG-004': '05f4d060', 'SIG-003': 'eb8295d9' },
    ...SIGNED,
    async run(t) {
      const target = await t.target(500, 500, 200);
      await t.submit(t.taskFor(target, { retry: t.retry() }));
      for (const number of [1, 2, 3]) requireSigned(t, 'SIG-004', await t.delivery(target, number));
    },
  },
  {
    id: 'each-attempt-has-its-own-timestamp',
    title: '`webhook-timestamp` is the second in which the attempt is made, anew for each attempt.',
    covers: { 'SIG-002': 'd70f8164' },
    ...SIGNED,
    async run(t) {
      // More than a second, so that the timestamps must differ.
      const pauseMs = Math.max(1100, t.timing.backoffMs);
      const target = await t.target(500, 200);
      await t.submit(t.taskFor(target, { retry: t.retry({ minBackoffMs: pauseMs, maxBackoffMs: pauseMs }) }));
      const [first, second] = [await t.delivery(target, 1), await t.delivery(target, 2)];
      for (const delivery of [first, second]) {
        const offS = Math.abs(timestampOf(delivery) - delivery.arrivedAtEpochMs / 1000);
        t.ok(
          'SIG-002',
          'the timestamp is in whole seconds since 1970, and of now',
          offS <= CLOCK_TOLERANCE_S,
          delivery.header('webhook-timestamp'),
        );
      }
      const apartS = timestampOf(second) - timestampOf(first);
      t.ok(
        'SIG-002',
        'the timestamps of attempts more than a second apart differ by one',
        apartS >= 1,
        `${apartS} s`,
      );
    },
  },
  {
    id: 'signature-fits-the-bytes-of-a-request',
    title:
      'A task with `request` is signed over the bytes that are sent, or over an empty body if there is none.',
    covers: { 'SIG-004': '05f4d060' },
    ...SIGNED,
    features: ['signatures', 'request'],
    async run(t) {
      const bytes = Buffer.from([0, 255, 128, 10, 195, 40]).toString('base64');
      for (const request of [{ body: bytes, bodyEncoding: 'base64' }, { method: 'GET' }, { body: 'a=é' }]) {
        const target = await t.target();
        await t.submit(t.taskFor(target, { request }));
        requireSigned(t, 'SIG-004', await t.delivery(target));
      }
    },
  },
  {
    id: 'unsigned-delivery-has-no-webhook-headers',
    title: 'Without the feature `signatures` a delivery has no header of Standard Webhooks.',
    covers: { 'SIG-005': '6eb81d16' },
    profile: 'core',
    withoutFeature: 'signatures',
    async run(t) {
      const target = await t.target();
      await t.submit(t.taskFor(target));
      const delivery = await t.delivery(target);
      for (const name of ['webhook-id', 'webhook-timestamp', 'webhook-signature'])
        t.equal('SIG-005', name, delivery.header(name), undefined);
    },
  },
  {
    id: 'secrets-are-not-shown',
    title: 'No response shows a signing secret.',
    covers: { 'SIG-006': '5ea61eeb' },
    ...SIGNED,
    async run(t) {
      const target = await t.target();
      const { id } = await t.submit(t.taskFor(target));
      await t.untilState(id, 'completed');
      const paths = [
        '/.well-known/dispatchr',
        '/health',
        '/livez',
        '/openapi.json',
        `/v1/tasks/${id}`,
        `/v1/tasks/${id}/attempts`,
      ];
      for (const path of paths) {
        const { text } = await t.api.request('GET', path);
        const isShown = t.signingSecrets.some((secret) => text.includes(secret.replace(/^whsec_/, '')));
        t.ok('SIG-006', `GET ${path} shows no signing secret`, !isShown);
      }
    },
  },
];

/** Requires that each signature is well-formed, and that at least one is that of a secret. */
function requireSigned(t: CheckContext, requirement: string, delivery: Delivery): void {
  const signatures = signaturesOf(delivery);
  for (const signature of signatures)
    t.ok(
      requirement,
      'a signature is `v1,` and the base64 of 32 bytes',
      SIGNATURE.test(signature),
      signature,
    );
  const fits = t.signingSecrets.some((secret) => signatures.includes(signatureOf(delivery, secret)));
  const attempt = delivery.header('dispatchr-attempt');
  t.ok(requirement, `a signature of attempt ${attempt} fits a secret that was given`, fits, signatures);
}

function signatureOf(delivery: Delivery, secret: string): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const head = `${delivery.header('webhook-id')}.${delivery.header('webhook-timestamp')}.`;
  return `v1,${createHmac('sha256', key).update(head).update(delivery.body).digest('base64')}`;
}

function signaturesOf(delivery: Delivery): string[] {
  return (delivery.header('webhook-signature') ?? '').split(' ');
}

function timestampOf(delivery: Delivery): number {
  const value = delivery.header('webhook-timestamp') ?? '';
  return /^\d+$/.test(value) ? Number(value) : Number.NaN;
}
