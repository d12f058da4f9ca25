import type { Check } from '../../check.ts';
import { withArgs } from './json-text.ts';

/** Content in a batch and alone. */
export const BATCH_IDENTITY_CHECKS: readonly Check[] = [
  {
    id: 'identity-is-the-same-in-a-batch',
    title: 'A task that was submitted alone has the same content in a batch, and the other way round.',
    covers: { 'IDN-020': '5b8faba3' },
    profile: 'recorder',
    features: ['batch'],
    async run(t) {
      const [alone, batched] = [t.newId(), t.newId()];
      const textOf = (id: string): string => withArgs(t.parked({ id }), '{"a":1.0,"b":[]}');
      const spaced = (id: string): string =>
        withArgs(t.parked({ id }), String.raw`{ "b" : [ ] , "\u0061" : 1.0 }`);
      await t.submit(textOf(alone));
      const batch = await t.api.submitBatch(`{"tasks":[ ${spaced(alone)} ,${textOf(batched)}]}`);
      t.status('IDN-020', batch, 201);
      const created = batch.json?.tasks?.map((item: { created: unknown }) => item.created);
      t.equal('IDN-020', '`created` of the task that exists, and of the one that does not', created, [
        false,
        true,
      ]);
      t.status('IDN-020', await t.api.submit(spaced(batched)), 200);
    },
  },
  {
    id: 'identity-differs-in-a-batch-as-alone',
    title: 'A task of a batch with the id and other content of one that was submitted alone is refused.',
    covers: { 'IDN-020': '5b8faba3' },
    profile: 'recorder',
    features: ['batch'],
    async run(t) {
      const task = t.parked({ id: t.newId() });
      await t.submit(withArgs(task, '1'));
      const response = await t.api.submitBatch(`{"tasks":[${withArgs(task, '1.0')}]}`);
      t.problem('IDN-020', response, 'task-id-conflict', { pointer: '/tasks/0/id' });
    },
  },
];
