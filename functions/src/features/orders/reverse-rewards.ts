import { rewardReversed } from '../../domain/ledger/templates.ts';
import { reversalTarget, takeBack } from '../../domain/rewards/take-back.ts';
import type { Tx } from '../../platform/db.ts';
import { addJob } from '../../platform/outbox.ts';
import { add } from '../../shared/money.ts';
import { post } from '../../store/ledger.ts';
import type { Order } from '../../store/orders.ts';
import { giveBackGrant } from '../../store/reward-grants.ts';
import { lockHolder } from '../../store/reward-holders.ts';
import { payOffNotes } from '../../store/reward-notes.ts';
import { readRewardsOf, recordReversal, type Reward } from '../../store/rewards.ts';

/**
 * Takes back the share of an order's rewards that belongs to what has been refunded of it by now, and all of what came once for it when
 * all of it has been. Computed from the sum refunded, not from the single refund: three thirds take back the whole, whatever the rounding.
 * What is on its way, paid or spent already becomes a note, which later rewards pay off. Nothing of an erased account: what it had has lapsed.
 * Safe to repeat. The caller has locked the order.
 */
export async function reverseRewards(
  tx: Tx,
  order: Pick<Order, 'id' | 'memberId' | 'total' | 'refunded'>,
  now: Date,
): Promise<void> {
  if (order.total === 0n || order.refunded === 0n) return;
  const holder = await lockHolder(tx, order.memberId);
  if (holder.erased) return;
  let noted = false;
  for (const reward of await readRewardsOf(tx, order.id)) {
    const amount = await reverseOne(tx, order, reward, now);
    noted ||= amount > 0n;
  }
  if (noted) await payOffNotes(tx, order.memberId, now);
}

/** Gives what became a note. */
async function reverseOne(
  tx: Tx,
  order: Pick<Order, 'id' | 'total' | 'refunded'>,
  reward: Reward,
  now: Date,
): Promise<bigint> {
  const target = reversalTarget(reward, order);
  const { amount, noted } = takeBack(reward, target);
  if (amount === 0n) return 0n;
  const { id: rewardId, memberId, free: available } = reward;
  const fromVested = reward.state !== 'pending';
  await post(
    tx,
    rewardReversed({ rewardId, orderId: order.id, memberId, amount, total: target, fromVested, available, at: now }),
  );
  const notedInAll = add(reward.noted, noted);
  await recordReversal(tx, rewardId, { reversed: target, noted: notedInAll });
  if (reward.kind !== 'purchase' && target === reward.amount) {
    if (notedInAll === 0n) await giveBackGrant(tx, rewardId);
    await offerAgain(tx, reward, now);
  }
  return noted;
}

/** What came once may be due for another order of the member's, which was not refunded. */
async function offerAgain(tx: Tx, { id, memberId }: Reward, now: Date): Promise<void> {
  await addJob(tx, { queue: 'projection', topic: 'reward.one_offs', key: id, payload: { memberId } }, now);
}
