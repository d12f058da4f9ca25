import type { Check } from '../../check.ts';
import { forAll } from './submission-verdict.ts';

const PARAMETER = { parameter: 'Idempotency-Key' };

/** The form of the header `Idempotency-Key`; what it does is shown by the checks of identity. */
export const IDEMPOTENCY_KEY_CHECKS: readonly Check[] = [
  {
    id: 'malformed-idempotency-key-is-refused',
    title: 'An Idempotency-Key that is not a quoted string of 1 to 255 printable characters is refused.',
    covers: { 'REC-019': 'c70e00d1' },
    profile: 'recorder',
    features: ['idempotency-key'],
    async run(t) {
      const values = [
        'unquoted',
        "'a'",
        '"',
        '"a',
        'a"',
        '"a"b',
        '"a""b"',
        '"a", "b"',
        '"a\\"',
        '"\\a"',
        '"a\tb"',
        '"é"',
        '""',
        `"${'a'.repeat(256)}"`,
        `"${'\\"'.repeat(256)}"`,
      ];
      await forAll(values, async (value) => {
        const response = await t.api.submit(t.parked(), { 'Idempotency-Key': value });
        t.problem('REC-019', response, 'invalid-request', PARAMETER);
      });
    },
  },
  {
    id: 'idempotency-key-of-any-printable-text-is-accepted',
    title:
      'An Idempotency-Key of 255 characters, counted without the escapes, is accepted, whatever printable characters they are.',
    covers: { 'REC-019': 'c70e00d1' },
    profile: 'recorder',
    features: ['idempotency-key'],
    async run(t) {
      const run = t.newId('key');
      const printable = String.fromCodePoint(...Array.from({ length: 95 }, (_, at) => 0x20 + at));
      const keys = [
        `${run} ${printable}`,
        run + 'a'.repeat(255 - run.length),
        run + '"\\'.repeat(255).slice(run.length, 255),
      ];
      for (const key of keys) {
        const value = `"${key.replaceAll(/["\\]/g, '\\$&')}"`;
        t.status('REC-019', await t.api.submit(t.parked(), { 'Idempotency-Key': value }), 201);
      }
    },
  },
  {
    id: 'id-beside-idempotency-key-is-refused',
    title: 'A submit with both an id and an Idempotency-Key is refused.',
    covers: { 'REC-020': '0fd1531d' },
    profile: 'recorder',
    features: ['idempotency-key'],
    async run(t) {
      const headers = { 'Idempotency-Key': `"${t.newId('key')}"` };
      const response = await t.api.submit(t.parked({ id: t.newId() }), headers);
      t.problem('REC-020', response, 'invalid-request', PARAMETER);
    },
  },
  {
    id: 'batch-with-idempotency-key-is-refused',
    title: 'A batch with an Idempotency-Key is refused, and records nothing.',
    covers: { 'REC-036': 'd5a8d254' },
    profile: 'recorder',
    features: ['batch'],
    async run(t) {
      const id = t.newId();
      const headers = { 'Idempotency-Key': `"${t.newId('key')}"` };
      const response = await t.api.submitBatch([t.parked({ id })], headers);
      t.problem('REC-036', response, 'invalid-request', PARAMETER);
      t.status('REC-036', await t.api.get(id), 404);
    },
  },
];
