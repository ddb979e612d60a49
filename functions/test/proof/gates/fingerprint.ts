import type { Queryable } from '../../../src/platform/db.ts';

/**
 * Reads a fingerprint of each table: how many rows it has and a hash of each row with the transaction that wrote it last, so that also
 * a row that was written again with the same content shows. Tables named in `except` are left out.
 */
export async function fingerprint(db: Queryable, except: readonly string[] = []): Promise<Record<string, string>> {
  const { rows: tables } = await db.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
     where schemaname not in ('pg_catalog', 'information_schema') order by 1`,
  );
  const names = tables.map(({ name }) => name).filter((name) => !except.includes(name.replace(/^public\./, '')));
  const { rows } = await db.query<{ name: string; print: string }>(
    names
      .map(
        (name) =>
          `select '${name}' as name, count(*) || '/' || coalesce(sum(hashtextextended(xmin::text || t::text, 0)::numeric), 0) as print from ${name} t`,
      )
      .join(' union all '),
  );
  return Object.fromEntries(rows.map(({ name, print }) => [name, print]));
}
