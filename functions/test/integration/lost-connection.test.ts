import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDb, type Db } from '../../src/platform/db.ts';
import { freshDatabase, type FreshDatabase } from '../support/postgres.ts';

let database: FreshDatabase;
let db: Db;
beforeAll(async () => {
  database = await freshDatabase();
  db = openDb({ connectionString: database.url, max: 2, onCommitted: () => Promise.resolve() });
});
afterAll(async () => {
  await db.end();
  await database.drop();
});

it('a connection that is lost between two statements fails its transaction and not the process', async () => {
  const lost = db.transaction(async (tx) => {
    const { rows } = await tx.query<{ pid: number }>('select pg_backend_pid() as pid');
    const { rowCount } = await db.query('select pg_terminate_backend($1, 5000)', [rows[0]?.pid]);
    expect(rowCount).toBe(1);
    // The end of the connection has reached this process once the next turn of the event loop after a round trip has begun.
    await db.query('select 1');
    await new Promise((resolve) => setImmediate(resolve));
    await tx.query('select 2');
  });
  await expect(lost).rejects.toThrow();
  expect((await db.query<{ one: number }>('select 1 as one')).rows).toEqual([{ one: 1 }]);
});
