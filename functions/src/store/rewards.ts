import type { Reward as RewardView } from '../shared/api/rewards.ts';
import type { Id } from '../shared/ids.ts';
import { minor, toMoney, type Amount, type Currency, type Money } from '../shared/money.ts';
import type { Queryable, Tx } from '../platform/db.ts';

export interface Reward {
  id: Id<'reward'>;
  orderId: Id<'order'>;
  position: number;
  memberId: Id<'member'>;
  state: RewardView['state'];
  currency: Currency;
  paid: Amount<Currency>;
  basisPoints: number;
  /** What was earned, in wei. */
  amount: Amount<'DOTM'>;
  reversed: Amount<'DOTM'>;
  accruedAt: Date;
  vestsAt: Date;
}

interface RewardRow {
  id: Id<'reward'>;
  order_id: Id<'order'>;
  position: number;
  member_id: Id<'member'>;
  state: RewardView['state'];
  currency: Currency;
  paid_minor: bigint;
  basis_points: number;
  amount_wei: bigint;
  reversed_wei: bigint;
  accrued_at: Date;
  vests_at: Date;
}

function toReward(row: RewardRow): Reward {
  return {
    id: row.id,
    orderId: row.order_id,
    position: row.position,
    memberId: row.member_id,
    state: row.state,
    currency: row.currency,
    paid: minor(row.currency, row.paid_minor),
    basisPoints: row.basis_points,
    amount: minor('DOTM', row.amount_wei),
    reversed: minor('DOTM', row.reversed_wei),
    accruedAt: row.accrued_at,
    vestsAt: row.vests_at,
  };
}

/** Keeps the reward of one item of an order. Returns false when it was kept before. */
export async function insertReward(tx: Tx, reward: Omit<Reward, 'state' | 'reversed'>): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into reward (id, order_id, position, member_id, state, currency, paid_minor, basis_points, amount_wei, accrued_at, vests_at)
     values ($1, $2, $3, $4, 'pending', $5, $6, $7, $8, $9, $10) on conflict (order_id, position) do nothing`,
    [
      reward.id,
      reward.orderId,
      reward.position,
      reward.memberId,
      reward.currency,
      reward.paid,
      reward.basisPoints,
      reward.amount,
      reward.accruedAt,
      reward.vestsAt,
    ],
  );
  return rowCount === 1;
}

/** Rewards of an order, under a row lock. */
export async function lockRewardsOf(tx: Tx, orderId: string): Promise<Reward[]> {
  const { rows } = await tx.query<RewardRow>('select * from reward where order_id = $1 order by position for update', [
    orderId,
  ]);
  return rows.map(toReward);
}

/** Keeps how much of a reward has been taken back; all of it makes it reversed. */
export async function recordReversal(tx: Tx, id: string, reversed: Amount<'DOTM'>): Promise<void> {
  await tx.query(
    `update reward set reversed_wei = $2, state = case when amount_wei = $2 then 'reversed' else state end where id = $1`,
    [id, reversed],
  );
}

/** Rewards of a member in the form that the API shows, newest first, with the totals by state. */
export async function viewRewards(
  db: Queryable,
  memberId: string,
): Promise<{ pending: Money; vested: Money; rewards: RewardView[] }> {
  const { rows } = await db.query<RewardRow>('select * from reward where member_id = $1 order by id desc', [memberId]);
  const rewards = rows.map(toReward);
  const total = (state: RewardView['state']) =>
    rewards
      .filter((reward) => reward.state === state)
      .reduce((sum, reward) => sum + reward.amount - reward.reversed, 0n);
  return {
    pending: toMoney('DOTM', total('pending')),
    vested: toMoney('DOTM', total('vested')),
    rewards: rewards.map((reward) => ({
      id: reward.id,
      orderId: reward.orderId,
      state: reward.state,
      amount: toMoney('DOTM', reward.amount - reward.reversed),
      paid: toMoney(reward.currency, reward.paid),
      basisPoints: reward.basisPoints,
      accruedAt: reward.accruedAt.toISOString(),
      vestsAt: reward.vestsAt.toISOString(),
    })),
  };
}
