import { assertPayable } from '../../domain/pricing/assert-payable.ts';
import { quoteOf } from '../../domain/pricing/quote.ts';
import type { PublicContext } from '../../platform/operations.ts';
import { signQuote } from '../../platform/quotes/sign-quote.ts';
import type { Basket, PricedBasketView } from '../../shared/api/pricing.ts';
import { priceWish, viewToday } from './price-wish.ts';

/** A price that is kept, and where it is paid. */
export interface OfferedQuote {
  quote: string;
  expiresAt: string;
  checkoutUrl: string;
  price: PricedBasketView;
}

/** Prices a basket and signs the price, for 30 minutes. Throws as `priceWish` does, and for what can't be paid as `assertPayable` does. */
export async function offerQuote(context: PublicContext, basket: Basket): Promise<OfferedQuote> {
  const { services } = context;
  const today = await priceWish(context, basket);
  assertPayable(today.catalog, basket.items);
  const { country, promotionCode } = basket;
  const { membershipId } = today.request;
  const quote = quoteOf(today.priced, { country, membershipId, promotionCode }, services.clock.now());
  const token = await signQuote(services.quoteKeys(), quote);
  return {
    quote: token,
    expiresAt: quote.expiresAt.toISOString(),
    checkoutUrl: `${services.policy.appUrl}/checkout?quote=${token}`,
    price: viewToday(context, today),
  };
}
