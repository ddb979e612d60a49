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
  /** What is taken off at each renewal; 0 for what is paid once. */
  readonly renewalDiscount: Amount<Currency>;
  /** What it earns, in wei. */
  readonly reward: Amount<'DOTM'>;
}

/** What is taken off, and why. */
export interface AppliedDiscount {
  readonly reason: DiscountReason;
  /** Above zero. */
  readonly amount: Amount<Currency>;
}

/** A price with its reasons, before tax. */
export interface PricedBasket {
  readonly catalogVersion: number;
  readonly currency: Currency;
  /** Sorted by product and cycle, whatever order the items came in. */
  readonly lines: readonly PricedLine[];
  readonly discount: AppliedDiscount | null;
  /** What is taken off each renewal, all lines together; null where nothing comes again. Never a promotion. */
  readonly renewalDiscount: AppliedDiscount | null;
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
  const renewal = renewalOffer(wanted, offers, currency);
  const renewalDiscounts = renewal === chosen ? discounts : discountsOf(wanted, renewal);
  const lines = wanted.map(({ product, cycle, quantity, unit, full }, index): PricedLine => {
    const discount = minor(currency, discounts[index] ?? 0n);
    const total = subtract(full, discount);
    const basisPoints = product.rewardBasisPoints;
    const reward = purchaseReward({ paid: total, currency, basisPoints, rate: rewardRate });
    const renewalDiscount = minor(currency, renewalDiscounts[index] ?? 0n);
    return { productId: product.id, cycle, quantity, unit, full, discount, total, renewalDiscount, reward };
  });
  return {
    catalogVersion: catalog.version,
    currency,
    lines,
    discount: chosen && { reason: chosen.reason, amount: chosen.amount },
    renewalDiscount: renewal && { reason: renewal.reason, amount: renewal.amount },
    dueNow: add(minor(currency, 0n), ...lines.map((line) => line.total)),
    recurring: { monthly: dueEach('monthly', lines, currency), annual: dueEach('annual', lines, currency) },
    reward: add(minor('DOTM', 0n), ...lines.map((line) => line.reward)),
  };
}

interface WantedLine {
  /** Product and cycle: what lines are sorted by, and what may stand in a basket once. */
  readonly key: string;
  readonly product: PricedProduct;
  readonly cycle: BillingCycle;
  readonly quantity: number;
  readonly unit: Amount<Currency>;
  readonly full: Amount<Currency>;
}

/** Products by id: a catalogue never changes, so that it is looked through once. */
const indexes = new WeakMap<PricingCatalog, ReadonlyMap<string, PricedProduct>>();

function productsById(catalog: PricingCatalog): ReadonlyMap<string, PricedProduct> {
  let index = indexes.get(catalog);
  if (!index) {
    index = new Map(catalog.products.map((product) => [product.id, product]));
    indexes.set(catalog, index);
  }
  return index;
}

function resolve(catalog: PricingCatalog, request: PriceRequest): WantedLine[] {
  const { items } = request;
  if (items.length === 0) throw invalid('items', 'is empty: name at least one product');
  const products = productsById(catalog);
  const seen = new Set<string>();
  const lines = items.map((item, index) => {
    const line = resolveItem(catalog, products.get(item.productId), request, item, index);
    if (seen.has(line.key)) throw invalid(`items.${index}.productId`, `names ${line.key} twice: use quantity`);
    seen.add(line.key);
    return line;
  });
  return lines.sort((a, b) => (a.key < b.key ? -1 : 1));
}

function resolveItem(
  catalog: PricingCatalog,
  product: PricedProduct | undefined,
  { currency, country }: PriceRequest,
  { productId, cycle, quantity }: BasketItem,
  index: number,
): WantedLine {
  if (!Number.isSafeInteger(quantity) || quantity < 1) {
    throw invalid(`items.${index}.quantity`, `must be a whole number from 1, got ${String(quantity)}`);
  }
  const key = `${productId}/${cycle}`;
  const price = product?.prices[currency]?.[cycle];
  if (!product || price === undefined) {
    throw new CodedError('catalog.product_unavailable', `${key} is not sold in ${currency}`);
  }
  if (country !== null && !isSoldIn(catalog, product, country)) {
    throw new CodedError('catalog.product_unavailable', `${productId} is not sold in ${country}`);
  }
  const unit = minor(currency, price);
  const full = quantity === 1 ? unit : times(unit, BigInt(quantity));
  return { key, product, cycle, quantity, unit, full };
}

/** Whether a product is sold in a country, ISO 3166-1 alpha-2. */
export function isSoldIn(catalog: PricingCatalog, product: PricedProduct, country: string): boolean {
  return !catalog.excludedCountries.includes(country) && product.countries?.includes(country) !== false;
}

/** What the offer takes off each line. */
function discountsOf(lines: readonly WantedLine[], offer: DiscountOffer | null): readonly bigint[] {
  const discounts = new Array<bigint>(lines.length).fill(0n);
  if (!offer) return discounts;
  const parts = spread(
    offer.amount,
    offer.lines.map((index) => lines[index]?.full ?? 0n),
  );
  for (let part = 0; part < parts.length; part += 1) discounts[offer.lines[part] ?? 0] = parts[part] ?? 0n;
  return discounts;
}

/**
 * The offer that takes most off the renewals, cut down to the lines that renew: what is paid once is not there to be made cheaper again.
 * Null where none comes again.
 */
function renewalOffer(
  lines: readonly WantedLine[],
  offers: readonly DiscountOffer[],
  currency: Currency,
): DiscountOffer | null {
  const recurring: DiscountOffer[] = [];
  for (const offer of offers) {
    if (!offer.recurs) continue;
    const renewing = offer.lines.filter((index) => lines[index]?.cycle !== 'one_time');
    if (renewing.length === offer.lines.length) {
      recurring.push(offer);
      continue;
    }
    const discounts = discountsOf(lines, offer);
    const amount = renewing.reduce((sum, index) => sum + (discounts[index] ?? 0n), 0n);
    if (amount > 0n) recurring.push({ ...offer, lines: renewing, amount: minor(currency, amount) });
  }
  return bestOffer(recurring);
}

function dueEach(cycle: BillingCycle, lines: readonly PricedLine[], currency: Currency): Amount<Currency> {
  let due = minor(currency, 0n);
  for (const line of lines) if (line.cycle === cycle) due = add(due, subtract(line.full, line.renewalDiscount));
  return due;
}

function invalid(field: string, problem: string): CodedError {
  return new CodedError('request.invalid', `${field} ${problem}`, { fields: [{ field, problem }] });
}
