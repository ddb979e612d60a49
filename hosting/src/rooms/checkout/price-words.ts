import type { PricedBasketView } from '../../../../functions/src/shared/api/pricing.ts';
import type { Money } from '../../../../functions/src/shared/money.ts';
import { formatBasisPoints, formatPrice } from '../../format/money.ts';
import type { Text } from '../../i18n/text.ts';

type Discount = NonNullable<PricedBasketView['discount']>;

/** Says why something is taken off: "Bundle price, 15% off". */
export function discountText({ kind, id, basisPoints }: Discount, t: Text): string {
  if (kind === 'promotion') {
    if (basisPoints === null) return t('discount.code', { code: id });
    return t('discount.codePercent', { code: id, percent: formatBasisPoints(basisPoints, t.locale) });
  }
  return t(`discount.${kind}`, { percent: formatBasisPoints(basisPoints ?? 0, t.locale) });
}

/** Writes what is taken off: "−$2.40". */
export function takenOff(amount: Money, t: Text): string {
  return formatPrice({ ...amount, amount: `-${amount.amount}` }, t.locale);
}

/** Whether an amount on the wire is more than nothing. */
export function isSome({ amount }: Money): boolean {
  return Number(amount) > 0;
}

/** Says what is due at each renewal: "$13.60 a month"; null where nothing renews. */
export function renewalText({ recurring }: PricedBasketView, t: Text): string | null {
  const parts = (['monthly', 'annual'] as const)
    .filter((cycle) => isSome(recurring[cycle]))
    .map((cycle) => `${formatPrice(recurring[cycle], t.locale)} ${t(`plans.per.${cycle}`)}`);
  return parts.length === 0 ? null : parts.join(' + ');
}
