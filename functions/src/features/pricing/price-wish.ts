import { findSavings } from '../../domain/pricing/find-savings.ts';
import { pricingCatalogOf } from '../../domain/pricing/from-view.ts';
import { taxNoteOf } from '../../domain/pricing/tax-note.ts';
import { viewPrice } from '../../domain/pricing/view-price.ts';
import type { PublicContext } from '../../platform/operations.ts';
import { countMisses } from '../../platform/rate-limit.ts';
import type { Basket, PricedBasketView } from '../../shared/api/pricing.ts';
import { currentMember } from '../../store/members.ts';
import { priceToday, type Buyer, type PriceToday } from '../../store/prices.ts';

/** Codes that don't exist, by caller: who has one in hand mistypes it a few times, and who searches for one has to give up. */
const guesses = { calls: 10, windowSeconds: 3600 };

/**
 * Prices a basket for the caller: a signed-in one with what they hold, anybody else with the membership that they say. Wrong codes are
 * counted, so that nobody finds one by trying. Throws as `priceToday` does, and `request.rate_limited`.
 */
export async function priceWish(context: PublicContext, basket: Basket): Promise<PriceToday> {
  const { services, caller } = context;
  const buyer = await buyerOf(context, basket.membershipId);
  const now = services.clock.now();
  const price = () => priceToday(services.db, basket, buyer, now);
  if (basket.promotionCode === null) return price();
  // The operation's name is what an erasure looks behind for the uid: see store/erasure.ts.
  return countMisses(services.db, `promotionCode:${caller}`, guesses, now, 'promotion.unavailable', price);
}

async function buyerOf({ services, identity }: PublicContext, membershipId: string | null): Promise<Buyer> {
  if (!identity) return { memberId: null, membershipId };
  const member = await currentMember(services.db, identity, services.clock.now());
  return { memberId: member.id };
}

/** Today's price as every door shows it. */
export function viewToday({ services }: PublicContext, { catalog, request, priced }: PriceToday): PricedBasketView {
  const savings = findSavings(pricingCatalogOf(catalog), request);
  return viewPrice(catalog, priced, { savings, taxNote: taxNoteOf(services.policy) });
}
