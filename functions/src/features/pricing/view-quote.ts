import { findSavings } from '../../domain/pricing/find-savings.ts';
import { pricingCatalogOf, rewardRateOf } from '../../domain/pricing/from-view.ts';
import type { AppliedDiscount, PricedBasket, PricedLine } from '../../domain/pricing/price-basket.ts';
import { quotedDueNow, quotedTotal, type Quote } from '../../domain/pricing/quote.ts';
import { taxNoteOf } from '../../domain/pricing/tax-note.ts';
import { viewPrice } from '../../domain/pricing/view-price.ts';
import { purchaseReward } from '../../domain/rewards/purchase-reward.ts';
import type { Services } from '../../platform/container.ts';
import type { PricedBasketView } from '../../shared/api/pricing.ts';
import { add, minor, subtract, times } from '../../shared/money.ts';
import { readCatalogVersion, type Catalog } from '../../store/catalog.ts';

/** What a quote says, in the form of the API. */
export interface QuoteView {
  price: PricedBasketView;
  expiresAt: string;
  membershipId: string | null;
  country: string | null;
  promotionCode: string | null;
}

/** Puts a quote in the form of the API: its own amounts, with the names and rewards of its own version of the catalogue. */
export async function viewQuote(services: Services, quote: Quote): Promise<QuoteView> {
  const catalog = await readCatalogVersion(services.db, quote.catalogVersion);
  const { currency, country, membershipId, promotionCode, lines, expiresAt } = quote;
  const rewardRate = rewardRateOf(catalog, currency);
  // Without the promotion: what it takes off is in the quote already, and what is suggested beside it comes again.
  const asked = { items: lines, currency, country, membershipId, promotion: null, rewardRate };
  const savings = findSavings(pricingCatalogOf(catalog), asked);
  const price = viewPrice(catalog, pricedAs(catalog, quote), { savings, taxNote: taxNoteOf(services.policy) });
  return { price, expiresAt: expiresAt.toISOString(), membershipId, country, promotionCode };
}

/** The quoted amounts in the engine's form. */
function pricedAs(catalog: Catalog, quote: Quote): PricedBasket {
  const { currency } = quote;
  const none = minor(currency, 0n);
  const rate = rewardRateOf(catalog, currency);
  const lines = quote.lines.map((line): PricedLine => {
    const total = quotedTotal(line);
    const basisPoints = catalog.products.find(({ id }) => id === line.productId)?.rewardBasisPoints ?? 0;
    const reward = purchaseReward({ paid: total, currency, basisPoints, rate });
    return { ...line, full: times(line.unit, BigInt(line.quantity)), total, reward };
  });
  const applied = (
    reason: Quote['discount'],
    of: (line: PricedLine) => PricedLine['discount'],
  ): AppliedDiscount | null => reason && { reason, amount: add(none, ...lines.map(of)) };
  const due = (cycle: PricedLine['cycle']) =>
    add(none, ...lines.flatMap((line) => (line.cycle === cycle ? [subtract(line.full, line.renewalDiscount)] : [])));
  return {
    catalogVersion: quote.catalogVersion,
    currency,
    lines,
    discount: applied(quote.discount, (line) => line.discount),
    renewalDiscount: applied(quote.renewalDiscount, (line) => line.renewalDiscount),
    dueNow: quotedDueNow(quote),
    recurring: { monthly: due('monthly'), annual: due('annual') },
    reward: add(minor('DOTM', 0n), ...lines.map((line) => line.reward)),
  };
}
