import { minor, shareRoundedDown, subtract, type Amount } from '../../shared/money.ts';

/** What the arithmetic of a refund needs to know of a reward. */
export interface ReversibleReward {
  kind: 'purchase' | 'new_member' | 'founding_member';
  state: 'pending' | 'vested' | 'reversed';
  amount: Amount<'DOTM'>;
  reversed: Amount<'DOTM'>;
  free: Amount<'DOTM'>;
}

/**
 * All that is to be taken back of a reward when `refunded` of the `total` (above zero) that was charged for its order has gone back. A
 * purchase's reward keeps the share of what was kept, rounded down; a one-off goes as a whole with the whole order, and not before.
 */
export function reversalTarget(
  reward: Pick<ReversibleReward, 'kind' | 'amount'>,
  order: { total: bigint; refunded: bigint },
): Amount<'DOTM'> {
  const { total } = order;
  const refunded = order.refunded > total ? total : order.refunded;
  if (reward.kind !== 'purchase') return refunded === total ? reward.amount : minor('DOTM', 0n);
  return subtract(reward.amount, shareRoundedDown(reward.amount, total - refunded, total));
}

/**
 * What has to go so that `target` of a reward is taken back in all, and what of it becomes a note because it is in use. What was
 * taken back once stays so: a lower target takes nothing.
 */
export function takeBack(
  reward: Omit<ReversibleReward, 'kind'>,
  target: Amount<'DOTM'>,
): { amount: Amount<'DOTM'>; noted: Amount<'DOTM'> } {
  if (target <= reward.reversed) return { amount: minor('DOTM', 0n), noted: minor('DOTM', 0n) };
  const amount = subtract(target, reward.reversed);
  const available = reward.state === 'pending' ? amount : reward.free;
  return { amount, noted: available < amount ? subtract(amount, available) : minor('DOTM', 0n) };
}
