import { Webhook } from 'standardwebhooks';

/** Signing secrets that were checked, ready to sign with. */
export type SigningKeys = readonly Webhook[];

const FEWEST_BYTES = 24;
const MOST_BYTES = 64;

/**
 * Reads the `secrets` of `options`: `whsec_` and base64, or base64 alone, of 24 to 64 bytes. Undefined only if the option is
 * left out. Throws a `TypeError` that names the position of a wrong one and never its text.
 *
 * An empty list, or one that is `undefined` because a setting is missing, is refused: it would take every delivery unchecked.
 */
export function readSecrets(options: { secrets?: readonly string[] }): SigningKeys | undefined {
  if (!('secrets' in options)) return undefined;
  const { secrets } = options;
  if (!Array.isArray(secrets) || secrets.length === 0) {
    const got = Array.isArray(secrets) ? 'an empty one' : typeof secrets;
    throw new TypeError(
      `secrets: expected a list of at least one signing secret, got ${got}; leave the option out to take unsigned deliveries`,
    );
  }
  return secrets.map(readSecret);
}

function readSecret(secret: unknown, index: number): Webhook {
  const expected = `secrets: expected number ${index + 1} to be "whsec_" and base64 of 24 to 64 bytes`;
  if (typeof secret !== 'string') throw new TypeError(`${expected}, got ${typeof secret}`);
  const text = secret.replace(/^whsec_/, '');
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) {
    throw new TypeError(`${expected}, got ${secret.length} characters that are not base64`);
  }
  const bytes = (text.length / 4) * 3 - (text.length - text.replace(/=+$/, '').length);
  if (bytes < FEWEST_BYTES || bytes > MOST_BYTES) throw new TypeError(`${expected}, got ${bytes} bytes`);
  return new Webhook(text);
}
