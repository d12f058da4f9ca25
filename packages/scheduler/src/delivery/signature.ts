import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';

/** A signing key, made ready once: from raw bytes Node makes it anew for each signature, at several times the cost. */
export type SigningKey = KeyObject;

/**
 * Reads the signing secrets of Standard Webhooks: `whsec_` and base64, or base64 alone, of 24 to 64 bytes.
 * Throws a `RangeError` that names the position of a wrong one and never its text.
 */
export function parseSigningSecrets(secrets: readonly string[]): SigningKey[] {
  return secrets.map((secret, index) => {
    const text = secret.replace(/^whsec_/, '');
    const expected = `signing secret ${index + 1}: expected "whsec_" and base64 of 24 to 64 bytes`;
    if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) {
      throw new RangeError(`${expected}, got ${secret.length} characters that are not base64`);
    }
    const key = Buffer.from(text, 'base64');
    if (key.length < 24 || key.length > 64) throw new RangeError(`${expected}, got ${key.length} bytes`);
    return createSecretKey(key);
  });
}

/**
 * The headers of Standard Webhooks over the body as it is sent, one signature a key; none without keys.
 * `epochMs` is the instant of this attempt.
 */
export function signatureHeaders(
  taskId: string,
  epochMs: number,
  body: Buffer | null,
  keys: readonly SigningKey[],
): string[] {
  if (keys.length === 0) return [];
  const timestamp = String(Math.floor(epochMs / 1000));
  const signatures = keys.map((key) => {
    const hmac = createHmac('sha256', key).update(`${taskId}.${timestamp}.`);
    return `v1,${hmac.update(body ?? '').digest('base64')}`;
  });
  return ['webhook-id', taskId, 'webhook-timestamp', timestamp, 'webhook-signature', signatures.join(' ')];
}
