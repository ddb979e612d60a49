import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalogContentSchema, type CatalogContent } from '../../shared/api/catalog-content.ts';
import { billingCycles, type Product } from '../../shared/api/catalog.ts';
import { asCurrency, toMoney } from '../../shared/money.ts';
import { pricingCatalogOf, rewardRateOf } from '../pricing/from-view.ts';
import { priceBasket, type BasketItem } from '../pricing/price-basket.ts';
import { checkContent, type Surroundings } from './check-content.ts';
import { startingCatalog } from './starting-catalog.ts';

const around: Surroundings = {
  heldProducts: new Set(['full_membership', 'network_vpn']),
  plannedProducts: new Set(['esim_starter', 'global_data_10gb', 'basic_membership', 'full_membership']),
  isCountedAlike: (currency) => currency !== 'HUF',
};

function changed(change: (content: CatalogContent) => void): CatalogContent {
  const content = structuredClone(startingCatalog);
  change(content);
  return content;
}

function product(content: CatalogContent, id: string): Product {
  return content.products.find((candidate) => candidate.id === id) ?? expect.unreachable();
}

const usd = asCurrency('USD');
const eur = asCurrency('EUR');

describe('the starting catalogue', () => {
  it('may be published, and has the form of a draft', () => {
    expect(checkContent(startingCatalog, around)).toEqual([]);
    expect(catalogContentSchema.parse(startingCatalog)).toEqual(startingCatalog);
  });
});

describe('a draft is told about', () => {
  it.each<[string, (content: CatalogContent) => void, string, string]>([
    [
      'a currency without prices',
      (c) => c.currencies.push({ code: eur, rewardRate: '1' }),
      'products.0.prices',
      'price_missing',
    ],
    ['a price that is missing', (c) => product(c, 'esim_starter').prices.pop(), 'products.0.prices', 'price_missing'],
    [
      'a year that has a price in one currency only',
      (c) => product(c, 'esim_starter').prices.push({ cycle: 'annual', unit: usd, amount: '9.00' }),
      'products.0.prices',
      'price_missing',
    ],
    [
      'a price of nothing',
      (c) => (product(c, 'esim_starter').prices[0]!.amount = '0.00'),
      'products.0.prices.0.amount',
      'price_zero',
    ],
    [
      'a price with too many decimals',
      (c) => (product(c, 'esim_starter').prices[0]!.amount = '1.001'),
      'products.0.prices.0.amount',
      'price_decimals',
    ],
    [
      'two prices for the same',
      (c) => product(c, 'esim_starter').prices.push({ cycle: 'one_time', unit: usd, amount: '2.00' }),
      'products.0.prices.2.amount',
      'price_twice',
    ],
    [
      'a price in a currency that is not sold in',
      (c) => product(c, 'esim_starter').prices.push({ cycle: 'one_time', unit: eur, amount: '2.00' }),
      'products.0.prices.2.amount',
      'price_currency_not_sold',
    ],
    [
      'something free with a price',
      (c) => product(c, 'network_scans').prices.push({ cycle: 'monthly', unit: usd, amount: '2.00' }),
      'products.11.prices',
      'free_with_price',
    ],
    [
      'something free that is sold',
      (c) => (product(c, 'network_scans').sellable = true),
      'products.11.sellable',
      'free_but_sold',
    ],
    [
      'a first cycle without a price',
      (c) => (product(c, 'esim_starter').billing = 'annual'),
      'products.0.billing',
      'billing_without_price',
    ],
    [
      'a line without a plan at the carrier',
      (c) => (product(c, 'metal_card').sellable = product(c, 'metal_card').includesLine = true),
      'products.5.sellable',
      'plan_missing',
    ],
    ['an id that comes twice', (c) => (product(c, 'esim_starter').id = 'metal_card'), 'products.5.id', 'id_twice'],
    [
      'a country that is none',
      (c) => (product(c, 'network_vpn').countries = ['XX']),
      'products.9.countries',
      'country_unknown',
    ],
    ['a country that comes twice', (c) => (c.excludedCountries = ['AT', 'AT']), 'excludedCountries', 'country_twice'],
    [
      'a product that is sold nowhere',
      (c) => (product(c, 'network_vpn').countries = []),
      'products.9.countries',
      'countries_empty',
    ],
    [
      'a currency that is none',
      (c) => (c.currencies[1]!.code = asCurrency('XQQ')),
      'currencies.1.code',
      'currency_unknown',
    ],
    [
      'a currency that the payment provider counts otherwise',
      (c) => (c.currencies[1]!.code = asCurrency('HUF')),
      'currencies.1.code',
      'currency_not_counted_alike',
    ],
    [
      'a currency that earns nothing',
      (c) => (c.currencies[1]!.rewardRate = '0.000'),
      'currencies.1.rewardRate',
      'rate_zero',
    ],
    ['no currency', (c) => (c.currencies = []), 'currencies', 'nothing_there'],
    [
      'a bundle that nobody can fill',
      (c) => (c.bundles[0]!.minimumProducts = 6),
      'bundles.0.minimumProducts',
      'bundle_out_of_reach',
    ],
    [
      'a bundle that takes nothing off',
      (c) => (c.bundles[0]!.basisPointsOff = 0),
      'bundles.0.basisPointsOff',
      'discount_nothing',
    ],
    [
      'a member discount of no membership',
      (c) => (c.memberDiscounts[0]!.membershipId = 'metal_card'),
      'memberDiscounts.0.membershipId',
      'not_a_membership',
    ],
    [
      'a member discount on nothing',
      (c) => (c.memberDiscounts[0]!.kind = 'communication_feature'),
      'memberDiscounts.0.kind',
      'no_product_of_kind',
    ],
    [
      'a product that vanishes while people have it',
      (c) => (c.products = c.products.filter(({ id }) => id !== 'network_vpn')),
      'products',
      'product_in_use',
    ],
  ])('%s', (_what, change, field, code) => {
    expect(checkContent(changed(change), around)).toContainEqual(expect.objectContaining({ field, code }));
  });

  it('a negative price or a discount of more than everything by its form already', () => {
    const negative = changed((c) => (product(c, 'esim_starter').prices[0]!.amount = '-1.00'));
    const tooMuch = changed((c) => (c.bundles[0]!.basisPointsOff = 10_001));
    for (const wrong of [negative, tooMuch]) expect(catalogContentSchema.safeParse(wrong).success).toBe(false);
  });
});

const codes = ['USD', 'CAD', 'EUR', 'JPY'].map(asCurrency);
const amounts = fc.bigInt({ min: 0n, max: 10n ** 6n });

/** Contents of any making: some may be published, most may not. */
const contents: fc.Arbitrary<CatalogContent> = fc
  .record({
    sold: fc.uniqueArray(fc.constantFrom(...codes), { maxLength: 3 }),
    rate: fc.constantFrom('1', '0.73', '1.25', '0'),
    kinds: fc.array(fc.constantFrom('network_feature' as const, 'physical' as const), { maxLength: 6 }),
    cycles: fc.subarray([...billingCycles]),
    amount: amounts,
    dropped: fc.option(fc.nat(9)),
    sellable: fc.constantFrom(true, true, false),
    bundle: fc.record({
      kind: fc.constantFrom('network_feature' as const, 'membership' as const),
      least: fc.integer({ min: 2, max: 4 }),
      off: fc.integer({ min: 0, max: 10_000 }),
    }),
    excluded: fc.constantFrom<string[]>([], ['KP'], ['KP', 'IR'], ['ZZ']),
  })
  .map(({ sold, rate, kinds, cycles, amount, dropped, sellable, bundle, excluded }) => {
    const prices = sold.flatMap((unit) => cycles.map((cycle) => ({ cycle, ...toMoney(unit, amount) })));
    const kept = prices.filter((_price, index) => index !== dropped);
    const products = kinds.map((kind, index): Product => ({
      ...product(startingCatalog, 'metal_card'),
      id: `product_${index}`,
      kind,
      billing: cycles[0] ?? 'free',
      prices: kept,
      sellable,
    }));
    return {
      currencies: sold.map((code) => ({ code, rewardRate: rate })),
      excludedCountries: excluded,
      products,
      bundles: [{ id: 'bundle', kind: bundle.kind, minimumProducts: bundle.least, basisPointsOff: bundle.off }],
      memberDiscounts: [],
    };
  });

const free: Surroundings = { heldProducts: new Set(), plannedProducts: new Set(), isCountedAlike: () => true };

describe('for every content that may be published', () => {
  it('each product has a price in each currency for each of its cycles, and a bundle never costs more than its parts', () => {
    let published = 0;
    fc.assert(
      fc.property(contents, (content) => {
        if (checkContent(content, free).length > 0) return;
        published += 1;
        const catalog = pricingCatalogOf({ version: 1, ...content });
        for (const { code: currency } of content.currencies) {
          const rewardRate = rewardRateOf({ version: 1, currencies: content.currencies }, currency);
          const price = (items: BasketItem[]) =>
            priceBasket(catalog, { items, currency, membershipId: null, country: null, promotion: null, rewardRate });
          for (const { billing, prices } of content.products) {
            const cycles = new Set(prices.map(({ cycle }) => cycle));
            if (billing !== 'free') expect(cycles).toContain(billing);
            for (const cycle of cycles) {
              const items = content.products.map(({ id }) => ({ productId: id, cycle, quantity: 1 }));
              const alone = items.map((item) => price([item]).dueNow);
              expect(alone.every((amount) => amount > 0n)).toBe(true);
              expect(price(items).dueNow <= alone.reduce((sum, amount) => sum + amount, 0n)).toBe(true);
            }
          }
        }
      }),
      { numRuns: 2000 },
    );
    // A check that lets nothing through would prove nothing.
    expect(published).toBeGreaterThan(20);
  });
});
