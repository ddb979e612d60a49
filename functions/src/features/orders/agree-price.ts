import { quoteOf, type Quote } from '../../domain/pricing/quote.ts';
import type { Services } from '../../platform/container.ts';
import type { Tx } from '../../platform/db.ts';
import { verifyQuote } from '../../platform/quotes/verify-quote.ts';
import type { CheckoutWish } from '../../shared/api/orders.ts';
import { CodedError } from '../../shared/errors.ts';
import { readCatalog } from '../../store/catalog.ts';
import { priceToday, type PriceWish } from '../../store/prices.ts';
import { listHeldProducts } from '../../store/subscriptions.ts';

/** The price that an order is placed at, and when it was told to the buyer. */
export interface Agreed {
  quote: Quote;
  /** Null for a price that is made with the order. */
  quotedAt: Date | null;
}

/**
 * Says at what price a member buys: that of the quote that they bring, or today's. Throws `request.invalid` naming the field, for a quote
 * `quote.expired`, `quote.altered` and `quote.membership_required`, for items as `priceToday` does.
 */
export async function agreePrice(tx: Tx, services: Services, memberId: string, wish: CheckoutWish): Promise<Agreed> {
  const now = services.clock.now();
  if (wish.quote !== undefined) {
    assertQuoteAlone(wish);
    const quote = await verifyQuote(services.quoteKeys(), wish.quote, now);
    await assertMembership(tx, memberId, quote);
    return { quote, quotedAt: quote.issuedAt };
  }
  const asked = await readWish(tx, wish, now);
  const { priced, request } = await priceToday(tx, asked, { memberId }, now);
  const { country, promotionCode } = asked;
  return {
    quote: quoteOf(priced, { country, promotionCode, membershipId: request.membershipId }, now),
    quotedAt: null,
  };
}

function assertQuoteAlone(wish: CheckoutWish): void {
  const other = (['items', 'currency', 'promotionCode', 'country'] as const).find((name) => wish[name] !== undefined);
  if (other) throw invalid(other, 'is said by the quote');
}

/** Whoever was quoted a member's price has to be that member, now. */
async function assertMembership(tx: Tx, memberId: string, quote: Quote): Promise<void> {
  const isMemberPrice = quote.discount?.kind === 'member' || quote.renewalDiscount?.kind === 'member';
  if (!isMemberPrice || quote.membershipId === null) return;
  if ((await listHeldProducts(tx, memberId)).includes(quote.membershipId)) return;
  throw new CodedError('quote.membership_required', `the quote is for who holds ${quote.membershipId}`);
}

/** Adds what may be left out: the cycle that a product is offered in first. */
async function readWish(tx: Tx, wish: CheckoutWish, now: Date): Promise<PriceWish> {
  const { items, currency, promotionCode, country } = wish;
  if (items === undefined || currency === undefined) {
    throw new CodedError('request.invalid', 'a checkout needs items and a currency, or a quote', {
      fields: [
        ...(items === undefined ? [{ field: 'items', problem: 'is missing: name products, or bring a quote' }] : []),
        ...(currency === undefined ? [{ field: 'currency', problem: 'is missing' }] : []),
      ],
    });
  }
  const { products } = await readCatalog(tx, now);
  return {
    currency,
    country: country ?? null,
    promotionCode: promotionCode ?? null,
    items: items.map(({ productId, cycle, quantity }) => {
      const billing = products.find(({ id }) => id === productId)?.billing;
      if (cycle !== undefined) return { productId, cycle, quantity };
      if (billing !== undefined && billing !== 'free') return { productId, cycle: billing, quantity };
      throw new CodedError('catalog.product_unavailable', `${productId} is not for sale`);
    }),
  };
}

function invalid(field: string, problem: string): CodedError {
  return new CodedError('request.invalid', `${field} ${problem}`, { fields: [{ field, problem }] });
}
