import { describe, expect, it } from 'vitest';
import { claimedTask } from '../testing/claimed-task.ts';
import { requestOf } from './request-of.ts';

function headersOf(...task: Parameters<typeof claimedTask>): Record<string, string> {
  const { headers } = requestOf(claimedTask(...task), '1.2.3');
  const pairs = Array.from({ length: headers.length / 2 }, (_, index) =>
    headers.slice(2 * index, 2 * index + 2),
  );
  const names = pairs.map(([name = '']) => name.toLowerCase());
  expect(new Set(names).size).toBe(names.length);
  return Object.fromEntries(pairs) as Record<string, string>;
}

describe('the request of a task', () => {
  it('carries name and arguments exactly as the producer wrote them', () => {
    const request = requestOf(
      claimedTask({ taskName: 'a"b', taskArgs: '{ "n": 9007199254740993, "__proto__":1e400 }' }),
      '1',
    );
    expect(request.method).toBe('POST');
    expect(request.body?.toString()).toBe(
      '{"taskName":"a\\"b","taskArgs":{ "n": 9007199254740993, "__proto__":1e400 }}',
    );
  });

  it('carries null where there are no arguments', () => {
    expect(requestOf(claimedTask(), '1').body?.toString()).toBe('{"taskName":"greet","taskArgs":null}');
  });

  it('says which attempt of which task it is', () => {
    expect(headersOf({ attempt: 3, attemptsUsed: 2, retry: { maxAttempts: 3 } })).toEqual({
      'Dispatchr-Task-Id': 'task-1',
      'Dispatchr-Queue': 'default',
      'Dispatchr-Attempt': '3',
      'Dispatchr-Attempts-Left': '0',
      'Dispatchr-Due-At': '2026-01-02T03:04:05.678Z',
      'User-Agent': 'Dispatchr/1.2.3',
      'Content-Type': 'application/json',
    });
  });

  it('carries trace context and the key, quoted, only where the producer gave them', () => {
    expect(headersOf({ traceparent: '00-a-b-01', tracestate: 'x=1', idempotencyKey: 'a"\\b' })).toMatchObject(
      {
        traceparent: '00-a-b-01',
        tracestate: 'x=1',
        'Idempotency-Key': '"a\\"\\\\b"',
      },
    );
  });

  it('lets the producer set what describes the request, and nothing that describes the attempt', () => {
    const headers = headersOf({
      headers: {
        'user-agent': 'mine',
        'X-Api-Key': 'k',
        'dispatchr-attempt': '99',
        'Webhook-Id': 'x',
        Host: 'evil',
      },
    });
    expect(headers).toMatchObject({ 'user-agent': 'mine', 'X-Api-Key': 'k', 'Dispatchr-Attempt': '1' });
    expect(Object.keys(headers).map((name) => name.toLowerCase())).not.toContain('host');
    expect(headers).not.toHaveProperty('Webhook-Id');
  });

  it('is the template verbatim where there is one, without a content type of ours', () => {
    const template = {
      method: 'PUT',
      body: Buffer.from([0, 255]).toString('base64'),
      bodyEncoding: 'base64' as const,
    };
    const request = requestOf(claimedTask({ request: template }), '1');
    expect(request.method).toBe('PUT');
    expect(request.body).toEqual(Buffer.from([0, 255]));
    expect(request.headers).not.toContain('Content-Type');
    expect(requestOf(claimedTask({ request: { method: 'GET' } }), '1').body).toBeNull();
  });
});
