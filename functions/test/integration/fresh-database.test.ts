import pg from 'pg';
import { afterAll, expect, it } from 'vitest';
import { freshDatabase } from '../support/postgres.ts';
import type { FreshDatabase } from '../support/postgres.ts';

const databases: FreshDatabase[] = [];

afterAll(async () => {
  for (const database of databases) await database.drop();
});

async function query(url: string, sql: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rowCount ?? 0;
  } finally {
    await client.end();
  }
}

it('a fresh database has the newest schema and nothing of another test', async () => {
  databases.push(await freshDatabase(), await freshDatabase());
  const [one, other] = databases.map((database) => database.url);
  await query(one ?? '', 'create table left_by_a_test (id int)');
  expect(await query(other ?? '', "select from pg_tables where tablename = 'left_by_a_test'")).toBe(0);
  expect(await query(other ?? '', 'select from public.schema_version')).toBeGreaterThan(0);
});
