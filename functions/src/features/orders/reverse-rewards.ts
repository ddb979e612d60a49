import { rewardReversed } from '../../domain/ledger/templates.ts';
import type { Tx } from '../../platform/db.ts';
import { minor, shareRoundedDown } from '../../shared/money.ts';
import { post } from '../../store/ledger.ts';
import type { Order } from '../../store/orders.ts';
import { lockRewardsOf, recordReversal } from '../../store/rewards.ts';

/**
 * Takes back the share of an order's rewards that belongs to what has been refunded of it by now. Computed from the sum refunded, not
 * from the single refund: three thirds take back the whole, whatever the rounding. Safe to repeat.
 */
export async function reverseRewards(tx: Tx, order: Order, now: Date): Promise<void> {
  if (order.total === 0n) return;
  const refunded = order.refunded > order.total ? order.total : order.refunded;
  for (const reward of await lockRewardsOf(tx, order.id)) {
    const kept = shareRoundedDown(reward.amount, order.total - refunded, order.total);
    const target = minor('DOTM', reward.amount - kept);
    const amount = minor('DOTM', target - reward.reversed);
    if (amount <= 0n) continue;
    const { id: rewardId, memberId } = reward;
    const fromVested = reward.state === 'vested';
    await post(
      tx,
      rewardReversed({ rewardId, orderId: order.id, memberId, amount, total: target, fromVested, at: now }),
    );
    await recordReversal(tx, rewardId, target);
  }
}
