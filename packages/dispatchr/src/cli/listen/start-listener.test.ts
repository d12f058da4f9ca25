import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAnswerCodes } from './answer-codes.ts';
import { createSignatureJudge } from './signature-verdict.ts';
import type { JudgeSignature } from './signature-verdict.ts';
import { MOST_BODY_BYTES, startListener } from './start-listener.ts';
import type { Listener } from './start-listener.ts';
import type { ReceivedDelivery } from './received-delivery.ts';

const KEY = 'dispatchr listen example!';
const SECRET = `whsec_${Buffer.from(KEY).toString('base64')}`;

const deliveries: ReceivedDelivery[] = [];
const listeners: Listener[] = [];

async function listen(judgeSignature: JudgeSignature = createSignatureJudge([])): Promise<string> {
  const listener = await startListener({
    host: '127.0.0.1',
    port: 0,
    answerCodes: parseAnswerCodes('500, 429,202'),
    delayMs: 0,
    judgeSignature,
    onDelivery: (delivery) => void deliveries.push(delivery),
  });
  listeners.push(listener);
  return listener.url;
}

afterAll(() => listeners.forEach((listener) => listener.close()));

function headersOf(attempt: number, more: Record<string, string> = {}): Record<string, string> {
  return {
    'dispatchr-task-id': 'order-1842',
    'dispatchr-queue': 'critical',
    'dispatchr-attempt': String(attempt),
    'dispatchr-attempts-left': String(100 - attempt),
    ...more,
  };
}

async function post(url: string, headers: Record<string, string>, body: string | Uint8Array<ArrayBuffer>) {
  const response = await fetch(`${url}/tasks?a=1`, { method: 'POST', headers, body });
  return { status: response.status, text: await response.text(), delivery: deliveries.at(-1) };
}

describe('a listener', () => {
  let url: string;
  beforeAll(async () => {
    url = await listen();
  });

  it('answers the attempts of a task in turn, and repeats the last answer', async () => {
    const answers = [1, 2, 3, 4].map((attempt) => post(url, headersOf(attempt), '{}'));
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([500, 429, 202, 202]);
  });

  it('takes a request without Dispatchr headers for a first attempt', async () => {
    const { status, delivery } = await post(url, {}, 'hello');
    expect(status).toBe(500);
    expect(delivery).toMatchObject({ body: 'hello', signature: 'none' });
    expect(delivery).not.toHaveProperty('taskId');
  });

  it('tells of all that a delivery says, each number as it was written', async () => {
    const body = '{"taskName":"send-receipt","taskArgs":{"orderId":12345678901234567890}}';
    const { delivery } = await post(url, headersOf(3), body);
    expect(delivery).toMatchObject({
      method: 'POST',
      path: '/tasks?a=1',
      taskId: 'order-1842',
      taskName: 'send-receipt',
      queue: 'critical',
      attempt: 3,
      attemptsLeft: 97,
      signature: 'none',
      status: 202,
    });
    expect(JSON.stringify(delivery?.taskArgs)).toBe('{"orderId":12345678901234567890}');
  });

  it('says in a problem why it answers so', async () => {
    const { text } = await post(url, headersOf(1), '{}');
    expect(JSON.parse(text)).toMatchObject({ status: 500, detail: expect.stringContaining('attempt 1') });
  });

  it('answers 413 to a body that is too large, and goes on', async () => {
    expect((await post(url, headersOf(3), new Uint8Array(2 * MOST_BODY_BYTES))).status).toBe(413);
    expect((await post(url, headersOf(3), new Uint8Array(MOST_BODY_BYTES))).status).toBe(202);
  });

  it('takes signatures that nobody can check as they are', async () => {
    const { status, delivery } = await post(url, headersOf(3, { 'webhook-signature': 'v1,x' }), '{}');
    expect([status, delivery?.signature]).toEqual([202, 'unchecked']);
  });
});

describe('a listener that verifies', () => {
  const body = '{"taskName":"send-receipt","taskArgs":null}';
  let url: string;
  beforeAll(async () => {
    const other = `whsec_${Buffer.from('another secret, before the rotation').toString('base64')}`;
    url = await listen(createSignatureJudge([other, SECRET]));
  });

  function signed(text: string, timestamp = Math.floor(Date.now() / 1000)): Record<string, string> {
    const content = `order-1842.${timestamp}.${text}`;
    const signature = createHmac('sha256', KEY).update(content).digest('base64');
    return {
      'webhook-id': 'order-1842',
      'webhook-timestamp': String(timestamp),
      'webhook-signature': `v1,${signature}`,
    };
  }

  it.each<[string, Record<string, string>, string, number]>([
    ['ok', signed(body), body, 202],
    ['ok', signed('not a task'), 'not a task', 202],
    ['bad', signed(`${body} `), body, 401],
    ['bad', signed(body, 1_700_000_000), body, 401],
    ['none', {}, body, 401],
  ])('finds a signature %s', async (verdict, headers, sent, status) => {
    const answered = await post(url, headersOf(3, headers), sent);
    expect([answered.delivery?.signature, answered.status]).toEqual([verdict, status]);
  });

  it('refuses a secret that is none, without showing it', () => {
    expect(() => createSignatureJudge(['hush-hush'])).toThrow(
      /^--verify: expected number 1 to be (?!.*hush)/,
    );
  });
});
