import type { Product } from '../shared/api/catalog.ts';
import { minor, toMoney, type Amount, type Currency } from '../shared/money.ts';
import { CodedError } from '../shared/errors.ts';
import type { StartingProduct } from '../domain/catalog/starting-catalog.ts';
import type { Queryable, Tx } from '../platform/db.ts';
import { addJob } from '../platform/outbox.ts';
import type { PriceBook } from '../domain/catalog/price-book.ts';

interface ProductRow {
  id: string;
  name: string;
  kind: Product['kind'];
  billing: Product['billing'];
  reward_basis_points: number;
  data_bytes: bigint | null;
  validity_days: number | null;
  once_per_person: boolean;
  includes_line: boolean;
  sellable: boolean;
  prices: { currency: Currency; amount: string }[];
}

export interface CatalogProduct {
  id: string;
  name: string;
  kind: Product['kind'];
  billing: Product['billing'];
  rewardBasisPoints: number;
  dataBytes: bigint | null;
  validityDays: number | null;
  oncePerPerson: boolean;
  includesLine: boolean;
  sellable: boolean;
  prices: ReadonlyMap<Currency, Amount<Currency>>;
}

export interface Catalog {
  version: number;
  publishedAt: Date;
  products: CatalogProduct[];
}

const productSql = `
  select p.*, (select coalesce(json_agg(json_build_object('currency', currency, 'amount', amount_minor::text) order by currency desc), '[]')
     from price where version = p.version and product_id = p.id) as prices
  from product p where version = $1 order by position`;

/** Reads the newest published catalogue. Throws `internal` when none was ever published (run the seed). */
export async function readCatalog(db: Queryable, now: Date): Promise<Catalog> {
  const versions = await db.query<{ version: number; published_at: Date }>(
    'select version, published_at from catalog_version where published_at <= $1 order by version desc limit 1',
    [now],
  );
  const newest = versions.rows[0];
  if (!newest) throw new CodedError('internal', 'no catalogue is published; run functions/src/ops/seed.ts');
  const { rows } = await db.query<ProductRow>(productSql, [newest.version]);
  return { version: newest.version, publishedAt: newest.published_at, products: rows.map(toProduct) };
}

function toProduct(row: ProductRow): CatalogProduct {
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    billing: row.billing,
    rewardBasisPoints: row.reward_basis_points,
    dataBytes: row.data_bytes,
    validityDays: row.validity_days,
    oncePerPerson: row.once_per_person,
    includesLine: row.includes_line,
    sellable: row.sellable,
    prices: new Map(row.prices.map(({ currency, amount }) => [currency, minor(currency, BigInt(amount))])),
  };
}

/** The catalogue as anybody may see it. */
export function viewCatalog(catalog: Catalog): { version: number; publishedAt: string; products: Product[] } {
  const products = catalog.products.map((product) => ({
    id: product.id,
    name: product.name,
    kind: product.kind,
    billing: product.billing,
    prices: [...product.prices].map(([currency, amount]) => toMoney(currency, amount)),
    rewardBasisPoints: product.rewardBasisPoints,
    dataBytes: product.dataBytes?.toString() ?? null,
    validityDays: product.validityDays,
    oncePerPerson: product.oncePerPerson,
    includesLine: product.includesLine,
    sellable: product.sellable,
  }));
  return { version: catalog.version, publishedAt: catalog.publishedAt.toISOString(), products };
}

/** Publishes `products` as version `version` and has it projected. Does nothing when that version exists. */
export async function publishCatalog(
  tx: Tx,
  version: number,
  products: readonly StartingProduct[],
  now: Date,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    'insert into catalog_version (version, published_at) values ($1, $2) on conflict do nothing',
    [version, now],
  );
  if (rowCount === 0) return false;
  for (const [position, product] of products.entries()) {
    await tx.query(
      `insert into product (version, id, position, name, kind, billing, reward_basis_points, data_bytes, validity_days,
         once_per_person, includes_line, sellable) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
      [
        version,
        product.id,
        position,
        product.name,
        product.kind,
        product.billing,
        product.rewardBasisPoints,
        product.dataBytes,
        product.validityDays,
        product.oncePerPerson,
        product.includesLine,
        product.sellable,
      ],
    );
    for (const [currency, cents] of Object.entries(product.cents)) {
      await tx.query('insert into price (version, product_id, currency, amount_minor) values ($1, $2, $3, $4)', [
        version,
        product.id,
        currency,
        cents,
      ]);
    }
  }
  await addJob(
    tx,
    { queue: 'projection', topic: 'projection.catalog', key: String(version), payload: { version } },
    now,
  );
  return true;
}

/** The payment provider's names of our prices, kept so that a checkout need not ask for them. */
export function priceBook(db: Queryable, now: Date): PriceBook {
  return {
    async find(lookupKey, amount) {
      const { rows } = await db.query<{ price_id: string }>(
        'select price_id from provider_price where lookup_key = $1 and amount_minor = $2',
        [lookupKey, amount],
      );
      return rows[0]?.price_id ?? null;
    },
    async save(lookupKey, amount, priceId) {
      await db.query(
        `insert into provider_price (lookup_key, amount_minor, price_id, synced_at) values ($1, $2, $3, $4)
         on conflict (lookup_key, amount_minor) do update set price_id = excluded.price_id, synced_at = excluded.synced_at`,
        [lookupKey, amount, priceId, now],
      );
    },
  };
}
