import { minor, negate, subtract, type Amount } from '../../shared/money.ts';
import { rewardIssuance, rewardSetOff, rewardSetOffTotal, rewardsPending, rewardsVested } from './accounts.ts';
import { makePosting, type Posting } from './posting.ts';
import { requirePositive, transferBetween } from './transfer-between.ts';

interface OfReward {
  rewardId: string;
  memberId: string;
  /** Above zero, in wei. */
  amount: Amount<'DOTM'>;
  at: Date;
}

/** A purchase has earned tokens; they stay pending during the refund window. Once per reward. */
export function rewardAccrued({ rewardId, orderId, memberId, amount, at }: OfReward & { orderId: string }): Posting {
  return transferBetween({
    key: `${rewardId}/rewardAccrued`,
    template: 'rewardAccrued',
    from: rewardIssuance,
    to: rewardsPending(memberId),
    unit: 'DOTM',
    amount,
    at,
    meta: { rewardId, orderId, memberId },
  });
}

/**
 * The refund window has closed: pending tokens are the member's for good, less `setOff`, which pays back what an earlier, refunded
 * purchase had already paid out. `setOff` is at most the balance of the member's set-off account, else the ledger refuses it.
 * Once per reward. Throws RangeError unless 0 <= setOff <= amount.
 */
export function rewardVested({
  rewardId,
  memberId,
  amount,
  at,
  setOff,
}: OfReward & { setOff?: Amount<'DOTM'> }): Posting {
  const key = `${rewardId}/rewardVested`;
  const back = setOff ?? minor('DOTM', 0n);
  requirePositive(key, amount);
  if (back < 0n || back > amount)
    throw new RangeError(`${key} cannot set off ${String(back)} of ${String(amount)} wei`);
  return makePosting({
    key,
    template: 'rewardVested',
    eventAt: at,
    legs: [
      { account: rewardsPending(memberId), unit: 'DOTM', amount: negate(amount) },
      { account: rewardsVested(memberId), unit: 'DOTM', amount: subtract(amount, back) },
      { account: rewardIssuance, unit: 'DOTM', amount: back },
      { account: rewardSetOff(memberId), unit: 'DOTM', amount: negate(back) },
      { account: rewardSetOffTotal, unit: 'DOTM', amount: back },
    ],
    meta: { rewardId, memberId },
  });
}

/**
 * A purchase was refunded, so its reward goes back: out of pending tokens, or out of vested ones when it has vested. `available` is
 * what the vested account still holds, when some of it was paid out; what is missing becomes a set-off against future rewards and
 * never a debt. `total` is all that has been taken back of this reward with this posting, which makes each step its own.
 */
export function rewardReversed(
  reversal: OfReward & { orderId: string; total: Amount<'DOTM'>; fromVested: boolean; available?: Amount<'DOTM'> },
): Posting {
  const { rewardId, orderId, memberId, amount, total, fromVested, available } = reversal;
  const key = `${rewardId}/rewardReversed/${String(total)}`;
  requirePositive(key, amount);
  const limited = fromVested && available !== undefined && available < amount;
  const taken = limited ? available : amount;
  const missing = subtract(amount, taken);
  return makePosting({
    key,
    template: 'rewardReversed',
    eventAt: reversal.at,
    legs: [
      { account: fromVested ? rewardsVested(memberId) : rewardsPending(memberId), unit: 'DOTM', amount: negate(taken) },
      { account: rewardIssuance, unit: 'DOTM', amount: taken },
      { account: rewardSetOff(memberId), unit: 'DOTM', amount: missing },
      { account: rewardSetOffTotal, unit: 'DOTM', amount: negate(missing) },
    ],
    meta: { rewardId, orderId, memberId, total: String(total) },
  });
}
