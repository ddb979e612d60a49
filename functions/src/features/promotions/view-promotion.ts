import type { PromotionView } from '../../shared/api/promotions.ts';
import { toMoney } from '../../shared/money.ts';
import type { PromotionRecord } from '../../store/promotions.ts';

/** Puts a promotion in the form of the API. */
export function viewPromotion(promotion: PromotionRecord): PromotionView {
  const { amounts, startsAt, endsAt, endedAt, createdAt, ...rest } = promotion;
  return {
    ...rest,
    amounts: amounts.map(({ currency, minor }) => toMoney(currency, minor)),
    startsAt: startsAt.toISOString(),
    endsAt: endsAt?.toISOString() ?? null,
    endedAt: endedAt?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
  };
}
