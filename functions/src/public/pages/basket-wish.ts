import { assertPayable } from '../../domain/pricing/assert-payable.ts';
import type { BillingCycle } from '../../domain/pricing/catalog.ts';
import { findSavings } from '../../domain/pricing/find-savings.ts';
import { pricingCatalogOf, rewardRateOf } from '../../domain/pricing/from-view.ts';
import {
  priceBasket,
  type BasketItem,
  type PricedBasket,
  type PriceRequest,
} from '../../domain/pricing/price-basket.ts';
import { viewPrice, type TaxNote } from '../../domain/pricing/view-price.ts';
import type { CatalogView, Product } from '../../shared/api/catalog.ts';
import type { PricedBasketView } from '../../shared/api/pricing.ts';
import { CodedError } from '../../shared/errors.ts';
import type { Currency } from '../../shared/money.ts';
import type { Wish } from './wish.ts';

/** What was picked on the page that builds bundles. */
export interface BasketWish {
  /** How often what can be paid by the month or the year is paid. */
  readonly cycle: 'monthly' | 'annual';
  readonly quantities: ReadonlyMap<string, number>;
  /** A membership that the person says to have. */
  readonly membershipId: string | null;
}

/** As many as the API takes of one product. */
export const mostOfOne = 10;

/** Reads the picks: `p=<id>` for one of a product, `n.<id>=<how many>`, `join=<membership>`, `cycle`, `member`. */
export function readBasket(view: CatalogView, query: URLSearchParams): BasketWish {
  const picked = new Set([...query.getAll('p'), query.get('join')]);
  const quantities = new Map<string, number>();
  for (const product of view.products.filter(({ sellable }) => sellable)) {
    const asked = Number(query.get(`n.${product.id}`) ?? '0');
    const counted = Number.isSafeInteger(asked) && asked > 0 && isCounted(product) ? Math.min(asked, mostOfOne) : 0;
    const quantity = Math.max(counted, picked.has(product.id) ? 1 : 0);
    if (quantity > 0) quantities.set(product.id, quantity);
  }
  const member = query.get('member');
  const membership = view.products.find(({ id, kind }) => id === member && kind === 'membership');
  return {
    cycle: query.get('cycle') === 'annual' ? 'annual' : 'monthly',
    quantities,
    membershipId: membership?.id ?? null,
  };
}

/** Whether more than one can be bought at a time. */
export function isCounted(product: Product): boolean {
  return !product.oncePerPerson && product.prices.some(({ cycle }) => cycle === 'one_time');
}

/** What can be picked in a currency: everything that is sold with a price in it. */
export function pickable(view: CatalogView, currency: Currency): Product[] {
  return view.products.filter(({ sellable, prices }) => sellable && prices.some(({ unit }) => unit === currency));
}

/** The cycle in which a product is taken: the wished one where it has it, else its own. */
export function cycleOf(product: Product, wished: BasketWish['cycle'], currency: Currency): BillingCycle | undefined {
  const cycles = product.prices.filter(({ unit }) => unit === currency).map(({ cycle }) => cycle);
  return cycles.find((cycle) => cycle === wished) ?? cycles.find((cycle) => cycle === product.billing) ?? cycles[0];
}

/** The products that were picked, as the pricing engine takes them. */
export function itemsOf(view: CatalogView, wish: BasketWish, currency: Currency): BasketItem[] {
  return [...wish.quantities].flatMap(([productId, quantity]): BasketItem[] => {
    const product = view.products.find(({ id }) => id === productId);
    const cycle = product && cycleOf(product, wish.cycle, currency);
    return cycle === undefined ? [] : [{ productId, cycle, quantity }];
  });
}

/** What became of a basket: nothing picked, a price (payable or not in one go), or not sold there. */
export type BasketAnswer =
  | { readonly kind: 'empty' }
  | { readonly kind: 'unavailable' }
  | {
      readonly kind: 'priced';
      readonly items: readonly BasketItem[];
      readonly priced: PricedBasket;
      readonly shown: PricedBasketView;
      /** False where months and years would have to be paid together. */
      readonly payable: boolean;
    };

/** Prices what was picked, through the engine that every door prices through. Promotions are for the web app: they need a database. */
export function priceWish(
  view: CatalogView,
  wish: BasketWish,
  { currency, country }: Pick<Wish, 'currency' | 'country'>,
  taxNote: TaxNote,
): BasketAnswer {
  const items = itemsOf(view, wish, currency);
  if (items.length === 0) return { kind: 'empty' };
  const { membershipId } = wish;
  const rewardRate = rewardRateOf(view, currency);
  const request: PriceRequest = { items, currency, membershipId, country, promotion: null, rewardRate };
  const catalog = pricingCatalogOf(view);
  try {
    const priced = priceBasket(catalog, request);
    const shown = viewPrice(view, priced, { savings: findSavings(catalog, request), taxNote });
    return { kind: 'priced', items, priced, shown, payable: isPayable(view, items) };
  } catch (error) {
    if (error instanceof CodedError && error.code === 'catalog.product_unavailable') return { kind: 'unavailable' };
    throw error;
  }
}

function isPayable(view: CatalogView, items: readonly BasketItem[]): boolean {
  try {
    assertPayable(view, items);
    return true;
  } catch (error) {
    if (error instanceof CodedError && error.code === 'order.mixed_billing') return false;
    throw error;
  }
}

/** Writes picks back into an address; the other way of `readBasket`. */
export function basketQuery(wish: BasketWish, memberships: ReadonlySet<string>): [string, string][] {
  const picks = [...wish.quantities].map(([id, quantity]): [string, string] => {
    if (memberships.has(id)) return ['join', id];
    return quantity > 1 ? [`n.${id}`, String(quantity)] : ['p', id];
  });
  return [
    ...picks,
    ...(wish.cycle === 'annual' ? ([['cycle', 'annual']] as [string, string][]) : []),
    ...(wish.membershipId === null ? [] : ([['member', wish.membershipId]] as [string, string][])),
  ];
}
