import { createHmac, randomUUID } from 'node:crypto';
import type { Settings } from './settings.ts';
import type { Task } from './task.ts';

/** Standard Webhooks, one signature for each secret; no header without a secret. Spec: SIG-001 to SIG-005. */
export function signatureHeaders(
  task: Task,
  body: Buffer,
  { secrets, mutants }: Settings,
): readonly (readonly [name: string, value: string])[] {
  const made = secrets.length === 0 && mutants.has('signed-without-feature') ? [Buffer.alloc(32)] : secrets;
  if (made.length === 0 || mutants.has('signatures-declared-not-sent')) return [];
  if (task.attempt > 1 && mutants.has('retries-unsigned')) return [];
  const id = mutants.has('webhook-id-anew') ? `msg_${randomUUID()}` : task.id;
  const sentAtMs = mutants.has('timestamp-reused') ? task.createdAtMs : Date.now();
  const timestamp = String(Math.floor(sentAtMs / 1000));
  const text = mutants.has('signature-over-text') ? Buffer.from(body.toString('utf8')) : body;
  const content = mutants.has('signed-bytes-differ') ? Buffer.concat([text, Buffer.from('\n')]) : text;
  const signed = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), content]);
  const used = mutants.has('rotation-drops-old-key') ? made.slice(0, 1) : made;
  const signatures = used.map((key) => `v1,${createHmac('sha256', key).update(signed).digest('base64')}`);
  return [
    ['webhook-id', id],
    ['webhook-timestamp', timestamp],
    ['webhook-signature', signatures.join(' ')],
  ];
}
