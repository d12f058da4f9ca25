import type { IncomingHttpHeaders } from 'node:http';
import { parseDelivery } from '@dispatchr/client/target';
import { UsageError } from '../usage-error.ts';

/** What there is to say of a delivery's signature; `unchecked` is one that no secret is known for. */
export interface SignatureVerdict {
  kind: 'ok' | 'bad' | 'none' | 'unchecked';
  /** Why the delivery is to be refused; absent if it is not. */
  refusal?: string;
}

/** Judges the signature of a delivery over its raw bytes. */
export type JudgeSignature = (headers: IncomingHttpHeaders, body: Uint8Array) => SignatureVerdict;

const REFUSED_SIGNATURE = 401;

/** Makes a judge that knows these secrets; throws a UsageError, which does not show them, for one that is none. */
export function createSignatureJudge(secrets: readonly string[]): JudgeSignature {
  const isSigned = (headers: IncomingHttpHeaders): boolean => headers['webhook-signature'] !== undefined;
  if (secrets.length === 0) return (headers) => ({ kind: isSigned(headers) ? 'unchecked' : 'none' });
  checkSecrets(secrets);
  return (headers, body) => {
    // A task with a request of its own is no delivery to the parser, which looks at the signature first.
    const parsed = parseDelivery({ headers, body, secrets });
    if (parsed.kind === 'delivery' || parsed.status !== REFUSED_SIGNATURE) return { kind: 'ok' };
    return { kind: isSigned(headers) ? 'bad' : 'none', refusal: parsed.detail };
  };
}

function checkSecrets(secrets: readonly string[]): void {
  try {
    parseDelivery({ headers: {}, body: new Uint8Array(), secrets });
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(error.message.replace('secrets:', '--verify:'));
    throw error;
  }
}
