import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import pg from 'pg';
import { startingCatalog } from '../../../src/domain/catalog/starting-catalog.ts';
import { openDb } from '../../../src/platform/db.ts';
import { fromDecimal } from '../../../src/shared/money.ts';
import { readCatalog } from '../../../src/store/catalog.ts';
import { freshDatabase, type FreshDatabase } from '../../support/postgres.ts';

const migrations = path.resolve(import.meta.dirname, '../../../sql/migrations');
const publishedAt = new Date('2026-05-01T00:00:00Z');

let database: FreshDatabase;
let client: pg.Client;
beforeAll(async () => {
  database = await freshDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query('drop schema public cascade; drop schema ledger cascade; create schema public');
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

async function run(from: number, to: number): Promise<void> {
  for (const file of (await readdir(migrations)).sort()) {
    const number = Number.parseInt(file, 10);
    if (number >= from && number <= to) await client.query(await readFile(path.join(migrations, file), 'utf8'));
  }
}

/** The starting catalogue as it was written before: one price for each currency, nothing of what came later. */
async function publishAsBefore(): Promise<void> {
  await client.query('insert into catalog_version (version, published_at) values (1, $1)', [publishedAt]);
  for (const [position, product] of startingCatalog.products.entries()) {
    const { id, name, kind, billing } = product;
    const values = [id, position, name, kind, id === 'beta_tester' ? 'monthly' : billing, product.rewardBasisPoints];
    const rest = [
      product.dataBytes,
      product.validityDays,
      product.oncePerPerson,
      product.includesLine,
      product.sellable,
    ];
    await client.query(
      `insert into product (version, id, position, name, kind, billing, reward_basis_points, data_bytes, validity_days,
         once_per_person, includes_line, sellable) values (1, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      [...values, ...rest],
    );
    for (const unit of ['USD', 'CAD'] as const) {
      const price = product.prices.find((one) => one.unit === unit && one.cycle === billing);
      await client.query('insert into price (version, product_id, currency, amount_minor) values (1, $1, $2, $3)', [
        id,
        unit,
        price ? fromDecimal(unit, price.amount) : 0n,
      ]);
    }
  }
}

it('what was published before sells on as it did, with cycles, currencies, bundle and member discount added', async () => {
  await run(1, 5);
  await publishAsBefore();
  await run(6, 6);
  const db = openDb({ connectionString: database.url, max: 1, onCommitted: async () => undefined });
  try {
    const catalog = await readCatalog(db, new Date('2026-06-01T00:00:00Z'));
    expect(catalog).toEqual({ version: 1, publishedAt, effectiveAt: publishedAt, ...startingCatalog });
  } finally {
    await db.end();
  }
});
