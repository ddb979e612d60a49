import type { Id } from '../shared/ids.ts';
import type { Unit } from '../shared/money.ts';
import type { Queryable, Tx } from '../platform/db.ts';
import { newId } from '../platform/ids.ts';

/** A span of time: from `from` on, up to and without `to`. */
export interface Span {
  from: Date;
  to: Date;
}

export interface Run extends Span {
  id: Id<'reconciliation'>;
  ranAt: Date;
  differences: number;
}

/** One thing in which two of the parties disagree, in words that an operator understands. */
export interface Difference {
  /** Of the vocabulary in features/reconciliation/README.md. */
  kind: string;
  /** Id of the thing concerned, ours or a vendor's. */
  subject: string;
  /** In minor units of `unit`; null where it is no amount or where there is none. */
  unit: Unit | null;
  expected: bigint | null;
  found: bigint | null;
  cause: string;
}

/** Writes down that a run has begun. */
export async function insertRun(db: Queryable, span: Span, now: Date): Promise<Id<'reconciliation'>> {
  const id = newId('reconciliation', now);
  await db.query('insert into reconciliation_run (id, from_at, to_at, ran_at) values ($1, $2, $3, $4)', [
    id,
    span.from,
    span.to,
    now,
  ]);
  return id;
}

/** Keeps differences of a run. */
export async function insertDifferences(
  db: Queryable,
  runId: string,
  differences: readonly Difference[],
  now: Date,
): Promise<void> {
  const rows = differences.map((difference) => ({
    id: newId('reconciliation', now),
    kind: difference.kind,
    subject: difference.subject,
    unit: difference.unit,
    expected: difference.expected?.toString() ?? null,
    found: difference.found?.toString() ?? null,
    cause: difference.cause,
  }));
  await db.query(
    `insert into reconciliation_difference (id, run_id, kind, subject, unit, expected_minor, found_minor, cause)
     select id, $1, kind, subject, unit, expected, found, cause
     from jsonb_to_recordset($2) as d (id text, kind text, subject text, unit text, expected numeric, found numeric, cause text)`,
    [runId, JSON.stringify(rows)],
  );
}

/** Marks a run as come to its end: from now on its differences are shown. */
export async function finishRun(tx: Tx, runId: string, differences: number, now: Date): Promise<void> {
  await tx.query('update reconciliation_run set finished_at = $2, differences = $3 where id = $1', [
    runId,
    now,
    differences,
  ]);
}

interface RunRow {
  id: Id<'reconciliation'>;
  from_at: Date;
  to_at: Date;
  ran_at: Date;
  differences: number;
}

/** The run that ended last; with `withDifferences`, the last one that found any. Null when there is none. */
export async function findLastRun(db: Queryable, filter: { withDifferences?: boolean } = {}): Promise<Run | null> {
  const { rows } = await db.query<RunRow>(
    `select id, from_at, to_at, ran_at, differences from reconciliation_run
     where finished_at is not null and (not $1 or differences > 0) order by finished_at desc, id desc limit 1`,
    [filter.withDifferences ?? false],
  );
  const row = rows[0];
  return row ? { id: row.id, from: row.from_at, to: row.to_at, ranAt: row.ran_at, differences: row.differences } : null;
}

/** How far finished runs have looked; null before the first. */
export async function reconciledUntil(db: Queryable): Promise<Date | null> {
  const { rows } = await db.query<{ until: Date | null }>(
    'select max(to_at) as until from reconciliation_run where finished_at is not null',
  );
  return rows[0]?.until ?? null;
}

interface DifferenceRow {
  id: Id<'reconciliation'>;
  kind: string;
  subject: string;
  unit: Unit | null;
  expected_minor: bigint | null;
  found_minor: bigint | null;
  cause: string;
}

/** What a run found, in the order in which it was found, at most `limit`. */
export async function readDifferences(
  db: Queryable,
  runId: string,
  limit: number,
): Promise<(Difference & { id: Id<'reconciliation'> })[]> {
  const { rows } = await db.query<DifferenceRow>(
    `select id, kind, subject, unit, expected_minor, found_minor, cause from reconciliation_difference
     where run_id = $1 order by id limit $2`,
    [runId, limit],
  );
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    subject: row.subject,
    unit: row.unit,
    expected: row.expected_minor,
    found: row.found_minor,
    cause: row.cause,
  }));
}
