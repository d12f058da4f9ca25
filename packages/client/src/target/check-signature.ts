import type { SigningKeys } from './secrets.ts';

/** How far the clocks of scheduler and target may be apart, and how old a delivery may be: what Standard Webhooks suggests. */
export const DEFAULT_TOLERANCE_SECONDS = 300;

/** What a signature is checked against. */
export interface SignatureCheck {
  keys: SigningKeys;
  toleranceSeconds: number;
  epochMs: number;
}

/**
 * Checks the Standard Webhooks signature of a delivery; answers with what is wrong, in the form "expected … got …", or with
 * undefined. The body is signed as it was sent; `text` is its UTF-8.
 */
export function checkSignature(
  header: (name: string) => string | undefined,
  text: string,
  { keys, toleranceSeconds, epochMs }: SignatureCheck,
): string | undefined {
  const [id, timestamp, signature] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map(header);
  if (!id || !timestamp || !signature) {
    return 'expected the headers webhook-id, webhook-timestamp and webhook-signature, got a delivery that is not signed';
  }
  if (id !== header('dispatchr-task-id')) {
    return 'expected webhook-id to be the task’s id, got another one';
  }
  if (!/^\d{1,12}$/.test(timestamp))
    return 'expected webhook-timestamp in seconds since 1970, got something else';
  const seconds = Number(timestamp);
  const differs = Math.abs(epochMs / 1000 - seconds);
  if (differs > toleranceSeconds) {
    return `expected webhook-timestamp within ${toleranceSeconds} s of this clock, got one ${Math.round(differs)} s from it`;
  }
  const signatures = signature.split(' ');
  const signed = keys.some((key) => {
    const expected = key.sign(id, new Date(seconds * 1000), text);
    return signatures.some((given) => equalInConstantTime(given, expected));
  });
  return signed ? undefined : 'expected a signature by a secret that is known here, got none';
}

/** The time it takes says nothing of where two texts differ. */
function equalInConstantTime(given: string, expected: string): boolean {
  if (given.length !== expected.length) return false;
  let difference = 0;
  for (let index = 0; index < expected.length; index += 1) {
    difference |= given.charCodeAt(index) ^ expected.charCodeAt(index);
  }
  return difference === 0;
}
