import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** The signing secret of a run: every scheduler is started with it in `DISPATCHR_SIGNING_SECRETS`. */
export const SIGNING_SECRET = `whsec_${Buffer.alloc(32, 'chaos').toString('base64')}`;

const KEY = Buffer.alloc(32, 'chaos');

/** Whether a delivery carries a Standard Webhooks signature of the run's secret over exactly these bytes. */
export function isSigned(headers: IncomingHttpHeaders, body: Buffer): boolean {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature } = headers;
  if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof signature !== 'string') return false;
  if (id !== headers['dispatchr-task-id']) return false;
  const expected = createHmac('sha256', KEY).update(`${id}.${timestamp}.`).update(body).digest();
  const [version, sent = ''] = signature.split(',', 2);
  const given = Buffer.from(sent, 'base64');
  return version === 'v1' && given.length === expected.length && timingSafeEqual(given, expected);
}
