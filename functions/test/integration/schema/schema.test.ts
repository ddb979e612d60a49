import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkSchema, dumpSchema } from '../../../src/ops/dump-schema.ts';
import { migrate } from '../../../src/ops/migrate.ts';
import { freshDatabase, type FreshDatabase } from '../../support/postgres.ts';

let database: FreshDatabase;

beforeAll(async () => {
  database = await freshDatabase();
});

afterAll(() => database.drop());

async function query(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

it('schema.sql is what the migrations make', async () => {
  await checkSchema(database.url);
});

it('a change of the database that is not in schema.sql is found', async () => {
  const changed = await freshDatabase();
  await query(changed.url, 'create table public.forgotten (id bigint)');
  await expect(checkSchema(changed.url)).rejects.toThrow(/schema\.sql is not what the migrations make/);
  await changed.drop();
});

it('two migrations of an empty database at once do it once, and a third finds nothing to do', async () => {
  const empty = new URL(database.url);
  empty.pathname = `/${database.name}_empty`;
  await query(database.url, `create database ${database.name}_empty`);
  try {
    const applied: string[] = [];
    const report = (file: string): void => {
      applied.push(file);
    };
    await Promise.all([migrate(empty.href, report), migrate(empty.href, report)]);
    expect(new Set(applied).size).toBe(applied.length);
    expect(applied).toContain('0001.do.ledger.sql');
    expect(await dumpSchema(empty.href)).toBe(await dumpSchema(database.url));
    applied.length = 0;
    await migrate(empty.href, report);
    expect(applied).toEqual([]);
  } finally {
    await query(database.url, `drop database ${database.name}_empty with (force)`);
  }
});

it('a migration that was changed after it ran is refused', async () => {
  const changed = await freshDatabase();
  await query(changed.url, "update public.schema_version set md5 = 'another' where version = 1");
  await expect(migrate(changed.url)).rejects.toThrow(/checksum/i);
  await changed.drop();
});

it('a migration slipped in below one that has run is refused', async () => {
  const changed = await freshDatabase();
  await query(changed.url, 'delete from public.schema_version where version = 1');
  await expect(migrate(changed.url)).rejects.toThrow(/0001\.do\.ledger\.sql/);
  await changed.drop();
});
