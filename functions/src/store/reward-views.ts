import type { z } from 'zod';
import type { getRewards, Reward as RewardView, RewardTotals } from '../shared/api/rewards.ts';
import { toMoney } from '../shared/money.ts';
import type { Queryable } from '../platform/db.ts';
import { viewChart } from './reward-history.ts';
import { toReward, type Reward, type RewardRow } from './rewards.ts';

interface TotalsRow {
  pending: bigint;
  vested: bigint;
  reserved: bigint;
  paid: bigint;
  spent: bigint;
  reversed: bigint;
  note: bigint;
  next_vesting_at: Date | null;
}

/**
 * A member's rewards by where they are. All but `note` add up to what was ever accrued: tokens are in one place. From the rows, which
 * the nightly reconciliation compares with the ledger.
 */
export async function readTotals(db: Queryable, memberId: string): Promise<RewardTotals> {
  const { rows } = await db.query<TotalsRow>(
    `select pending, vested, reserved, paid, spent, taken_back + set_off as reversed, noted - set_off_notes as note, next_vesting_at
     from (select coalesce(sum(amount_wei - reversed_wei) filter (where state = 'pending'), 0)::numeric(38, 0) as pending,
         coalesce(sum(free_wei), 0)::numeric(38, 0) as vested,
         coalesce(sum(reversed_wei - noted_wei), 0)::numeric(38, 0) as taken_back,
         coalesce(sum(noted_wei), 0)::numeric(38, 0) as noted,
         min(vests_at) filter (where state = 'pending' and amount_wei > reversed_wei) as next_vesting_at
       from reward where member_id = $1) as r,
      (select coalesce(sum(amount_wei) filter (where state = 'held'), 0)::numeric(38, 0) as reserved,
         coalesce(sum(amount_wei - returned_wei) filter (where state = 'final' and kind = 'payout'), 0)::numeric(38, 0) as paid,
         coalesce(sum(amount_wei - returned_wei) filter (where state = 'final' and kind = 'credit'), 0)::numeric(38, 0) as spent,
         coalesce(sum(amount_wei) filter (where kind in ('set_off', 'lapse')), 0)::numeric(38, 0) as set_off,
         coalesce(sum(amount_wei) filter (where kind = 'set_off'), 0)::numeric(38, 0) as set_off_notes
       from reward_use where member_id = $1) as u`,
    [memberId],
  );
  const row = rows[0]!;
  return {
    pending: toMoney('DOTM', row.pending),
    vested: toMoney('DOTM', row.vested),
    reserved: toMoney('DOTM', row.reserved),
    paid: toMoney('DOTM', row.paid),
    spent: toMoney('DOTM', row.spent),
    reversed: toMoney('DOTM', row.reversed),
    note: toMoney('DOTM', row.note),
    nextVestingAt: row.next_vesting_at?.toISOString() ?? null,
  };
}

/** Rewards that are listed at most; the totals count all, and the history goes on. It keeps the member's document far below Firestore's limit. */
const shownRewards = 200;

/** A member's rewards in the form that the API shows, newest first, with totals by state and what has been over time. */
export async function viewRewards(
  db: Queryable,
  memberId: string,
): Promise<Omit<z.output<(typeof getRewards)['output']>, 'wallet'>> {
  const totals = await readTotals(db, memberId);
  const { rows } = await db.query<RewardRow>('select * from reward where member_id = $1 order by id desc limit $2', [
    memberId,
    shownRewards,
  ]);
  const rewards = rows.map((row) => viewReward(toReward(row)));
  return { ...totals, rewards, chart: await viewChart(db, memberId) };
}

/** One reward in the form that the API shows. */
export function viewReward(reward: Reward): RewardView {
  return {
    id: reward.id,
    kind: reward.kind,
    orderId: reward.orderId,
    state: reward.state,
    amount: toMoney('DOTM', reward.amount - reward.reversed),
    earned: toMoney('DOTM', reward.earned),
    accrued: toMoney('DOTM', reward.amount),
    free: toMoney('DOTM', reward.free),
    paid: toMoney(reward.currency, reward.paid),
    basisPoints: reward.basisPoints,
    rate: reward.rate,
    accruedAt: reward.accruedAt.toISOString(),
    vestsAt: reward.vestsAt.toISOString(),
    vestedAt: reward.vestedAt?.toISOString() ?? null,
  };
}
