import { migrate, NewerSchemaError } from '@dispatchr/store';
import { createTestDatabase, openTestDatabase } from '@dispatchr/testkit';
import { expect, test } from 'vitest';

test('several processes that migrate at once leave one set of tables', async () => {
  const { url, drop } = await createTestDatabase({ empty: true });
  const databases = await Promise.all([1, 2, 3].map(() => openTestDatabase(url)));
  const reports = await Promise.all(databases.map(migrate));
  expect(reports.map(({ applied }) => applied).filter((applied) => applied > 0)).toHaveLength(1);
  expect(new Set(reports.map(({ total }) => total)).size).toBe(1);
  await Promise.all(databases.map((database) => database.close()));
  await drop();
});

test('a database of a newer version is refused and left as it is', async () => {
  const { url, drop } = await createTestDatabase();
  const database = await openTestDatabase(url);
  const text = `INSERT INTO dispatchr.migrations (hash) VALUES ('of a later version')`;
  await database.query({ name: 'insert', role: 'read', text }, []);
  await expect(migrate(database)).rejects.toThrow(NewerSchemaError);
  await expect(migrate(database)).rejects.toThrow(/belongs to a newer Dispatchr/);
  await database.close();
  await drop();
});
