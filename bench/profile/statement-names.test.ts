import { expect, it } from 'vitest';
import { namesFrom, readStatementNames } from './statement-names.ts';

const SOURCE = `
const statement = defineStatement(
  'prune-things',
  'claim',
  { limit: 'int4' },
  ($) => sql\`
    DELETE FROM \${things}
    WHERE at < now() - interval '1 hour' -- long ago
    LIMIT \${$.limit} RETURNING seq\`,
);`;

it('knows a statement by its fixed parts, whatever the server made of constants', () => {
  const nameOf = namesFrom([SOURCE]);
  expect(nameOf('DELETE FROM "x"."things" WHERE at < now() - interval $2 LIMIT $1::int4 RETURNING seq')).toBe(
    'prune-things',
  );
  expect(nameOf('DELETE FROM "x"."things" WHERE at > now()')).toBeUndefined();
});

it('finds the statements of the store', async () => {
  const nameOf = await readStatementNames();
  expect(nameOf('DELETE FROM "dispatchr"."schedulers" WHERE id = $1::text')).toBe('forget-scheduler');
  expect(nameOf('SELECT 1')).toBeUndefined();
});
