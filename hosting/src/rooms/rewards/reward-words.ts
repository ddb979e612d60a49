import type { Reward } from '../../../../functions/src/shared/api/rewards.ts';
import { fromDecimal } from '../../../../functions/src/shared/money.ts';
import { formatBasisPoints, formatExactTokens, formatNumber, formatPrice } from '../../format/money.ts';
import { formatDay } from '../../format/time.ts';
import type { Text } from '../../i18n/text.ts';

/** The colour of a state; the word stands beside it. */
export const rewardTones = {
  pending: 'busy',
  vested: 'good',
  reversed: 'warn',
} as const satisfies Record<Reward['state'], string>;

/** Why a reward is what it is, in a line: a sum that a calculator gives too, or the reason of what comes once. */
export function rewardReason(reward: Reward, t: Text): string {
  if (reward.kind !== 'purchase') return t(`rewards.why.${reward.kind}`);
  return t('rewards.why.sum', {
    paid: formatPrice(reward.paid, t.locale),
    percent: formatBasisPoints(reward.basisPoints, t.locale),
    rate: formatNumber(reward.rate ?? '1', t.locale),
    earned: formatExactTokens(reward.earned, t.locale),
  });
}

/** From when a reward is the member's, or that it was taken back. */
export function rewardWhen(reward: Reward, t: Text): string {
  if (reward.state === 'pending') return t('rewards.vestsOn', { day: formatDay(reward.vestsAt, t.locale) });
  if (reward.state === 'reversed') return t('rewards.explain.accrued', { day: formatDay(reward.accruedAt, t.locale) });
  return t('rewards.vestedOn', { day: formatDay(reward.vestedAt ?? reward.vestsAt, t.locale) });
}

/** Says whether there is anything of an amount of tokens. */
export function isSome(tokens: Reward['amount']): boolean {
  return fromDecimal('DOTM', tokens.amount) !== 0n;
}
