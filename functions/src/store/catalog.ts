import type { CatalogContent } from '../shared/api/catalog-content.ts';
import type { CatalogView, CyclePrice, Product } from '../shared/api/catalog.ts';
import { CodedError } from '../shared/errors.ts';
import { fromDecimal, toMoney, type Currency } from '../shared/money.ts';
import type { PriceBook } from '../domain/catalog/price-book.ts';
import { rewardRateOf } from '../domain/pricing/from-view.ts';
import type { Queryable, Tx } from '../platform/db.ts';
import { addJob } from '../platform/outbox.ts';

/** A published version of what is sold. It never changes. */
export interface Catalog extends CatalogContent {
  version: number;
  publishedAt: Date;
  /** From when it is the one that sells. */
  effectiveAt: Date;
}

interface CatalogRow {
  version: number;
  published_at: Date;
  effective_at: Date;
  excluded_countries: string[];
  currencies: CatalogContent['currencies'];
  products: (Omit<Product, 'prices'> & {
    prices: { cycle: CyclePrice['cycle']; currency: Currency; minor: string }[];
  })[];
  bundles: CatalogContent['bundles'];
  member_discounts: CatalogContent['memberDiscounts'];
}

/** All of a version in one round trip. Amounts and data are text: JSON numbers end at 2^53. */
const catalogSql = `
  select v.version, v.published_at, v.effective_at, v.excluded_countries,
    (select coalesce(json_agg(json_build_object('code', code, 'rewardRate', reward_rate) order by position), '[]')
     from catalog_currency where version = v.version) as currencies,
    (select coalesce(json_agg(json_build_object('id', p.id, 'name', p.name, 'kind', p.kind, 'billing', p.billing,
       'rewardBasisPoints', p.reward_basis_points, 'dataBytes', p.data_bytes::text, 'validityDays', p.validity_days,
       'oncePerPerson', p.once_per_person, 'includesLine', p.includes_line, 'sellable', p.sellable, 'countries', p.countries,
       'prices', (select coalesce(json_agg(json_build_object('cycle', r.cycle, 'currency', r.currency, 'minor', r.amount_minor::text)
          order by array_position('{one_time,monthly,annual}', r.cycle), c.position), '[]')
          from price r join catalog_currency c on c.version = r.version and c.code = r.currency
          where r.version = p.version and r.product_id = p.id)
       ) order by p.position), '[]') from product p where p.version = v.version) as products,
    (select coalesce(json_agg(json_build_object('id', id, 'kind', kind, 'minimumProducts', minimum_products,
       'basisPointsOff', basis_points_off) order by position), '[]') from bundle where version = v.version) as bundles,
    (select coalesce(json_agg(json_build_object('id', id, 'membershipId', membership_id, 'kind', kind,
       'basisPointsOff', basis_points_off) order by position), '[]') from member_discount where version = v.version) as member_discounts
  from catalog_version v where v.state = 'published'`;

/** Reads the catalogue that sells at `now`: the newest effective version. Throws `internal` when there is none (run the seed). */
export async function readCatalog(db: Queryable, now: Date): Promise<Catalog> {
  const { rows } = await db.query<CatalogRow>(
    `${catalogSql} and effective_at <= $1 order by effective_at desc, version desc limit 1`,
    [now],
  );
  if (!rows[0]) throw new CodedError('internal', 'no catalogue is published; run functions/src/ops/seed.ts');
  return toCatalog(rows[0]);
}

/** Reads any published version, however old: orders and quotes name theirs. Throws `not_found`. */
export async function readCatalogVersion(db: Queryable, version: number): Promise<Catalog> {
  const { rows } = await db.query<CatalogRow>(`${catalogSql} and version = $1`, [version]);
  if (!rows[0]) throw new CodedError('not_found', `no catalogue ${version} was published`);
  return toCatalog(rows[0]);
}

function toCatalog(row: CatalogRow): Catalog {
  return {
    version: row.version,
    publishedAt: row.published_at,
    effectiveAt: row.effective_at,
    currencies: row.currencies,
    excludedCountries: row.excluded_countries,
    products: row.products.map(({ prices, ...product }) => ({
      ...product,
      prices: prices.map(({ cycle, currency, minor }) => ({ cycle, ...toMoney(currency, BigInt(minor)) })),
    })),
    bundles: row.bundles,
    memberDiscounts: row.member_discounts,
  };
}

/** The catalogue as anybody may see it. */
export function viewCatalog(catalog: Catalog): CatalogView {
  return {
    ...catalog,
    publishedAt: catalog.publishedAt.toISOString(),
    effectiveAt: catalog.effectiveAt.toISOString(),
  };
}

/**
 * How many DOTM a whole unit of `currency` earned in a published version, as the decimal that stands there; null where nothing was sold
 * in it.
 */
export async function readRewardRateOf(db: Queryable, version: number, currency: Currency): Promise<string | null> {
  const { rows } = await db.query<{ rate: string }>(
    'select reward_rate as rate from catalog_currency where version = $1 and code = $2',
    [version, currency],
  );
  return rows[0]?.rate ?? null;
}

/**
 * Publishes `content` as version `version` where there is none of that number, effective at once, and has it projected. For the seed: an
 * operator's draft goes through `publishDraft`.
 */
export async function publishCatalog(tx: Tx, version: number, content: CatalogContent, now: Date): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into catalog_version (version, state, content, created_at) values ($1, 'draft', $2, $3) on conflict do nothing`,
    [version, content, now],
  );
  if (rowCount === 0) return false;
  await writePublished(tx, version, content, { by: null, effectiveAt: now }, now);
  return true;
}

/**
 * Writes the content of a draft, which the caller has locked and checked, into the tables and makes it the published version. Whoever
 * reads the catalogue from `effectiveAt` on gets it; the projection follows then as a job.
 */
export async function writePublished(
  tx: Tx,
  version: number,
  content: CatalogContent,
  { by, effectiveAt }: { by: string | null; effectiveAt: Date },
  now: Date,
): Promise<void> {
  const { currencies, products, bundles, memberDiscounts } = content;
  await insertRows(tx, 'catalog_currency', version, ['code', 'position', 'reward_rate'], {
    types: ['text', 'integer', 'text'],
    rows: currencies.map(({ code, rewardRate }, position) => [code, position, rewardRate]),
  });
  for (const [position, product] of products.entries()) await insertProduct(tx, version, product, position);
  await insertRows(tx, 'bundle', version, ['id', 'position', 'kind', 'minimum_products', 'basis_points_off'], {
    types: ['text', 'integer', 'text', 'integer', 'integer'],
    rows: bundles.map((bundle, position) => [
      bundle.id,
      position,
      bundle.kind,
      bundle.minimumProducts,
      bundle.basisPointsOff,
    ]),
  });
  await insertRows(tx, 'member_discount', version, ['id', 'position', 'membership_id', 'kind', 'basis_points_off'], {
    types: ['text', 'integer', 'text', 'text', 'integer'],
    rows: memberDiscounts.map((discount, position) => [
      discount.id,
      position,
      discount.membershipId,
      discount.kind,
      discount.basisPointsOff,
    ]),
  });
  await tx.query(
    `update catalog_version set state = 'published', published_at = $2, published_by = $3, effective_at = $4, content = null,
       excluded_countries = $5 where version = $1`,
    [version, now, by, effectiveAt, content.excludedCountries],
  );
  await addJob(
    tx,
    {
      queue: 'projection',
      topic: 'projection.catalog',
      key: String(version),
      payload: { version },
      runAt: effectiveAt > now ? effectiveAt : now,
    },
    now,
  );
}

async function insertProduct(tx: Tx, version: number, product: Product, position: number): Promise<void> {
  await tx.query(
    `insert into product (version, id, position, name, kind, billing, reward_basis_points, data_bytes, validity_days,
       once_per_person, includes_line, sellable, countries) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
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
      product.countries,
    ],
  );
  await insertRows(tx, 'price', version, ['product_id', 'currency', 'cycle', 'amount_minor'], {
    types: ['text', 'text', 'text', 'bigint'],
    rows: product.prices.map(({ unit, cycle, amount }) => [product.id, unit, cycle, fromDecimal(unit, amount)]),
  });
}

/** Inserts rows in one round trip: a column of values for each column of the table. */
async function insertRows(
  tx: Tx,
  table: string,
  version: number,
  columns: string[],
  { types, rows }: { types: string[]; rows: unknown[][] },
): Promise<void> {
  if (rows.length === 0) return;
  const arrays = types.map((type, index) => `$${index + 2}::${type}[]`).join(', ');
  await tx.query(`insert into ${table} (version, ${columns.join(', ')}) select $1, * from unnest(${arrays})`, [
    version,
    ...columns.map((_column, index) => rows.map((row) => row[index])),
  ]);
}

/** Checks that something is sold in `currency` at `now`. Throws `request.invalid` naming the field `currency`. */
export async function requireSoldCurrency(db: Queryable, currency: Currency, now: Date): Promise<void> {
  rewardRateOf(await readCatalog(db, now), currency);
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
