import { rewardIssuance, rewardSetOff } from '../domain/ledger/accounts.ts';
import { reversalTarget, takeBack } from '../domain/rewards/take-back.ts';
import type { RewardExplanation } from '../shared/api/rewards.ts';
import { CodedError } from '../shared/errors.ts';
import type { Id } from '../shared/ids.ts';
import { subtract, toMoney, type Currency } from '../shared/money.ts';
import type { Queryable } from '../platform/db.ts';
import { entriesOf } from './ledger.ts';
import { viewPayout, type PayoutRow } from './reward-payouts.ts';
import { viewReward } from './reward-views.ts';
import { toReward, type Reward, type RewardRow } from './rewards.ts';

interface OrderRow {
  currency: Currency;
  total_minor: bigint;
  refunded_minor: bigint;
  created_at: Date;
  product_id: string | null;
  name: string | null;
  quantity: number | null;
}

/**
 * Every number behind a reward of `memberId`, from the arithmetic to the transaction on chain, and what a whole refund of its order would take
 * back now. Throws `not_found`, also for somebody else's.
 */
export async function explainReward(
  db: Queryable,
  rewardId: string,
  memberId: string,
  explorerUrl: string,
): Promise<RewardExplanation> {
  const { rows } = await db.query<RewardRow>('select * from reward where id = $1 and member_id = $2', [
    rewardId,
    memberId,
  ]);
  if (!rows[0]) throw new CodedError('not_found', `no reward ${rewardId}`);
  const reward = toReward(rows[0]);
  const order = await readOrder(db, reward);
  const { currency } = order;
  return {
    reward: viewReward(reward),
    order: {
      id: reward.orderId,
      at: order.created_at.toISOString(),
      charged: toMoney(currency, order.total_minor),
      refunded: toMoney(currency, order.refunded_minor),
    },
    product: order.product_id === null ? null : { id: order.product_id, name: order.name!, quantity: order.quantity! },
    cappedOff: toMoney('DOTM', subtract(reward.earned, reward.amount)),
    reversals: await readReversals(db, reward),
    uses: await readUses(db, reward.id, explorerUrl),
    ifRefunded: ifRefunded(reward, order.total_minor),
  };
}

async function readOrder(db: Queryable, reward: Reward): Promise<OrderRow> {
  const { rows } = await db.query<OrderRow>(
    `select o.currency, o.total_minor, o.refunded_minor, o.created_at, i.product_id, i.name, i.quantity
     from orders o left join order_item i on i.order_id = o.id and i.position = $2 where o.id = $1`,
    [reward.orderId, reward.position],
  );
  if (!rows[0]) throw new CodedError('internal', `reward ${reward.id} belongs to no order`);
  return rows[0];
}

/** Each refund's share as it was posted, oldest first. */
async function readReversals(db: Queryable, reward: Reward): Promise<RewardExplanation['reversals']> {
  const entries = (await entriesOf(db, reward.id)).filter(({ template }) => template === 'rewardReversed');
  return [...Map.groupBy(entries, ({ transferId }) => transferId).values()].map((legs) => {
    const on = (account: string) => legs.find((leg) => leg.account === account)?.amount ?? 0n;
    const noted = on(rewardSetOff(reward.memberId));
    return {
      at: legs[0]!.eventAt.toISOString(),
      amount: toMoney('DOTM', on(rewardIssuance) + noted),
      noted: toMoney('DOTM', noted),
    };
  });
}

interface UseRow extends PayoutRow {
  id: Id<'rewardUse'>;
  kind: 'payout' | 'credit' | 'set_off' | 'lapse';
  order_id: Id<'order'> | null;
  amount_wei: bigint;
  returned_wei: bigint;
  state: 'held' | 'final';
  made_at: Date;
  settled_at: Date | null;
}

async function readUses(db: Queryable, rewardId: string, explorerUrl: string): Promise<RewardExplanation['uses']> {
  const { rows } = await db.query<UseRow>(
    `select u.id, u.kind, u.order_id, u.amount_wei, u.returned_wei, u.state, u.made_at, u.settled_at, u.batch_id,
       case when u.state = 'final' and u.returned_wei = u.amount_wei then 'released' else b.state end as batch_state,
       b.tx_hash, b.block_number, b.block_at
     from reward_use u left join distribution_batch b on b.id = u.batch_id where u.reward_id = $1 order by u.id`,
    [rewardId],
  );
  return rows.map((row) => ({
    kind: row.kind,
    amount: toMoney('DOTM', row.amount_wei),
    returned: toMoney('DOTM', row.returned_wei),
    state: row.state,
    madeAt: row.made_at.toISOString(),
    settledAt: row.settled_at?.toISOString() ?? null,
    orderId: row.order_id,
    payout: viewPayout(row, explorerUrl),
  }));
}

/** Null where nothing would go any more, or nothing was charged. */
function ifRefunded(reward: Reward, total: bigint): RewardExplanation['ifRefunded'] {
  if (total === 0n) return null;
  const { amount, noted } = takeBack(reward, reversalTarget(reward, { total, refunded: total }));
  if (amount === 0n) return null;
  return { amount: toMoney('DOTM', amount), noted: toMoney('DOTM', noted) };
}
