import type { Check } from '../../check.ts';
import type { CheckContext } from '../../run/check-context.ts';
import { textWith } from './texts.ts';

/** The text of a parked submission of exactly so many bytes. */
function textOf(t: CheckContext, bytes: number): string {
  const padded = (length: number): string => textWith(t, `"taskArgs":"${'x'.repeat(length)}"`);
  return padded(bytes - Buffer.byteLength(padded(0)));
}

const CHUNKED = { 'transfer-encoding': 'chunked' };

/** How large a body may be. */
export const JSON_SIZE_CHECKS: readonly Check[] = [
  {
    id: 'a-body-may-be-as-large-as-declared',
    title: 'A body of exactly `limits.maxTaskBytes` is accepted.',
    covers: { 'JSN-017': '258854c3', 'DSC-003': '4547254c' },
    profile: 'recorder',
    async run(t) {
      const { maxTaskBytes } = t.discovery.limits;
      t.status('JSN-017', await t.api.submit(textOf(t, maxTaskBytes)), 201);
      t.status('JSN-017', await t.api.submit(textOf(t, maxTaskBytes), CHUNKED), 201);
      // What counts is the body, its white space included.
      t.status('JSN-017', await t.api.submit(JSON.stringify(t.parked()).padEnd(maxTaskBytes)), 201);
    },
  },
  {
    id: 'a-body-too-large-is-refused',
    title: 'A body of one byte more than `limits.maxTaskBytes` is answered with 413 and the limit.',
    covers: { 'JSN-017': '258854c3', 'PRB-010': '1c436baa' },
    profile: 'recorder',
    async run(t) {
      const limitBytes = t.discovery.limits.maxTaskBytes;
      for (const body of [textOf(t, limitBytes + 1), JSON.stringify(t.parked()).padEnd(limitBytes + 1)]) {
        const response = await t.api.submit(body);
        t.problem('JSN-017', response, 'payload-too-large', { members: { limitBytes } });
      }
    },
  },
  {
    id: 'a-body-in-chunks-is-held-to-the-limit',
    title: 'A body that comes in chunks, so that its length is not known before, is held to the limit too.',
    covers: { 'JSN-017': '258854c3', 'PRB-010': '1c436baa' },
    profile: 'recorder',
    async run(t) {
      const limitBytes = t.discovery.limits.maxTaskBytes;
      const response = await t.api.submit(textOf(t, limitBytes + 1), CHUNKED);
      t.problem('JSN-017', response, 'payload-too-large', { members: { limitBytes } });
    },
  },
  {
    id: 'bodies-are-counted-in-bytes',
    title: 'The size of a body is counted in bytes, not in characters.',
    covers: { 'JSN-017': '258854c3' },
    profile: 'recorder',
    async run(t) {
      const limitBytes = t.discovery.limits.maxTaskBytes;
      const body = textWith(t, `"taskArgs":"${'漢'.repeat(Math.ceil(limitBytes / 3))}"`);
      t.problem('JSN-017', await t.api.submit(body), 'payload-too-large', { members: { limitBytes } });
    },
  },
  {
    id: 'operations-hold-bodies-to-the-limit',
    title: 'The body of an operation on a task is held to `limits.maxTaskBytes` too.',
    covers: { 'JSN-017': '258854c3' },
    profile: 'recorder',
    async run(t) {
      const limitBytes = t.discovery.limits.maxTaskBytes;
      const { id } = await t.submit(t.parked());
      const body = '{}'.padEnd(limitBytes + 1);
      const response = await t.api.request('POST', `/v1/tasks/${id}/cancel`, { body });
      t.problem('JSN-017', response, 'payload-too-large', { members: { limitBytes } });
    },
  },
  {
    id: 'a-batch-has-a-limit-of-its-own',
    title:
      'A batch of `limits.maxBatchBytes` is accepted, and one of a byte more answered with 413 and that limit.',
    covers: { 'JSN-017': '258854c3', 'PRB-010': '1c436baa', 'DSC-003': '4547254c' },
    profile: 'recorder',
    features: ['batch'],
    async run(t) {
      const limitBytes = t.discovery.limits.maxBatchBytes;
      const batch = JSON.stringify({ tasks: [t.parked()] });
      t.status('JSN-017', await t.api.submitBatch(batch.padEnd(limitBytes)), 201);
      const response = await t.api.submitBatch(batch.padEnd(limitBytes + 1));
      t.problem('JSN-017', response, 'payload-too-large', { members: { limitBytes } });
    },
  },
  {
    id: 'a-task-of-a-batch-is-held-to-the-limit',
    title:
      'A batch with a task of more bytes than `limits.maxTaskBytes` is answered with 413 and that limit.',
    covers: { 'JSN-018': '2717319e', 'PRB-010': '1c436baa' },
    profile: 'recorder',
    features: ['batch'],
    async run(t) {
      const { maxTaskBytes: limitBytes, maxBatchBytes } = t.discovery.limits;
      if (maxBatchBytes < limitBytes + 1000) t.skip('limits.maxBatchBytes leaves no room for such a task');
      const batch = (bytes: number): string =>
        `{"tasks":[${JSON.stringify(t.parked())}, ${textOf(t, bytes)} ]}`;
      t.status('JSN-018', await t.api.submitBatch(batch(limitBytes)), 201);
      const response = await t.api.submitBatch(batch(limitBytes + 1));
      t.problem('JSN-018', response, 'payload-too-large', { members: { limitBytes } });
    },
  },
];
