import type { Queryable, Tx } from '../platform/db.ts';
import type { Id } from '../shared/ids.ts';

export type RunState = 'awaiting_approval' | 'sending' | 'done' | 'rejected' | 'failed';

/** One thing that was looked at before signing. `detail` is an operator's text. */
export interface RunCheck {
  readonly name: 'paused' | 'operator' | 'run_budget' | 'daily_limit' | 'cap' | 'fees' | 'funds' | 'call';
  readonly ok: boolean;
  readonly detail: string;
}

/** What is kept with a run for those who look at it. */
export interface RunNotes {
  /** The checks before the last signing. */
  readonly checks?: readonly RunCheck[];
  /** Members whose address can't be paid to. */
  readonly badAddresses?: readonly string[];
  /** How many members were taken out since it was planned, because their wallet has changed. */
  readonly changedWallets?: number;
  /** Why batches in conflict were given back, by their number. */
  readonly releases?: Readonly<Record<string, string>>;
}

/** One payment round, amounts in micro-DOTM. */
export interface DistributionRun {
  id: Id<'distributionRun'>;
  key: string;
  /** `awaiting_approval` also while it is being planned (`plannedAt` null). */
  state: RunState;
  chainId: number;
  distributor: string;
  /** `schedule`, or an operator's member id. */
  requestedBy: string;
  totalMicro: bigint;
  recipients: number;
  batches: number;
  plannedThrough: string;
  notes: RunNotes;
  approvedBy: string | null;
  approvedAt: Date | null;
  createdAt: Date;
  plannedAt: Date | null;
  finishedAt: Date | null;
  note: string | null;
}

interface RunRow {
  id: Id<'distributionRun'>;
  key: string;
  state: RunState;
  chain_id: bigint;
  distributor: string;
  requested_by: string;
  total_micro: bigint;
  recipients: number;
  batches: number;
  planned_through: string;
  checks: RunNotes;
  approved_by: string | null;
  approved_at: Date | null;
  created_at: Date;
  planned_at: Date | null;
  finished_at: Date | null;
  note: string | null;
}

function toRun(row: RunRow): DistributionRun {
  return {
    id: row.id,
    key: row.key,
    state: row.state,
    chainId: Number(row.chain_id),
    distributor: row.distributor,
    requestedBy: row.requested_by,
    totalMicro: row.total_micro,
    recipients: row.recipients,
    batches: row.batches,
    plannedThrough: row.planned_through,
    notes: row.checks,
    approvedBy: row.approved_by,
    approvedAt: row.approved_at,
    createdAt: row.created_at,
    plannedAt: row.planned_at,
    finishedAt: row.finished_at,
    note: row.note,
  };
}

const columns = `id, key, state, chain_id, distributor, requested_by, total_micro, recipients, batches, planned_through, checks, approved_by,
  approved_at, created_at, planned_at, finished_at, note`;

/** Opens a run, unless one with this key exists; gives that one then. */
export async function ensureRun(
  tx: Tx,
  run: Pick<DistributionRun, 'id' | 'key' | 'chainId' | 'distributor' | 'requestedBy'>,
  now: Date,
): Promise<{ run: DistributionRun; isNew: boolean }> {
  const { rows: made } = await tx.query<RunRow>(
    `insert into distribution_run (id, key, state, chain_id, distributor, requested_by, created_at)
     values ($1, $2, 'awaiting_approval', $3, $4, $5, $6) on conflict (key) do nothing returning ${columns}`,
    [run.id, run.key, run.chainId, run.distributor, run.requestedBy, now],
  );
  if (made[0]) return { run: toRun(made[0]), isNew: true };
  const { rows } = await tx.query<RunRow>(`select ${columns} from distribution_run where key = $1`, [run.key]);
  if (!rows[0]) throw new Error(`the run with the key ${run.key} is gone`);
  return { run: toRun(rows[0]), isNew: false };
}

/** Reads a run, null when there is none. */
export async function findRun(db: Queryable, id: string): Promise<DistributionRun | null> {
  const { rows } = await db.query<RunRow>(`select ${columns} from distribution_run where id = $1`, [id]);
  return rows[0] ? toRun(rows[0]) : null;
}

/** As `findRun`, under a row lock: whoever plans, approves, rejects or ends a run holds it. */
export async function lockRun(tx: Tx, id: string): Promise<DistributionRun | null> {
  const { rows } = await tx.query<RunRow>(`select ${columns} from distribution_run where id = $1 for update`, [id]);
  return rows[0] ? toRun(rows[0]) : null;
}

/** Runs, newest first; `before` is the id of the last one of the page before. */
export async function listRuns(db: Queryable, limit: number, before?: string): Promise<DistributionRun[]> {
  const { rows } = await db.query<RunRow>(
    `select ${columns} from distribution_run where $2::text is null or id < $2 order by id desc limit $1`,
    [limit, before ?? null],
  );
  return rows.map(toRun);
}

/** Runs that have neither ended nor wait for a person, oldest first. */
export async function openRuns(db: Queryable): Promise<DistributionRun[]> {
  const { rows } = await db.query<RunRow>(
    `select ${columns} from distribution_run where finished_at is null and (state = 'sending' or planned_at is null) order by id`,
  );
  return rows.map(toRun);
}

/** Adds a planned batch to its run (none: `entries` 0), and notes how far planning has looked. */
export async function recordPlanned(
  tx: Tx,
  id: string,
  step: { through: string; entries: number; totalMicro: bigint; badAddresses: readonly string[] },
): Promise<void> {
  await tx.query(
    `update distribution_run set planned_through = $2, recipients = recipients + $3, total_micro = total_micro + $4,
       batches = batches + case when $3 > 0 then 1 else 0 end,
       checks = case when cardinality($5::text[]) = 0 then checks
         else checks || jsonb_build_object('badAddresses', coalesce(checks -> 'badAddresses', '[]') || to_jsonb($5::text[])) end
     where id = $1`,
    [id, step.through, step.entries, step.totalMicro, step.badAddresses],
  );
}

/** Members were taken out of a batch, because their wallet has changed; `batches` is 1 when nobody was left in it. */
export async function recordLeftOut(
  tx: Tx,
  id: string,
  out: { members: number; totalMicro: bigint; batches: 0 | 1 },
): Promise<void> {
  await tx.query(
    `update distribution_run set recipients = recipients - $2, total_micro = total_micro - $3, batches = batches - $4,
       checks = checks || jsonb_build_object('changedWallets', coalesce((checks ->> 'changedWallets')::integer, 0) + $2)
     where id = $1`,
    [id, out.members, out.totalMicro, out.batches],
  );
}

/** The run is planned whole. It waits for an operator (`approved` false), or goes out by policy. */
export async function recordRunPlanned(tx: Tx, id: string, approved: boolean, now: Date): Promise<void> {
  await tx.query(
    `update distribution_run set planned_at = $3, state = case when $2 then 'sending' else state end,
       approved_by = case when $2 then 'policy' end, approved_at = case when $2 then $3::timestamptz end where id = $1`,
    [id, approved, now],
  );
}

/**
 * What runs opened on the UTC day of `at` pay without a person having approved it, in micro-DOTM: those that went out by policy, and what
 * those that are still being planned hold so far, so that two runs that are planned at the same time see each other. Leaves out the run `except`.
 */
export async function unapprovedMicroOfDay(
  db: Queryable,
  { chainId, at, except }: { chainId: number; at: Date; except?: string },
): Promise<bigint> {
  const { rows } = await db.query<{ micro: bigint }>(
    `select coalesce(sum(total_micro), 0)::bigint as micro from distribution_run
     where chain_id = $1 and id is distinct from $2 and (approved_by = 'policy' or planned_at is null)
       and created_at >= date_trunc('day', $3::timestamptz, 'UTC') and created_at < date_trunc('day', $3::timestamptz, 'UTC') + interval '1 day'`,
    [chainId, except ?? null, at],
  );
  return rows[0]?.micro ?? 0n;
}

/** An operator lets a run go out. The caller holds its lock and has seen that it is planned and waits. */
export async function recordApproval(tx: Tx, id: string, by: string, now: Date): Promise<void> {
  await tx.query(`update distribution_run set state = 'sending', approved_by = $2, approved_at = $3 where id = $1`, [
    id,
    by,
    now,
  ]);
}

/** Ends a run. */
export async function finishRun(
  tx: Tx,
  id: string,
  end: { state: 'done' | 'rejected' | 'failed'; note?: string },
  now: Date,
): Promise<void> {
  await tx.query(
    `update distribution_run set state = $2, finished_at = $3, note = coalesce($4, note) where id = $1 and finished_at is null`,
    [id, end.state, now, end.note ?? null],
  );
}

/** What a batch in conflict held is its members' again, for the reason that an operator gave: the run pays that much less. */
export async function recordConflictReleased(
  tx: Tx,
  id: string,
  batch: { id: bigint; entries: number; totalMicro: bigint },
  reason: string,
): Promise<void> {
  await tx.query(
    `update distribution_run set recipients = recipients - $2, total_micro = total_micro - $3, batches = batches - 1,
       checks = jsonb_set(checks, '{releases}', coalesce(checks -> 'releases', '{}') || jsonb_build_object($4::text, $5::text))
     where id = $1`,
    [id, batch.entries, batch.totalMicro, batch.id.toString(), reason],
  );
}

/** A batch of a run is in conflict no more. A run that had ended for its conflicts is done after the last of them. */
export async function recordConflictEnded(tx: Tx, id: string): Promise<void> {
  await tx.query(
    `update distribution_run set state = 'done', note = null where id = $1 and state = 'failed' and not exists (
       select from distribution_batch b where b.run_id = $1 and b.state = 'conflict')`,
    [id],
  );
}

/** Keeps what the last checks said. */
export async function recordChecks(db: Queryable, id: string, checks: readonly RunCheck[]): Promise<void> {
  await db.query(
    `update distribution_run set checks = checks || jsonb_build_object('checks', $2::jsonb) where id = $1`,
    [id, JSON.stringify(checks)],
  );
}
