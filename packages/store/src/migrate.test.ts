import { readFile } from 'node:fs/promises';
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

test('tasks from before have an origin afterwards: that of their target', async () => {
  const { url, drop } = await createTestDatabase({ empty: true });
  const database = await openTestDatabase(url);
  const run = (text: string) => database.query({ name: 'test', role: 'read', text }, []);
  for (const name of ['0000_tables', '0001_storage-settings']) {
    const migration = await readFile(new URL(`../migrations/${name}.sql`, import.meta.url), 'utf8');
    for (const statement of migration.split('--> statement-breakpoint')) await run(statement);
  }
  const targets = [
    'http://a.example/x/y?z',
    'HTTPS://B.example:8443',
    'http://[::1]:3000?',
    'http://c.example\\\\d',
  ];
  for (const target of targets)
    await run(`WITH task AS (
      INSERT INTO dispatchr.tasks (id, target, queue, flow_key, priority, due_at, created_at)
      VALUES (gen_random_uuid(), '${target}', 'q', 'f', 0, now(), now()) RETURNING *
    ) INSERT INTO dispatchr.unfinished_tasks (seq, queue, flow_key, priority, due_at, state)
      SELECT seq, queue, flow_key, priority, due_at, 'pending' FROM task`);
  const added = await readFile(new URL('../migrations/0002_origin-of-a-task.sql', import.meta.url), 'utf8');
  for (const statement of added.split('--> statement-breakpoint')) await run(statement);
  const rows = await run('SELECT origin FROM dispatchr.unfinished_tasks ORDER BY seq');
  expect(rows.map(({ origin }) => origin)).toEqual([
    'http://a.example',
    'https://b.example:8443',
    'http://[::1]:3000',
    'http://c.example',
  ]);
  await database.close();
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
