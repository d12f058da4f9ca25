import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parseSigningSecrets, signatureHeaders } from './signature.ts';

// The example of the Standard Webhooks specification.
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

describe('signatures', () => {
  it('match the example of Standard Webhooks', () => {
    const body = Buffer.from('{"test": 2432232314}');
    const headers = signatureHeaders(
      'msg_p5jXN8AQM9LWM0D4loKWxJek',
      1614265330_000,
      body,
      parseSigningSecrets([SECRET]),
    );
    expect(headers).toEqual([
      'webhook-id',
      'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp',
      '1614265330',
      'webhook-signature',
      'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    ]);
  });

  it('come one for each secret, over the bytes as they are', () => {
    const keys = parseSigningSecrets([SECRET, Buffer.alloc(24, 7).toString('base64')]);
    const body = Buffer.from([0, 255, 10]);
    const [, , , , , signatures] = signatureHeaders('id', 1999, body, keys);
    const expected = keys.map((key) => {
      const signed = Buffer.concat([Buffer.from('id.1.'), body]);
      return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
    });
    expect(signatures).toBe(expected.join(' '));
  });

  it('are left out without secrets', () => {
    expect(signatureHeaders('id', 0, null, [])).toEqual([]);
  });
});

describe('a secret that cannot be read', () => {
  it.each([
    [
      'whsec_not base64!',
      'signing secret 2: expected "whsec_" and base64 of 24 to 64 bytes, got 17 characters that are not base64',
    ],
    ['whsec_c2hvcnQ=', 'signing secret 2: expected "whsec_" and base64 of 24 to 64 bytes, got 5 bytes'],
  ])('is refused by its place, and never repeated: %s', (secret, message) => {
    expect(() => parseSigningSecrets([SECRET, secret])).toThrow(new RangeError(message));
  });
});
