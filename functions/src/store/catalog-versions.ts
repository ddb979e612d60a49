import type { CatalogContent } from '../shared/api/catalog-content.ts';
import type { CatalogVersion } from '../shared/api/catalog-versions.ts';
import { CodedError } from '../shared/errors.ts';
import type { Queryable, Tx } from '../platform/db.ts';
import { readCatalogVersion } from './catalog.ts';

interface VersionRow {
  version: number;
  state: 'draft' | 'published' | 'discarded';
  note: string;
  revision: number;
  based_on: number | null;
  created_at: Date;
  created_by: string | null;
  published_at: Date | null;
  published_by: string | null;
  effective_at: Date | null;
  selling: boolean;
}

/** A version that nobody sells by yet: what it says, and how often it was changed. */
export interface Draft {
  version: number;
  revision: number;
  content: CatalogContent;
}

/** With the version that sells at $1 marked. */
const versionSql = `select version, state, note, revision, based_on, created_at, created_by, published_at, published_by, effective_at,
  version is not distinct from (select version from catalog_version where state = 'published' and effective_at <= $1
    order by effective_at desc, version desc limit 1) as selling
  from catalog_version where state <> 'discarded'`;

function viewVersion(row: VersionRow, now: Date): CatalogVersion {
  return {
    version: row.version,
    state: stateOf(row, now),
    note: row.note,
    revision: row.revision,
    basedOn: row.based_on,
    createdAt: row.created_at.toISOString(),
    createdBy: row.created_by,
    publishedAt: row.published_at?.toISOString() ?? null,
    publishedBy: row.published_by,
    effectiveAt: row.effective_at?.toISOString() ?? null,
  };
}

function stateOf(row: VersionRow, now: Date): CatalogVersion['state'] {
  if (row.state === 'draft') return 'draft';
  if (row.selling) return 'selling';
  return row.effective_at !== null && row.effective_at > now ? 'scheduled' : 'past';
}

/** Drafts first, then published versions by the time from which they sell, newest first; at most `limit`. */
export async function listVersions(db: Queryable, now: Date, limit: number): Promise<CatalogVersion[]> {
  const { rows } = await db.query<VersionRow>(
    `${versionSql} order by state = 'published', effective_at desc, version desc limit $2`,
    [now, limit],
  );
  return rows.map((row) => viewVersion(row, now));
}

/** A version in the form that operators see. Throws `not_found`. */
export async function readVersion(db: Queryable, version: number, now: Date): Promise<CatalogVersion> {
  const { rows } = await db.query<VersionRow>(`${versionSql} and version = $2`, [now, version]);
  if (!rows[0]) throw new CodedError('not_found', `no version ${version} of the catalogue`);
  return viewVersion(rows[0], now);
}

/** What a version says, draft or published. Throws `not_found`. */
export async function readContent(db: Queryable, version: number): Promise<CatalogContent> {
  const { rows } = await db.query<{ content: CatalogContent | null }>(
    'select content from catalog_version where version = $1',
    [version],
  );
  if (rows[0]?.content) return rows[0].content;
  const { currencies, excludedCountries, products, bundles, memberDiscounts } = await readCatalogVersion(db, version);
  return { currencies, excludedCountries, products, bundles, memberDiscounts };
}

/** Who and what a new draft comes from. */
export interface NewDraft {
  content: CatalogContent;
  basedOn: number;
  by: string;
  requestId: string;
  note: string;
}

/** Writes a new draft under the next number, under a lock that keeps two operators from taking the same one. */
export async function insertDraft(tx: Tx, draft: NewDraft, now: Date): Promise<number> {
  await tx.query('lock table catalog_version in share row exclusive mode');
  const { rows } = await tx.query<{ version: number }>(
    `insert into catalog_version (version, state, content, based_on, created_by, request_id, note, created_at)
     select coalesce(max(version), 0) + 1, 'draft', $1, $2, $3, $4, $5, $6 from catalog_version returning version`,
    [draft.content, draft.basedOn, draft.by, draft.requestId, draft.note, now],
  );
  if (!rows[0]) throw new CodedError('internal', 'the draft was not written');
  return rows[0].version;
}

/** Reads a draft, with `lock` under a row lock. Throws `not_found`, and `catalog.not_a_draft` for a published version. */
export async function readDraft(db: Queryable, version: number, lock?: 'lock'): Promise<Draft> {
  const { rows } = await db.query<{ revision: number; content: CatalogContent | null }>(
    `select revision, content from catalog_version where version = $1 and state <> 'discarded'${lock ? ' for update' : ''}`,
    [version],
  );
  const row = rows[0];
  if (!row) throw new CodedError('not_found', `no version ${version} of the catalogue`);
  if (row.content === null) {
    throw new CodedError('catalog.not_a_draft', `version ${version} is published: make a draft from it`);
  }
  return { version, revision: row.revision, content: row.content };
}

/** Replaces what a draft (locked by the caller) says; a note left out stays. */
export async function writeDraft(tx: Tx, version: number, content: CatalogContent, note?: string): Promise<void> {
  await tx.query(
    'update catalog_version set content = $2, note = coalesce($3, note), revision = revision + 1 where version = $1',
    [version, content, note ?? null],
  );
}

/** Whether a version was a draft that somebody threw away. */
export async function isDiscarded(db: Queryable, version: number): Promise<boolean> {
  const { rowCount } = await db.query(
    `select 1 from catalog_version where version = $1 and state = 'discarded' for update`,
    [version],
  );
  return rowCount === 1;
}

/** Throws a draft (locked by the caller) away. It can still be read, so that another may be made from it. */
export async function discardDraft(tx: Tx, version: number): Promise<void> {
  await tx.query(`update catalog_version set state = 'discarded' where version = $1`, [version]);
}

/**
 * The version that was published last, whenever it sells: what a draft is compared with. With `lock` nobody else publishes before this
 * transaction has ended. Throws `internal` when nothing was ever published (run the seed).
 */
export async function readLastPublished(db: Queryable, lock?: 'lock'): Promise<number> {
  if (lock) await db.query('lock table catalog_version in share row exclusive mode');
  const { rows } = await db.query<{ version: number }>(
    `select version from catalog_version where state = 'published' order by published_at desc, version desc limit 1`,
  );
  if (!rows[0]) throw new CodedError('internal', 'no catalogue is published; run functions/src/ops/seed.ts');
  return rows[0].version;
}

/** Products of all running subscriptions. */
export async function listProductsInUse(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ product_id: string }>(
    `select distinct product_id from subscription where status <> 'canceled'`,
  );
  return rows.map((row) => row.product_id);
}

/** The draft that a request made; null where it made none yet. */
export async function findMadeDraft(db: Queryable, requestId: string): Promise<number | null> {
  const { rows } = await db.query<{ version: number }>('select version from catalog_version where request_id = $1', [
    requestId,
  ]);
  return rows[0]?.version ?? null;
}
