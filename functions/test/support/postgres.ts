import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** A database that belongs to one test. */
export interface FreshDatabase {
  readonly url: string;
  readonly name: string;
  /** Drops the database, ending connections that are still open. */
  drop(): Promise<void>;
}

/**
 * Creates a migrated database of its own for one test or test file in about 100 ms, by copying a template that the run
 * prepared once. With `seeded`, the copy holds the starting catalogue. Call `drop` in `afterAll`.
 */
export async function freshDatabase(options: { seeded?: boolean } = {}): Promise<FreshDatabase> {
  const admin = process.env['TEST_POSTGRES_URL'];
  if (admin === undefined) throw new Error('TEST_POSTGRES_URL is not set: run this test in the project "integration"');
  const name = `t_${randomBytes(8).toString('hex')}`;
  const template = options.seeded ? 'dotm_template_seeded' : 'dotm_template';
  await run(admin, `create database ${name} template ${template}`);
  const url = new URL(admin);
  url.pathname = `/${name}`;
  return { url: url.href, name, drop: () => run(admin, `drop database if exists ${name} with (force)`) };
}

async function run(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
