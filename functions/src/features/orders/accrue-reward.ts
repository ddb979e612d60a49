import { rewardAccrued } from '../../domain/ledger/templates.ts';
import { readRewardRate } from '../../domain/pricing/from-view.ts';
import { spread } from '../../domain/pricing/spread.ts';
import { capDaily } from '../../domain/rewards/cap-daily.ts';
import { purchaseReward } from '../../domain/rewards/purchase-reward.ts';
import type { Services } from '../../platform/container.ts';
import type { Tx } from '../../platform/db.ts';
import { newId } from '../../platform/ids.ts';
import { addJob } from '../../platform/outbox.ts';
import { add, fromDecimal, minor, subtract, type Amount, type Currency } from '../../shared/money.ts';
import { readRewardRateOf } from '../../store/catalog.ts';
import { post } from '../../store/ledger.ts';
import { appendEvent } from '../../store/order-events.ts';
import { paidInMoney, type OrderItem } from '../../store/order-items.ts';
import type { Order } from '../../store/orders.ts';
import { accountHas, countGrants } from '../../store/reward-grants.ts';
import { lockHolder, type RewardHolder } from '../../store/reward-holders.ts';
import { insertReward, readEarnedToday } from '../../store/rewards.ts';

/**
 * Promises what the items of a delivered order earn, as pending, in the transaction of its delivery: no more for a member and a UTC day
 * than the daily cap. A founding reward follows as a job, so that nobody's delivery waits for who else is being counted. An erased account
 * earns nothing: nobody could claim it. Safe to repeat. The caller has locked the order, and its line before.
 */
export async function accrueRewards(tx: Tx, services: Services, order: Order, now: Date): Promise<void> {
  if (order.total === 0n) return;
  const holder = await lockHolder(tx, order.memberId);
  if (holder.erased) return;
  const earning = paidItems(order).filter(({ item, paid }) => item.rewardBasisPoints > 0 && paid > 0n);
  if (earning.length > 0) await accrueItems(tx, services, order, earning, now);
  await offerFounding(tx, services, order, holder, now);
}

interface PaidItem {
  item: OrderItem;
  /** What was really paid for it with money, before tax. */
  paid: Amount<Currency>;
}

/** A renewal may cost more than was collected for it: what the provider still owed the member was paid for, and has earned, before. */
function paidItems({ items, total, tax, currency }: Order): PaidItem[] {
  const prices = items.map(paidInMoney);
  const goods = subtract(total, tax);
  const shares = goods < add(...prices) ? spread(goods, prices) : prices;
  return items.map((item, index) => ({ item, paid: minor(currency, shares[index] ?? 0n) }));
}

async function accrueItems(
  tx: Tx,
  services: Services,
  order: Order,
  items: readonly PaidItem[],
  now: Date,
): Promise<void> {
  // By the catalogue that the order was made from, whatever is published since.
  const rate = await readRewardRateOf(tx, order.catalogVersion, order.currency);
  if (rate === null) return;
  const { id: orderId, memberId, currency } = order;
  const vestsAt = new Date(now.getTime() + services.policy.refundWindowDays * 86_400_000);
  for (const { item, paid } of items) {
    const { position, rewardBasisPoints: basisPoints } = item;
    const earned = purchaseReward({ paid, currency, basisPoints, rate: readRewardRate(rate) });
    if (earned === 0n) continue;
    const amount = capDaily(earned, {
      cap: fromDecimal('DOTM', services.policy.rewards.dailyCapDotm),
      before: await readEarnedToday(tx, memberId, now),
    });
    const id = newId('reward', now);
    const reward = { id, kind: 'purchase', orderId, position, memberId, currency, paid, basisPoints, rate } as const;
    if (!(await insertReward(tx, { ...reward, earned, amount, accruedAt: now, vestsAt }))) continue;
    // What the cap took is on the reward, not in the books: it was never promised.
    if (amount === 0n) continue;
    await post(tx, rewardAccrued({ rewardId: id, orderId, memberId, amount, at: now }));
    const capped = subtract(earned, amount);
    const evidence = {
      productId: item.productId,
      amountWei: amount.toString(),
      ...(capped > 0n ? { cappedWei: capped.toString() } : {}),
    };
    await appendEvent(tx, { orderId, kind: 'reward_accrued', key: String(position), evidence }, now);
  }
}

/** Has it looked into whether the member is among the first who paid: only while that may be, so that it costs nobody else a job. */
async function offerFounding(tx: Tx, services: Services, order: Order, holder: RewardHolder, now: Date): Promise<void> {
  // Verified later, it is looked into then.
  if (holder.verifiedEmail === null) return;
  if (services.policy.rewards.foundingMembers <= (await countGrants(tx, 'founding_member'))) return;
  if (await accountHas(tx, holder.memberId, 'founding_member')) return;
  const payload = { memberId: holder.memberId };
  await addJob(tx, { queue: 'projection', topic: 'reward.one_offs', key: order.id, payload }, now);
}
