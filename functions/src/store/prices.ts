import type { Promotion } from '../domain/pricing/catalog.ts';
import { discountOffers } from '../domain/pricing/discounts.ts';
import { pricingCatalogOf, rewardRateOf } from '../domain/pricing/from-view.ts';
import { priceBasket, type BasketItem, type PricedBasket, type PriceRequest } from '../domain/pricing/price-basket.ts';
import { CodedError } from '../shared/errors.ts';
import type { Currency } from '../shared/money.ts';
import type { Queryable } from '../platform/db.ts';
import { readCatalog, type Catalog } from './catalog.ts';
import { readUsablePromotion } from './promotions.ts';
import { listHeldProducts } from './subscriptions.ts';

/** What somebody wants to buy, and what the price depends on. */
export interface PriceWish {
  items: readonly BasketItem[];
  currency: Currency;
  country: string | null;
  promotionCode: string | null;
}

/** Who buys: a member holds what they hold; of anybody else a membership is an assumption. */
export type Buyer = { memberId: string } | { memberId: null; membershipId: string | null };

/** A price with all that it was made from. */
export interface PriceToday {
  catalog: Catalog;
  request: PriceRequest;
  priced: PricedBasket;
}

/**
 * Prices a basket by today's catalogue. Of several memberships that a member holds, the one counts that makes it cheapest. Throws as
 * `priceBasket` does, `request.invalid` for a currency in which nothing is sold, and `promotion.unavailable` also for a code that takes
 * nothing off this basket.
 */
export async function priceToday(db: Queryable, wish: PriceWish, buyer: Buyer, now: Date): Promise<PriceToday> {
  const { items, currency, country, promotionCode } = wish;
  const catalog = await readCatalog(db, now);
  const rewardRate = rewardRateOf(catalog, currency);
  const promotion = promotionCode === null ? null : await usablePromotion(db, promotionCode, buyer, now);
  const request = { items, currency, country, promotion, rewardRate };
  const held = buyer.memberId === null ? [buyer.membershipId] : await listHeldProducts(db, buyer.memberId);
  const pricing = pricingCatalogOf(catalog);
  // A membership that brings no discount changes nothing: the price without one is always among them.
  const prices = [null, ...held].map((membershipId) => {
    const asked = { ...request, membershipId };
    return { catalog, request: asked, priced: priceBasket(pricing, asked) };
  });
  const best = prices.reduce((a, b) => (isCheaper(b.priced, a.priced) ? b : a));
  if (promotion) assertTakesSomethingOff(best, promotion);
  return best;
}

function usablePromotion(db: Queryable, code: string, { memberId }: Buyer, at: Date): Promise<Promotion> {
  return readUsablePromotion(db, code, { memberId, at });
}

function isCheaper(a: PricedBasket, b: PricedBasket): boolean {
  if (a.dueNow !== b.dueNow) return a.dueNow < b.dueNow;
  return a.recurring.monthly + a.recurring.annual < b.recurring.monthly + b.recurring.annual;
}

function assertTakesSomethingOff({ priced, request, catalog }: PriceToday, promotion: Promotion): void {
  const { products } = pricingCatalogOf(catalog);
  const lines = priced.lines.flatMap(({ productId, full }) => {
    const product = products.find((candidate) => candidate.id === productId);
    return product ? [{ product, full }] : [];
  });
  const alone = { bundles: [], memberDiscounts: [] };
  if (discountOffers(alone, lines, { ...request, promotion }).length > 0) return;
  throw new CodedError('promotion.unavailable', `promotion ${promotion.code} takes nothing off this basket`);
}
