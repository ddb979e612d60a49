import type { Queryable, Tx } from '../platform/db.ts';
import type { Id } from '../shared/ids.ts';
import { minor, type Amount, type Currency } from '../shared/money.ts';

/** What a reward is for: what was bought, or once per person. */
export type RewardKind = 'purchase' | 'new_member' | 'founding_member';

export interface Reward {
  id: Id<'reward'>;
  kind: RewardKind;
  /** The order that brought it. */
  orderId: Id<'order'>;
  /** The item of the order that it is for; null for a one-off. */
  position: number | null;
  memberId: Id<'member'>;
  state: 'pending' | 'vested' | 'reversed';
  currency: Currency;
  /** What was paid for the goods; nothing for a one-off. */
  paid: Amount<Currency>;
  basisPoints: number;
  /** DOTM for one whole unit of the currency, as the catalogue wrote it; null for a one-off. */
  rate: string | null;
  /** What the arithmetic gives, in wei. */
  earned: Amount<'DOTM'>;
  /** What the daily cap left of it. */
  amount: Amount<'DOTM'>;
  /** What has been taken back for refunds. */
  reversed: Amount<'DOTM'>;
  /** The part of `reversed` that was in use and became a note. */
  noted: Amount<'DOTM'>;
  /** What is in use: reserved, paid, spent, or gone against a note. */
  used: Amount<'DOTM'>;
  /** What the member may use today. */
  free: Amount<'DOTM'>;
  accruedAt: Date;
  vestsAt: Date;
  vestedAt: Date | null;
}

/** A row of the table, for the files of this shelf. */
export interface RewardRow {
  id: Id<'reward'>;
  kind: RewardKind;
  order_id: Id<'order'>;
  position: number | null;
  member_id: Id<'member'>;
  state: Reward['state'];
  currency: Currency;
  paid_minor: bigint;
  basis_points: number;
  rate: string | null;
  earned_wei: bigint;
  amount_wei: bigint;
  reversed_wei: bigint;
  noted_wei: bigint;
  used_wei: bigint;
  free_wei: bigint;
  accrued_at: Date;
  vests_at: Date;
  vested_at: Date | null;
}

/** Gives a row our types. */
export function toReward(row: RewardRow): Reward {
  return {
    id: row.id,
    kind: row.kind,
    orderId: row.order_id,
    position: row.position,
    memberId: row.member_id,
    state: row.state,
    currency: row.currency,
    paid: minor(row.currency, row.paid_minor),
    basisPoints: row.basis_points,
    rate: row.rate,
    earned: minor('DOTM', row.earned_wei),
    amount: minor('DOTM', row.amount_wei),
    reversed: minor('DOTM', row.reversed_wei),
    noted: minor('DOTM', row.noted_wei),
    used: minor('DOTM', row.used_wei),
    free: minor('DOTM', row.free_wei),
    accruedAt: row.accrued_at,
    vestsAt: row.vests_at,
    vestedAt: row.vested_at,
  };
}

export type NewReward = Pick<
  Reward,
  | 'id'
  | 'kind'
  | 'orderId'
  | 'position'
  | 'memberId'
  | 'currency'
  | 'paid'
  | 'basisPoints'
  | 'rate'
  | 'earned'
  | 'amount'
  | 'accruedAt'
  | 'vestsAt'
>;

/** Keeps a reward as pending. Returns false when the order's item, or the order's one-off of that kind, was kept before. */
export async function insertReward(tx: Tx, reward: NewReward): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into reward (id, kind, order_id, position, member_id, state, currency, paid_minor, basis_points, rate, earned_wei, amount_wei,
       accrued_at, vests_at)
     values ($1, $2, $3, $4, $5, 'pending', $6, $7, $8, $9, $10, $11, $12, $13) on conflict do nothing`,
    [
      reward.id,
      reward.kind,
      reward.orderId,
      reward.position,
      reward.memberId,
      reward.currency,
      reward.paid,
      reward.basisPoints,
      reward.rate,
      reward.earned,
      reward.amount,
      reward.accruedAt,
      reward.vestsAt,
    ],
  );
  return rowCount === 1;
}

/**
 * What the member's purchases have earned in the UTC day of `now` and still count for, in wei: what was taken back does not. The caller
 * holds the member's lock.
 */
export async function readEarnedToday(tx: Tx, memberId: string, now: Date): Promise<Amount<'DOTM'>> {
  const { rows } = await tx.query<{ wei: bigint }>(
    `select coalesce(sum(amount_wei - reversed_wei), 0)::numeric(38, 0) as wei from reward
     where member_id = $1 and kind = 'purchase' and accrued_at >= date_trunc('day', $2::timestamptz, 'UTC')
       and accrued_at < date_trunc('day', $2::timestamptz, 'UTC') + interval '1 day'`,
    [memberId, now],
  );
  return minor('DOTM', rows[0]?.wei ?? 0n);
}

/** Rewards that an order brought. The caller holds the lock of its member. */
export async function readRewardsOf(tx: Tx, orderId: string): Promise<Reward[]> {
  const { rows } = await tx.query<RewardRow>('select * from reward where order_id = $1 order by id', [orderId]);
  return rows.map(toReward);
}

/** Keeps how much of a reward has been taken back, and what of that is a note; all of it makes it reversed. */
export async function recordReversal(
  tx: Tx,
  id: string,
  change: { reversed: Amount<'DOTM'>; noted: Amount<'DOTM'> },
): Promise<void> {
  await tx.query(
    `update reward set reversed_wei = $2, noted_wei = $3, state = case when amount_wei = $2 then 'reversed' else state end where id = $1`,
    [id, change.reversed, change.noted],
  );
}

/** Members who have something that is due to vest, those who have waited longest first, at most `limit`. */
export async function listDueHolders(db: Queryable, now: Date, limit: number): Promise<string[]> {
  const { rows } = await db.query<{ member_id: string }>(
    `select member_id from (select member_id, vests_at, id from reward where state = 'pending' and vests_at <= $1
       order by vests_at, id limit $2) as due group by member_id order by min(vests_at), member_id`,
    [now, limit],
  );
  return rows.map((row) => row.member_id);
}

/** What of a member is due to vest. The caller holds the member's lock. */
export async function readDue(tx: Tx, memberId: string, now: Date): Promise<Reward[]> {
  const { rows } = await tx.query<RewardRow>(
    `select * from reward where member_id = $1 and state = 'pending' and vests_at <= $2 order by vests_at, id`,
    [memberId, now],
  );
  return rows.map(toReward);
}

/** Makes pending rewards the member's for good. */
export async function recordVesting(tx: Tx, ids: readonly string[], now: Date): Promise<void> {
  await tx.query(`update reward set state = 'vested', vested_at = $2 where id = any($1) and state = 'pending'`, [
    ids,
    now,
  ]);
}
