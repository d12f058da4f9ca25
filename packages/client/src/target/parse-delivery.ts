import { systemEnvironment } from '../environment.ts';
import { DEFAULT_TOLERANCE_SECONDS, checkSignature } from './check-signature.ts';
import type { Delivery } from './delivery.ts';
import { readDeliveryHeaders } from './read-delivery-headers.ts';
import { readTaskBody } from './read-task-body.ts';
import { headerReader } from './request-headers.ts';
import type { RequestHeaders } from './request-headers.ts';
import { readSecrets } from './secrets.ts';
import type { SigningKeys } from './secrets.ts';

/** A request as any server has it. */
export interface DeliveryRequest {
  /** Default `POST`. */
  method?: string;
  headers: RequestHeaders;
  /** The bytes as they came; of a parsed and rewritten body no signature holds. */
  body: Uint8Array;
}

/** How signatures are checked. */
export interface SignatureOptions {
  /**
   * The secrets that the scheduler signs with, each `whsec_` and base64, or base64 alone. One that fits is enough, so during
   * a rotation both stand here. Left out, deliveries are taken unchecked.
   */
  secrets?: readonly string[];
  /** How far `webhook-timestamp` may be from this machine's clock. Default 300. */
  toleranceSeconds?: number;
}

/** A delivery, or the status to refuse the request with and why. */
export type ParsedDelivery =
  | { kind: 'delivery'; delivery: Delivery }
  | { kind: 'refused'; status: 400 | 401 | 403 | 405; detail: string };

/**
 * Reads a delivery out of bytes and headers. It checks the signature first, over the raw bytes.
 *
 * The statuses it refuses with say to a scheduler what becomes of the task:
 * - 401, tried again: the signature is missing, wrong or too old. The task may be in order, and the secret here not the one
 *   of the scheduler yet; a rotation of secrets must not lose tasks.
 * - 403, tried again: a `Dispatchr-…` header is missing or cannot be read. Something on the way drops headers, which can be mended.
 * - 400, fails at once: the body is not `{"taskName": …, "taskArgs": …}` in UTF-8. Every attempt has the same bytes.
 * - 405, fails at once: the method is not `POST`. Every attempt has the same method.
 *
 * Throws a `TypeError` for secrets that are not valid: that is a fault of the settings, not of the request.
 */
export function parseDelivery(options: DeliveryRequest & SignatureOptions): ParsedDelivery {
  const { toleranceSeconds } = options;
  const keys = readSecrets(options);
  return parseWithKeys(options, { keys, toleranceSeconds }, systemEnvironment.epochMs());
}

/** `parseDelivery` with secrets that were read before, at an instant of the caller's. */
export function parseWithKeys(
  { method = 'POST', headers, body }: DeliveryRequest,
  { keys, toleranceSeconds }: { keys: SigningKeys | undefined; toleranceSeconds: number | undefined },
  epochMs: number,
): ParsedDelivery {
  if (method.toUpperCase() !== 'POST') return refused(405, `expected POST, got ${method}`);
  const header = headerReader(headers);
  const text = textOf(body);
  if (keys !== undefined) {
    const check = { keys, toleranceSeconds: toleranceSeconds ?? DEFAULT_TOLERANCE_SECONDS, epochMs };
    // What is not UTF-8 cannot be signed by the library; no task with a name has such a body.
    const fault = text === undefined ? NOT_UTF_8 : checkSignature(header, text, check);
    if (fault !== undefined) return refused(401, fault);
  }
  if (text === undefined) return refused(400, NOT_UTF_8);
  const task = readTaskBody(text);
  if ('fault' in task) return refused(400, task.fault);
  const facts = readDeliveryHeaders(header);
  if ('fault' in facts) return refused(403, facts.fault);
  return { kind: 'delivery', delivery: { ...facts, ...task, rawBody: body } };
}

const NOT_UTF_8 = 'expected a body in UTF-8, got other bytes';

function textOf(body: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return undefined;
  }
}

function refused(status: 400 | 401 | 403 | 405, detail: string): ParsedDelivery {
  return { kind: 'refused', status, detail };
}
