import { rewardSetOff, rewardsPending, rewardsReserved, rewardsVested } from '../domain/ledger/accounts.ts';
import { readMovement } from '../domain/rewards/read-movement.ts';
import type { RewardMovement, RewardPoint } from '../shared/api/rewards.ts';
import type { Id } from '../shared/ids.ts';
import { toDecimal, toMoney } from '../shared/money.ts';
import type { Queryable } from '../platform/db.ts';
import { viewPayout, type PayoutRow } from './reward-payouts.ts';

/** Days that a chart shows at most; a day on which nothing moved needs none. */
const chartDays = 120;

interface PointRow {
  day: string;
  pending: bigint;
  vested: bigint;
  reserved: bigint;
  paid: bigint;
  spent: bigint;
}

/** Where a member's tokens were at the end of each UTC day on which something moved, oldest first: the newest days, and all before in them. */
export async function viewChart(db: Queryable, memberId: string): Promise<RewardPoint[]> {
  const { rows } = await db.query<PointRow>(
    `with moved as (
       select (t.event_at at time zone 'UTC')::date as day,
         case when a.code = $1 then e.amount else 0 end as pending,
         case when a.code = $2 then e.amount else 0 end as vested,
         case when a.code = $3 then e.amount else 0 end as reserved,
         case when a.code = $3 and t.template = 'rewardSent' then -e.amount else 0 end as paid,
         case when a.code = $3 and t.template = 'rewardSpent' then -e.amount
           when a.code = $2 and t.template = 'creditReturned' then -e.amount else 0 end as spent
       from ledger.accounts a join ledger.entries e on e.account_id = a.id join ledger.transfers t on t.id = e.transfer_id
       where a.code in ($1, $2, $3)),
     by_day as (
       select day, sum(pending) as pending, sum(vested) as vested, sum(reserved) as reserved, sum(paid) as paid, sum(spent) as spent
       from moved group by day)
     select to_char(day, 'YYYY-MM-DD') as day, (sum(pending) over w)::numeric(38, 0) as pending, (sum(vested) over w)::numeric(38, 0) as vested,
       (sum(reserved) over w)::numeric(38, 0) as reserved, (sum(paid) over w)::numeric(38, 0) as paid, (sum(spent) over w)::numeric(38, 0) as spent
     from by_day window w as (order by day) order by day desc limit $4`,
    [rewardsPending(memberId), rewardsVested(memberId), rewardsReserved(memberId), chartDays],
  );
  return rows.reverse().map((row) => ({
    day: row.day,
    pending: toDecimal('DOTM', row.pending),
    vested: toDecimal('DOTM', row.vested),
    reserved: toDecimal('DOTM', row.reserved),
    paid: toDecimal('DOTM', row.paid),
    spent: toDecimal('DOTM', row.spent),
  }));
}

interface MovementRow extends PayoutRow {
  transfer_id: bigint;
  template: string;
  event_at: Date;
  reward_id: Id<'reward'> | null;
  order_id: Id<'order'> | null;
  /** Amounts of the member's legs by account. */
  legs: { code: string; amount: string }[];
}

/**
 * What has moved a member's tokens, newest first, at most `limit`, older than `before` (a transfer's number): each transfer of the ledger that
 * touched one of the member's accounts of rewards, whoever else it touched. A payout carries where it is on chain.
 */
export async function listMovements(
  db: Queryable,
  memberId: string,
  page: { limit: number; before: bigint | null; explorerUrl: string },
): Promise<{ number: bigint; movement: RewardMovement }[]> {
  const codes = [rewardsPending(memberId), rewardsVested(memberId), rewardsReserved(memberId), rewardSetOff(memberId)];
  const { rows } = await db.query<MovementRow>(
    `select t.id as transfer_id, t.template, t.event_at, t.meta ->> 'rewardId' as reward_id, t.meta ->> 'orderId' as order_id, moved.legs,
       (t.meta ->> 'batchId')::bigint as batch_id, b.tx_hash, b.block_number, b.block_at,
       case when exists (select from reward_use u where u.batch_id = b.id and u.member_id = $4 and u.returned_wei = u.amount_wei)
         then 'released' else b.state end as batch_state
     from (select e.transfer_id, json_agg(json_build_object('code', a.code, 'amount', e.amount::text)) as legs
       from ledger.accounts a join ledger.entries e on e.account_id = a.id
       where a.code = any($1) and ($2::bigint is null or e.transfer_id < $2)
       group by e.transfer_id order by e.transfer_id desc limit $3) as moved
     join ledger.transfers t on t.id = moved.transfer_id
     left join distribution_batch b on b.id = (t.meta ->> 'batchId')::bigint
     order by t.id desc`,
    [codes, page.before, page.limit, memberId],
  );
  return rows.map((row) => ({ number: row.transfer_id, movement: viewMovement(row, memberId, page.explorerUrl) }));
}

function viewMovement(row: MovementRow, memberId: string, explorerUrl: string): RewardMovement {
  const legs = new Map(row.legs.map(({ code, amount }) => [code, BigInt(amount)]));
  const { kind, amount, noted } = readMovement(row.template, {
    isPayout: row.batch_id !== null,
    pending: legs.get(rewardsPending(memberId)) ?? 0n,
    vested: legs.get(rewardsVested(memberId)) ?? 0n,
    reserved: legs.get(rewardsReserved(memberId)) ?? 0n,
    note: legs.get(rewardSetOff(memberId)) ?? 0n,
  });
  return {
    id: `tfr_${String(row.transfer_id).padStart(16, '0')}`,
    kind,
    amount: toMoney('DOTM', amount),
    noted: toMoney('DOTM', noted),
    at: row.event_at.toISOString(),
    rewardId: row.reward_id,
    orderId: row.order_id,
    payout: viewPayout(row, explorerUrl),
  };
}
