import { weiPerMicro } from '../domain/rewards/payout-batches.ts';
import type { Queryable } from '../platform/db.ts';
import type { BatchState } from './distribution-batches.ts';
import type { PayeeScope } from './distribution-payees.ts';

// What operators are shown of payments: sums and lists that decide nothing.

/** Where, when and to whom a run pays. */
export interface PayableScope extends PayeeScope {
  /** Addresses that are never paid to. */
  readonly barred: readonly string[];
  /** Most that one entry pays, in micro-DOTM; null when nobody could say. */
  readonly ceilingMicro: bigint | null;
}

/** What members could be paid now. Amounts in micro-DOTM but for `aboveWei`. */
export interface Payable {
  readonly recipients: number;
  readonly totalMicro: bigint;
  /** Members who have more than one entry may pay, and what is above it: it waits for later runs. */
  readonly aboveMembers: number;
  readonly aboveWei: bigint;
}

/** Whom a run would pay, with what they have in whole micro-DOTM: the same members as in store/distribution-payees.ts, all at once. */
const payable = `with holder as (
    select member_id, sum(free_wei) as free from reward where free_wei > 0 group by member_id having sum(free_wei) >= ${weiPerMicro}
  ), payable as (
    select m.id, w.address, holder.free, trunc(holder.free / ${weiPerMicro}) as micro
    from holder join member m on m.id = holder.member_id and m.erased_at is null
    join wallet w on w.member_id = m.id and w.chain_id = $1 and w.unlinked_at is null and w.usable_from <= $2
      and w.address <> all($3::text[])
    where not exists (
      select from ledger.accounts a where a.code = 'member/' || m.id || '/reward_set_off/DOTM' and a.balance > 0)
  )`;

/** Sums up what a run planned now would pay. */
export async function readPayable(db: Queryable, scope: PayableScope): Promise<Payable> {
  const { rows } = await db.query<{ members: bigint; micro: bigint; above: bigint; above_wei: bigint }>(
    `${payable} select count(*) as members, coalesce(sum(least(micro, $4::numeric)), 0)::numeric(38, 0) as micro,
       count(*) filter (where micro > $4::numeric) as above,
       coalesce(sum(free - $4::numeric * ${weiPerMicro}) filter (where micro > $4::numeric), 0)::numeric(38, 0) as above_wei
     from payable`,
    [scope.chainId, scope.now, scope.barred, scope.ceilingMicro],
  );
  const row = rows[0];
  return {
    recipients: Number(row?.members ?? 0),
    totalMicro: row?.micro ?? 0n,
    aboveMembers: Number(row?.above ?? 0),
    aboveWei: row?.above_wei ?? 0n,
  };
}

/** The largest entries that a run planned now would have, largest first. */
export async function readLargestEntries(
  db: Queryable,
  scope: PayableScope,
  limit: number,
): Promise<{ address: string; micro: bigint }[]> {
  const { rows } = await db.query<{ address: string; micro: bigint }>(
    `${payable} select address, least(micro, $4::numeric)::numeric(38, 0) as micro from payable
     order by micro desc, id limit $5`,
    [scope.chainId, scope.now, scope.barred, scope.ceilingMicro, limit],
  );
  return rows;
}

/** A batch without its entries, with the transaction that paid it or the newest that was signed for it. */
export interface BatchSummary {
  id: bigint;
  state: BatchState;
  entries: number;
  totalMicro: bigint;
  attempts: number;
  txHash: string | null;
  blockNumber: number | null;
  blockAt: Date | null;
}

interface SummaryRow {
  id: bigint;
  state: BatchState;
  entries: number;
  total_micro: bigint;
  attempts: bigint;
  hash: string | null;
  block_number: bigint | null;
  block_at: Date | null;
}

/** The batches of a run in the order of their numbers. The entries are left out: they are many kilobytes for each. */
export async function summariseBatches(db: Queryable, runId: string): Promise<BatchSummary[]> {
  const { rows } = await db.query<SummaryRow>(
    `select b.id, b.state, b.entries, b.total_micro, b.block_number, b.block_at,
       (select count(*) from distribution_transaction t where t.batch_id = b.id and t.raw is not null) as attempts,
       coalesce(b.tx_hash, (select t.hash from distribution_transaction t where t.batch_id = b.id and t.raw is not null
         order by t.generation desc, t.attempt desc limit 1)) as hash
     from distribution_batch b where b.run_id = $1 order by b.id`,
    [runId],
  );
  return rows.map((row) => ({
    id: row.id,
    state: row.state,
    entries: row.entries,
    totalMicro: row.total_micro,
    attempts: Number(row.attempts),
    txHash: row.hash,
    blockNumber: row.block_number === null ? null : Number(row.block_number),
    blockAt: row.block_at,
  }));
}

/** Numbers of the batches of a run that were planned and never signed. */
export async function plannedBatchIds(db: Queryable, runId: string): Promise<bigint[]> {
  const { rows } = await db.query<{ id: bigint }>(
    `select id from distribution_batch where run_id = $1 and state = 'planned' order by id`,
    [runId],
  );
  return rows.map(({ id }) => id);
}
