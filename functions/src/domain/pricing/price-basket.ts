import { CodedError } from '../../shared/errors.ts';
import { add, minor, subtract, times, type Amount, type Currency } from '../../shared/money.ts';
import { purchaseReward, type RewardRate } from '../rewards/purchase-reward.ts';
import type { BillingCycle, PricedProduct, PricingCatalog, Promotion } from './catalog.ts';
import { bestOffer, discountOffers, type DiscountOffer, type DiscountReason } from './discounts.ts';
import { spread } from './spread.ts';

/** What somebody wants to buy. */
export interface BasketItem {
  readonly productId: string;
  readonly cycle: BillingCycle;
  /** 1 or more. */
  readonly quantity: number;
}

/** Everything that a price depends on, besides the catalogue. */
export interface PriceRequest {
  readonly items: readonly BasketItem[];
  readonly currency: Currency;
  /** The membership that the buyer holds already; null for none. */
  readonly membershipId: string | null;
  /** Where it is to be used, ISO 3166-1 alpha-2; null where that is not known. */
  readonly country: string | null;
  readonly promotion: Promotion | null;
  readonly rewardRate: RewardRate;
}

/** One product in one cycle, in minor units of the basket's currency. `full - discount = total`. */
export interface PricedLine {
  readonly productId: string;
  readonly cycle: BillingCycle;
  readonly quantity: number;
  readonly unit: Amount<Currency>;
  readonly full: Amount<Currency>;
  readonly discount: Amount<Currency>;
  readonly total: Amount<Currency>;
  /** What it earns, in wei. */
  readonly reward: Amount<'DOTM'>;
}

/** A price with its reasons, before tax. */
export interface PricedBasket {
  readonly catalogVersion: number;
  readonly currency: Currency;
  /** Sorted by product and cycle, whatever order the items came in. */
  readonly lines: readonly PricedLine[];
  readonly discount: { readonly reason: DiscountReason; readonly amount: Amount<Currency> } | null;
  /** Due now: the sum of the lines' totals. */
  readonly dueNow: Amount<Currency>;
  /** Due at each renewal, with the discounts that come again; a promotion does not. */
  readonly recurring: Readonly<Record<Exclude<BillingCycle, 'one_time'>, Amount<Currency>>>;
  readonly reward: Amount<'DOTM'>;
}

/**
 * Prices a basket. Throws `request.invalid` naming the item when it is empty, names a product twice in a cycle or has no whole
 * quantity of at least 1, and `catalog.product_unavailable` when a product is not sold in this currency, cycle or country.
 */
export function priceBasket(catalog: PricingCatalog, request: PriceRequest): PricedBasket {
  const { currency, rewardRate } = request;
  const wanted = resolve(catalog, request);
  const offers = discountOffers(catalog, wanted, request);
  const chosen = bestOffer(offers);
  const discounts = discountsOf(wanted, chosen);
  const lines = wanted.map(({ product, cycle, quantity, unit, full }, index): PricedLine => {
    const discount = minor(currency, discounts[index] ?? 0n);
    const total = subtract(full, discount);
    const basisPoints = product.rewardBasisPoints;
    const reward = purchaseReward({ paid: total, currency, basisPoints, rate: rewardRate });
    return { productId: product.id, cycle, quantity, unit, full, discount, total, reward };
  });
  return {
    catalogVersion: catalog.version,
    currency,
    lines,
    discount: chosen && { reason: chosen.reason, amount: chosen.amount },
    dueNow: add(minor(currency, 0n), ...lines.map((line) => line.total)),
    recurring: recurringTotals(wanted, bestOffer(offers.filter((offer) => offer.recurs)), currency),
    reward: add(minor('DOTM', 0n), ...lines.map((line) => line.reward)),
  };
}

interface WantedLine {
  readonly product: PricedProduct;
  readonly cycle: BillingCycle;
  readonly quantity: number;
  readonly unit: Amount<Currency>;
  readonly full: Amount<Currency>;
}

function resolve(catalog: PricingCatalog, { items, currency, country }: PriceRequest): WantedLine[] {
  if (items.length === 0) throw invalid('items', 'is empty: name at least one product');
  const seen = new Set<string>();
  const lines = items.map(({ productId, cycle, quantity }, index) => {
    const name = `${productId}/${cycle}`;
    if (seen.has(name)) throw invalid(`items.${index}.productId`, `names ${name} twice: use quantity`);
    seen.add(name);
    if (!Number.isSafeInteger(quantity) || quantity < 1) {
      throw invalid(`items.${index}.quantity`, `must be a whole number from 1, got ${String(quantity)}`);
    }
    const product = catalog.products.find((candidate) => candidate.id === productId);
    const price = product?.prices[currency]?.[cycle];
    if (!product || price === undefined) {
      throw new CodedError('catalog.product_unavailable', `${name} is not sold in ${currency}`);
    }
    if (country !== null && product.countries?.includes(country) === false) {
      throw new CodedError('catalog.product_unavailable', `${productId} is not sold in ${country}`);
    }
    const unit = minor(currency, price);
    return { product, cycle, quantity, unit, full: times(unit, BigInt(quantity)) };
  });
  return lines.sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
}

function sortKey({ product, cycle }: WantedLine): string {
  return `${product.id}/${cycle}`;
}

/** What the offer takes off each line. */
function discountsOf(lines: readonly WantedLine[], offer: DiscountOffer | null): bigint[] {
  const discounts = lines.map(() => 0n);
  if (!offer) return discounts;
  const parts = spread(
    offer.amount,
    offer.lines.map((index) => lines[index]?.full ?? 0n),
  );
  offer.lines.forEach((index, part) => (discounts[index] = parts[part] ?? 0n));
  return discounts;
}

function recurringTotals(
  lines: readonly WantedLine[],
  offer: DiscountOffer | null,
  currency: Currency,
): PricedBasket['recurring'] {
  const discounts = discountsOf(lines, offer);
  const due = (cycle: BillingCycle): Amount<Currency> =>
    add(
      minor(currency, 0n),
      ...lines.flatMap((line, index) =>
        line.cycle === cycle ? [subtract(line.full, minor(currency, discounts[index] ?? 0n))] : [],
      ),
    );
  return { monthly: due('monthly'), annual: due('annual') };
}

function invalid(field: string, problem: string): CodedError {
  return new CodedError('request.invalid', `${field} ${problem}`, { fields: [{ field, problem }] });
}
