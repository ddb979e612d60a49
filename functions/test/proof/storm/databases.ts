import { randomBytes } from 'node:crypto';
import pg from 'pg';
import type { FreshDatabase } from '../../support/postgres.ts';

/** Copies a whole database. Nobody may be connected to `original` meanwhile. */
export async function copyDatabase(original: FreshDatabase): Promise<FreshDatabase> {
  const name = `t_${randomBytes(8).toString('hex')}`;
  const url = Object.assign(new URL(original.url), { pathname: `/${name}` }).href;
  await run(original.url, `create database ${name} template ${original.name}`);
  return { url, name, drop: () => run(original.url, `drop database if exists ${name} with (force)`) };
}

async function run(url: string, sql: string): Promise<void> {
  const admin = Object.assign(new URL(url), { pathname: '/postgres' }).href;
  const client = new pg.Client({ connectionString: admin });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
