import { fromDecimal, minorDigits } from '../../../../functions/src/shared/money.ts';
import type { Reward } from '../../../../functions/src/shared/api/rewards.ts';

/**
 * How a reward came about, for a sentence a member can check with a calculator: the plain percentage; times a rate that is
 * a round number; or, where a refund took a share back, only that.
 */
export type Explanation = { kind: 'plain' } | { kind: 'rate'; rate: number } | { kind: 'after-refund' };

/** Works the arithmetic of a reward backwards from what is on the wire, in integers. */
export function explainReward(reward: Pick<Reward, 'amount' | 'paid' | 'basisPoints'>): Explanation {
  const wei = fromDecimal('DOTM', reward.amount.amount);
  const cents = fromDecimal(reward.paid.unit, reward.paid.amount);
  const wholePercent = 10_000n * 10n ** BigInt(minorDigits(reward.paid.unit));
  const atOne = (cents * BigInt(reward.basisPoints) * 10n ** 18n) / wholePercent;
  if (atOne <= 0n) return { kind: 'plain' };
  if (wei === atOne) return { kind: 'plain' };
  const hundredths = (wei * 100n + atOne / 2n) / atOne;
  // A rate is a round number of hundredths; what a refund leaves rarely is, and below one half it is no rate of ours.
  const exact = (atOne * hundredths) / 100n;
  const off = exact > wei ? exact - wei : wei - exact;
  if (reward.paid.unit !== 'USD' && hundredths >= 50n && off <= 100n)
    return { kind: 'rate', rate: Number(hundredths) / 100 };
  return { kind: 'after-refund' };
}
