import type { Handler, PublicContext } from '../../platform/operations.ts';
import { verifyQuote } from '../../platform/quotes/verify-quote.ts';
import type { Basket } from '../../shared/api/pricing.ts';
import { CodedError } from '../../shared/errors.ts';
import { offerQuote, type OfferedQuote } from './offer-quote.ts';
import { viewQuote } from './view-quote.ts';

/**
 * A fresh quote for what an older one was for, with the old price beside it. A signed-in caller gets the price of what they hold; a code
 * that can no longer be used is left out, and that is said. Throws `quote.altered`, and as `offerQuote` does.
 */
export const refreshQuote: Handler<'refreshQuote'> = async (context, input) => {
  const { services } = context;
  const quote = await verifyQuote(services.quoteKeys(), input.quote, services.clock.now(), { evenExpired: true });
  const { currency, country, membershipId, promotionCode } = quote;
  const items = quote.lines.map(({ productId, cycle, quantity }) => ({ productId, cycle, quantity }));
  const basket = { items, currency, country, membershipId, promotionCode };
  const old = await viewQuote(services, quote);
  return { ...(await offerWithoutLostCode(context, basket)), old };
};

async function offerWithoutLostCode(
  context: PublicContext,
  basket: Basket,
): Promise<OfferedQuote & { promotionGone: boolean }> {
  try {
    return { ...(await offerQuote(context, basket)), promotionGone: false };
  } catch (error) {
    if (!(error instanceof CodedError) || error.code !== 'promotion.unavailable') throw error;
    return { ...(await offerQuote(context, { ...basket, promotionCode: null })), promotionGone: true };
  }
}
