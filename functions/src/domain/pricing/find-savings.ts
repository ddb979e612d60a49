import { minor, subtract, times, type Amount, type Currency } from '../../shared/money.ts';
import type { BillingCycle, PricingCatalog } from './catalog.ts';
import { isSoldIn, priceBasket, type BasketItem, type PriceRequest } from './price-basket.ts';

/**
 * A change that makes what somebody wants cheaper, and by how much. `pay_yearly`: all monthly lines paid for a year at once, compared
 * with twelve months. `complete_bundle`: one more product, `extra` more due now, `saving` off the full price of all. `join`: a membership whose
 * discount gives back more in a year than it costs; `saving` is what is left of it.
 */
export type Saving =
  | { readonly kind: 'pay_yearly'; readonly productIds: readonly string[]; readonly saving: Amount<Currency> }
  | {
      readonly kind: 'complete_bundle';
      readonly bundleId: string;
      readonly productId: string;
      readonly cycle: BillingCycle;
      readonly extra: Amount<Currency>;
      readonly saving: Amount<Currency>;
    }
  | { readonly kind: 'join'; readonly membershipId: string; readonly saving: Amount<Currency> };

const monthsPerYear = 12n;

/** What would make this basket cheaper, the largest saving first. Empty where it is as cheap as it gets. Throws as `priceBasket` does. */
export function findSavings(catalog: PricingCatalog, request: PriceRequest): Saving[] {
  const savings = [
    ...yearlyPayments(catalog, request),
    ...bundlesWithinReach(catalog, request),
    ...worthyMemberships(catalog, request),
  ];
  return savings.sort((a, b) => (a.saving === b.saving ? 0 : a.saving < b.saving ? 1 : -1));
}

/** One order can't hold months and years together, so it is all of the months or none. */
function yearlyPayments(catalog: PricingCatalog, request: PriceRequest): Saving[] {
  const monthly = request.items.filter((item) => item.cycle === 'monthly');
  const annual = monthly.map((item): BasketItem => ({ ...item, cycle: 'annual' }));
  if (monthly.length === 0 || annual.some((item) => !isSold(catalog, request, item))) return [];
  if (annual.some((item) => request.items.some((other) => isSame(other, item)))) return [];
  const rest = request.items.filter((item) => item.cycle !== 'monthly');
  const saving = yearOf(catalog, request) - yearOf(catalog, { ...request, items: [...rest, ...annual] });
  if (saving <= 0n) return [];
  const productIds = monthly.map((item) => item.productId).sort();
  return [{ kind: 'pay_yearly', productIds, saving: minor(request.currency, saving) }];
}

function bundlesWithinReach(catalog: PricingCatalog, request: PriceRequest): Saving[] {
  const now = priceBasket(catalog, request);
  return catalog.bundles.flatMap((bundle): Saving[] => {
    const ofKind = catalog.products.filter((product) => product.kind === bundle.kind);
    const inBasket = request.items.filter((item) => ofKind.some((product) => product.id === item.productId));
    const missing = bundle.minimumProducts - new Set(inBasket.map((item) => item.productId)).size;
    const cycle = inBasket[0]?.cycle;
    if (missing !== 1 || cycle === undefined) return [];
    const additions = ofKind
      .filter((product) => !inBasket.some((item) => item.productId === product.id))
      .map((product): BasketItem => ({ productId: product.id, cycle, quantity: 1 }))
      .filter((item) => isSold(catalog, request, item))
      .map((item) => ({ item, priced: priceBasket(catalog, { ...request, items: [...request.items, item] }) }))
      .filter(({ priced }) => priced.discount?.reason.id === bundle.id)
      .sort((a, b) => (a.priced.dueNow < b.priced.dueNow ? -1 : 1));
    const [cheapest] = additions;
    if (!cheapest?.priced.discount) return [];
    return [
      {
        kind: 'complete_bundle',
        bundleId: bundle.id,
        productId: cheapest.item.productId,
        cycle: cheapest.item.cycle,
        extra: subtract(cheapest.priced.dueNow, now.dueNow),
        saving: cheapest.priced.discount.amount,
      },
    ];
  });
}

function worthyMemberships(catalog: PricingCatalog, request: PriceRequest): Saving[] {
  const ids = new Set(catalog.memberDiscounts.map((discount) => discount.membershipId));
  return [...ids].flatMap((membershipId): Saving[] => {
    if (request.membershipId === membershipId) return [];
    if (request.items.some((item) => item.productId === membershipId)) return [];
    const prices = catalog.products.find((product) => product.id === membershipId)?.prices[request.currency];
    if (prices?.annual === undefined) return [];
    const saving = yearOf(catalog, request) - yearOf(catalog, { ...request, membershipId }) - prices.annual;
    return saving > 0n ? [{ kind: 'join', membershipId, saving: minor(request.currency, saving) }] : [];
  });
}

/** What renewals cost in a year: a promotion comes only once, so it is no part of it. */
function yearOf(catalog: PricingCatalog, request: PriceRequest): bigint {
  const { monthly, annual } = priceBasket(catalog, request).recurring;
  return times(monthly, monthsPerYear) + annual;
}

function isSold(catalog: PricingCatalog, { currency, country }: PriceRequest, item: BasketItem): boolean {
  const product = catalog.products.find((candidate) => candidate.id === item.productId);
  const price = product?.prices[currency]?.[item.cycle];
  if (!product || price === undefined || price <= 0n) return false;
  return country === null || isSoldIn(catalog, product, country);
}

function isSame(a: BasketItem, b: BasketItem): boolean {
  return a.productId === b.productId && a.cycle === b.cycle;
}
