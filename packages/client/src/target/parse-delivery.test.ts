import { describe, expect, it } from 'vitest';
import { OTHER_SECRET, SECRET, signedDelivery } from '../../test/signed-delivery.ts';
import type { DeliveryChoices } from '../../test/signed-delivery.ts';
import { parseDelivery } from './parse-delivery.ts';
import type { SignatureOptions } from './parse-delivery.ts';

const parse = (choices: DeliveryChoices = {}, options: SignatureOptions = { secrets: [SECRET] }) =>
  parseDelivery({ ...signedDelivery(choices), ...options });
const refused = (status: number, detail: RegExp) => ({
  kind: 'refused',
  status,
  detail: expect.stringMatching(detail) as string,
});
const ago = (seconds: number) => new Date(Date.now() - seconds * 1000);

describe('parseDelivery', () => {
  it('reads what headers and body say', () => {
    const trace = { traceparent: '00-0-0-01', tracestate: 'rojo=1' };
    const sent = signedDelivery({ headers: { ...trace, 'idempotency-key': String.raw`"a \"b\" \\c"` } });
    expect(parseDelivery({ ...sent, secrets: [SECRET] })).toEqual({
      kind: 'delivery',
      delivery: {
        taskId: 'order-1842:receipt',
        queue: 'default',
        attempt: 2,
        attemptsLeft: 98,
        dueAt: new Date('2026-11-22T14:50:00.000Z'),
        taskName: 'send-receipt',
        taskArgs: { orderId: 1842 },
        idempotencyKey: String.raw`a "b" \c`,
        ...trace,
        rawBody: sent.body,
      },
    });
  });

  it('takes the headers of fetch, and names in any case', () => {
    const { headers, body } = signedDelivery();
    const shouted = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]),
    );
    const lists = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));
    for (const each of [new Headers(headers), shouted, lists]) {
      expect(parseDelivery({ headers: each, body, secrets: [SECRET] }).kind).toBe('delivery');
    }
  });

  it('shows a header `get` as any other', () => {
    const sent = signedDelivery({ headers: { get: 'away' } });
    expect(parseDelivery({ ...sent, secrets: [SECRET] }).kind).toBe('delivery');
  });

  it('checks the raw bytes, whatever their form', () => {
    const body = '\n{ "taskArgs" : 12345678901234567890, "taskName":"caf\\u00e9 ☕", "more": 1 } ';
    expect(parse({ body })).toMatchObject({ kind: 'delivery', delivery: { taskName: 'café ☕' } });
  });

  it('takes `null` for arguments that were left out', () => {
    expect(parse({ body: '{"taskName":"a"}' })).toMatchObject({ delivery: { taskArgs: null } });
  });

  it('takes any of several secrets on either side, with and without the prefix', () => {
    const bare = OTHER_SECRET.slice('whsec_'.length);
    expect(parse({ secrets: [SECRET] }, { secrets: [bare, SECRET] }).kind).toBe('delivery');
    expect(parse({ secrets: [SECRET, OTHER_SECRET] }, { secrets: [bare] }).kind).toBe('delivery');
  });

  it.each([
    ['another secret', { secrets: [OTHER_SECRET] }, /by a secret that is known here/],
    ['no signature', { secrets: [] }, /not signed/],
    ['the signature of another body', { headers: signedDelivery({ body: '{}' }).headers }, /known here/],
    ['a signature of another version', { headers: { 'webhook-signature': 'v1a,AAAA' } }, /known here/],
    [
      'the id of another task',
      { headers: { 'dispatchr-task-id': 'other' } },
      /webhook-id to be the task’s id/,
    ],
    ['a time that is none', { headers: { 'webhook-timestamp': '1e3' } }, /in seconds since 1970/],
    ['a time long past', { signedAt: ago(400) }, /within 300 s of this clock, got one \d+ s/],
    ['a time to come', { signedAt: ago(-400) }, /within 300 s/],
    ['bytes that are no text', { body: Uint8Array.of(0xff, 0xfe) }, /UTF-8/],
  ])('refuses %s with 401, which is tried again', (_what, choices: DeliveryChoices, detail) => {
    expect(parse(choices)).toEqual(refused(401, detail));
  });

  it('takes an older delivery if it is told to', () => {
    expect(parse({ signedAt: ago(400) }, { secrets: [SECRET], toleranceSeconds: 500 }).kind).toBe('delivery');
  });

  it.each([
    ['', /got none/],
    ['{"taskName":', /got text that is not JSON/],
    ['[]', /got no taskName/],
    ['null', /got no object/],
    ['{"taskName":7}', /got no taskName/],
    [Uint8Array.of(0xff), /UTF-8/],
  ])('refuses the body %j with 400, which fails the task', (body, detail) => {
    expect(parse({ body, secrets: [] }, {})).toEqual(refused(400, detail));
  });

  it('refuses any method but POST with 405', () => {
    expect(parseDelivery({ ...signedDelivery(), method: 'GET' })).toEqual(refused(405, /got GET/));
  });

  it.each([
    ['dispatchr-task-id', ''],
    ['dispatchr-queue', ''],
    ['dispatchr-attempt', '0'],
    ['dispatchr-attempts-left', '-1'],
    ['dispatchr-due-at', 'soon'],
  ])('refuses a delivery without a good %s with 403, which is tried again', (name, value) => {
    const sent = signedDelivery({ secrets: [], headers: { [name]: value } });
    expect(parseDelivery(sent)).toEqual(refused(403, new RegExp(name, 'i')));
  });

  it.each([
    [[], /expected a list of at least one signing secret, got an empty one/],
    [undefined, /got undefined; leave the option out/],
    [[undefined], /number 1 to be .* got undefined/],
    [[SECRET, 'whsec_hunter2!'], /number 2 to be .* got 14 characters that are not base64/],
    [['whsec_c2hvcnQ='], /got 5 bytes/],
  ])('throws for the secrets %j, and never shows them', (secrets, message) => {
    const attempt = () => parse({}, { secrets } as SignatureOptions);
    expect(attempt).toThrow(message);
    expect(attempt).not.toThrow(/hunter2/);
  });
});
