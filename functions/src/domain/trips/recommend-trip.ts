import type { CatalogView, Product } from '../../shared/api/catalog.ts';
import { CodedError } from '../../shared/errors.ts';
import type { Currency } from '../../shared/money.ts';
import { isCountryCode } from '../places/country-name.ts';
import type { PricingCatalog } from '../pricing/catalog.ts';
import { pricingCatalogOf, rewardRateOf } from '../pricing/from-view.ts';
import { isSoldIn, priceBasket, type BasketItem, type PricedBasket } from '../pricing/price-basket.ts';
import { dataNeed, type TripUse } from './data-need.ts';
import { isRoamingFree } from './free-roaming.ts';
import { sufficientBaskets, usableBytes, type DataPack } from './sufficient-baskets.ts';

/** A trip, as somebody plans it. */
export interface TripWish {
  /** ISO 3166-1 alpha-2 codes, in any order. */
  readonly countries: readonly string[];
  /** 1 to 365. */
  readonly days: number;
  /** By habit, or as many gigabytes as they say: 0 to 1,000. */
  readonly use: TripUse | { readonly gigabytes: number };
  readonly currency: Currency;
  readonly membershipId: string | null;
  /** Where their contract is from; null where that is not known. */
  readonly home?: string | null;
  /** Products for one purchase only that they have had. */
  readonly alreadyHad?: readonly string[];
}

/** Something to buy for the trip. */
export interface TripPlan {
  readonly items: readonly BasketItem[];
  readonly price: PricedBasket;
  /** What it holds that can be used on this trip. */
  readonly usableBytes: bigint;
}

/**
 * `starter_is_enough`: the smallest that we sell will do. `expires`: part of it ends before or with the trip. `free_roaming_likely`: the
 * contract from home most likely works there; look into that first. `part_not_served`: for the other countries of the trip only.
 */
export type TripReason = 'starter_is_enough' | 'expires' | 'free_roaming_likely' | 'part_not_served';

/** Another basket: `no_expiry`: what is left over can be used on the next trip; `more_room`: half as much data again. */
export interface TripAlternative {
  readonly why: 'no_expiry' | 'more_room';
  readonly plan: TripPlan;
}

/**
 * What to buy for a trip. `nothing_needed`: no data is asked for, or it is at home. `not_served`: we sell nothing there. `too_much`: more
 * than one order can hold.
 */
export type TripAnswer =
  | {
      readonly kind: 'recommended';
      readonly neededBytes: bigint;
      readonly plan: TripPlan;
      readonly reasons: readonly TripReason[];
      readonly alternatives: readonly TripAlternative[];
      readonly notServed: readonly string[];
    }
  | { readonly kind: 'nothing_needed'; readonly reason: 'no_data' | 'at_home' }
  | { readonly kind: 'not_served'; readonly countries: readonly string[] }
  | { readonly kind: 'too_much'; readonly neededBytes: bigint };

const maxDays = 365;
const maxCountries = 30;
const maxGigabytes = 1_000;

/**
 * Recommends the cheapest basket that is enough for a trip, and says so when less than a purchase is enough. It never recommends what is
 * not sold in each country of the trip that we serve. Throws `request.invalid` naming the field that makes no sense.
 */
export function recommendTrip(
  view: Pick<CatalogView, 'version' | 'currencies' | 'excludedCountries' | 'products' | 'bundles' | 'memberDiscounts'>,
  wish: TripWish,
): TripAnswer {
  check(wish);
  const neededBytes = dataNeed(wish.use, wish.days);
  const home = wish.home ?? null;
  const abroad = [...new Set(wish.countries)].filter((country) => country !== home);
  if (abroad.length === 0) return { kind: 'nothing_needed', reason: 'at_home' };
  if (neededBytes === 0n) return { kind: 'nothing_needed', reason: 'no_data' };
  const catalog = pricingCatalogOf(view);
  const served = abroad.filter((country) => packsFor(view, catalog, wish, [country]).length > 0);
  const packs = packsFor(view, catalog, wish, served);
  if (served.length === 0 || packs.length === 0) return { kind: 'not_served', countries: abroad };
  const plansFor = (bytes: bigint, from: readonly DataPack[]): TripPlan | undefined =>
    cheapestPlan(view, catalog, wish, served[0] ?? null, bytes, from);
  const plan = plansFor(neededBytes, packs);
  if (!plan) return { kind: 'too_much', neededBytes };
  const notServed = abroad.filter((country) => !served.includes(country));
  const expires = holdsExpiring(plan, packs);
  const lasting = packs.filter(({ validityDays }) => validityDays === null);
  return {
    kind: 'recommended',
    neededBytes,
    plan,
    reasons: [
      ...(home !== null && abroad.every((country) => isRoamingFree(home, country))
        ? (['free_roaming_likely'] as const)
        : []),
      ...(notServed.length > 0 ? (['part_not_served'] as const) : []),
      ...(isSmallest(plan, packs) ? (['starter_is_enough'] as const) : []),
      ...(expires ? (['expires'] as const) : []),
    ],
    alternatives: [
      ...alternative('no_expiry', expires ? plansFor(neededBytes, lasting) : undefined, plan),
      ...alternative('more_room', plansFor((neededBytes * 3n + 1n) / 2n, packs), plan),
    ],
    notServed,
  };
}

/** What holds data and is sold in each of these countries, in this currency, once. */
function packsFor(
  view: Pick<CatalogView, 'products'>,
  catalog: PricingCatalog,
  { currency, alreadyHad = [] }: TripWish,
  countries: readonly string[],
): DataPack[] {
  return view.products.flatMap((product): DataPack[] => {
    const priced = catalog.products.find(({ id }) => id === product.id);
    if (!priced || !isDataPack(product) || alreadyHad.includes(product.id)) return [];
    const price = priced.prices[currency]?.one_time;
    if (price === undefined || !countries.every((country) => isSoldIn(catalog, priced, country))) return [];
    const { id, validityDays, oncePerPerson } = product;
    return [{ productId: id, bytes: BigInt(product.dataBytes ?? '0'), price, validityDays, oncePerPerson }];
  });
}

function isDataPack({ kind, sellable, dataBytes }: Product): boolean {
  return kind === 'connectivity' && sellable && dataBytes !== null;
}

/** Among equal prices the one with fewer products, then with more data. */
function cheapestPlan(
  view: Parameters<typeof rewardRateOf>[0],
  catalog: PricingCatalog,
  { currency, membershipId, days, use }: TripWish,
  country: string | null,
  bytes: bigint,
  packs: readonly DataPack[],
): TripPlan | undefined {
  const rewardRate = rewardRateOf(view, currency);
  const trip = { days, bytes };
  const plans = sufficientBaskets(packs, trip).map((basket): TripPlan => {
    const items = basket.map(({ pack, quantity }) => ({
      productId: pack.productId,
      cycle: 'one_time' as const,
      quantity,
    }));
    const price = priceBasket(catalog, { items, currency, membershipId, country, promotion: null, rewardRate });
    return { items, price, usableBytes: usableBytes(basket, { days, bytes: dataNeed(use, days) }) };
  });
  return plans.sort(
    (a, b) =>
      compare(a.price.dueNow, b.price.dueNow) ||
      a.items.length - b.items.length ||
      compare(b.usableBytes, a.usableBytes) ||
      (JSON.stringify(a.items) < JSON.stringify(b.items) ? -1 : 1),
  )[0];
}

function holdsExpiring(plan: TripPlan, packs: readonly DataPack[]): boolean {
  return plan.items.some(({ productId }) =>
    packs.some((pack) => pack.productId === productId && pack.validityDays !== null),
  );
}

function isSmallest({ items }: TripPlan, packs: readonly DataPack[]): boolean {
  const [smallest] = [...packs].sort((a, b) => compare(a.bytes, b.bytes));
  return (
    items.length === 1 && items[0]?.quantity === 1 && items[0].productId === smallest?.productId && packs.length > 1
  );
}

function alternative(why: TripAlternative['why'], plan: TripPlan | undefined, than: TripPlan): TripAlternative[] {
  return plan && JSON.stringify(plan.items) !== JSON.stringify(than.items) ? [{ why, plan }] : [];
}

function compare(a: bigint, b: bigint): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function check({ countries, days, use, home }: TripWish): void {
  if (countries.length === 0 || countries.length > maxCountries)
    throw invalid('countries', `must be 1 to ${maxCountries}`);
  // The code itself is not repeated: what people type in here is theirs.
  if (!countries.every(isCountryCode)) throw invalid('countries', 'must be ISO 3166-1 alpha-2 codes');
  if (home != null && !isCountryCode(home)) throw invalid('home', 'must be an ISO 3166-1 alpha-2 code');
  if (!Number.isSafeInteger(days) || days < 1 || days > maxDays)
    throw invalid('days', `must be whole days, 1 to ${maxDays}`);
  if (typeof use === 'string') return;
  if (!(use.gigabytes >= 0 && use.gigabytes <= maxGigabytes))
    throw invalid('gigabytes', `must be 0 to ${maxGigabytes}`);
}

function invalid(field: string, problem: string): CodedError {
  return new CodedError('request.invalid', `${field} ${problem}`, { fields: [{ field, problem }] });
}
