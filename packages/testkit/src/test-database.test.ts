import postgres from 'postgres';
import { expect, it } from 'vitest';
import { createTestDatabase } from './test-database.ts';

async function tablesOf(url: string): Promise<string[]> {
  const client = postgres(url, { max: 1 });
  try {
    const rows = await client`SELECT tablename FROM pg_tables WHERE schemaname = 'dispatchr'`;
    return rows.map((row) => String(row['tablename']));
  } finally {
    await client.end();
  }
}

it('is a clone of the migrated template, alone with its data, until it is dropped', async () => {
  const [one, other] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  const client = postgres(one.url, { max: 1 });
  await client`CREATE TABLE dispatchr.only_here (n int)`;
  expect(await tablesOf(one.url)).toEqual(expect.arrayContaining(['migrations', 'only_here']));
  expect(await tablesOf(other.url)).not.toContain('only_here');
  await other.drop();
  await expect(tablesOf(other.url)).rejects.toMatchObject({ code: '3D000' });
  await client.end();
  await one.drop();
});

it('is empty when asked for', async () => {
  const { url, drop } = await createTestDatabase({ empty: true });
  expect(await tablesOf(url)).toEqual([]);
  await drop();
});

it('is on a server that waits for the disk and speaks of version 18', async () => {
  const { url, drop } = await createTestDatabase({ empty: true });
  const client = postgres(url, { max: 1 });
  const [row] = await client`SELECT current_setting('fsync') AS fsync, version() AS version`;
  expect(row?.['fsync']).toBe('on');
  if (process.env['TEST_DATABASE_URL'] === undefined) expect(row?.['version']).toContain('PostgreSQL 18');
  await client.end();
  await drop();
});
