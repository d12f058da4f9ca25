import { Webhook } from 'standardwebhooks';

/** Two signing secrets of 32 bytes. */
export const SECRET = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
export const OTHER_SECRET = `whsec_${Buffer.alloc(32, 2).toString('base64')}`;

/** A delivery as a scheduler sends it. */
export interface SentDelivery {
  headers: Record<string, string>;
  body: Uint8Array;
}

/** What a test may want different in a delivery. */
export interface DeliveryChoices {
  /** The body as text, or its bytes. Default: a task `send-receipt`. */
  body?: string | Uint8Array;
  /** The secrets to sign with; none for an unsigned delivery. Default: `SECRET`. */
  secrets?: readonly string[];
  /** When it was signed. Default: now. */
  signedAt?: Date;
  headers?: Record<string, string>;
}

/** A delivery of the task `order-1842:receipt`, signed after Standard Webhooks. */
export function signedDelivery(choices: DeliveryChoices = {}): SentDelivery {
  const { secrets = [SECRET], signedAt = new Date(), headers = {} } = choices;
  const { body = '{"taskName":"send-receipt","taskArgs":{"orderId":1842}}' } = choices;
  const id = 'order-1842:receipt';
  const text = typeof body === 'string' ? body : Buffer.from(body).toString();
  const signatures = secrets.map((secret) => new Webhook(secret).sign(id, signedAt, text));
  const signature = {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(signedAt.getTime() / 1000)),
    'webhook-signature': signatures.join(' '),
  };
  return {
    body: typeof body === 'string' ? Buffer.from(body) : body,
    headers: {
      'content-type': 'application/json',
      'dispatchr-task-id': id,
      'dispatchr-queue': 'default',
      'dispatchr-attempt': '2',
      'dispatchr-attempts-left': '98',
      'dispatchr-due-at': '2026-11-22T14:50:00.000Z',
      ...(signatures.length > 0 ? signature : {}),
      ...headers,
    },
  };
}
