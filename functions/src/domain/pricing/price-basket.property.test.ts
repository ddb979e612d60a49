import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { add, minor } from '../../shared/money.ts';
import { billingCycles, type PricingCatalog } from './catalog.ts';
import { discountOffers } from './discounts.ts';
import { priceBasket, type PriceRequest } from './price-basket.ts';
import { spread } from './spread.ts';

const ids = ['a', 'b', 'c', 'd', 'e', 'f'] as const;
const kinds = ['feature', 'goods', 'membership'] as const;
const cents = fc.bigInt({ min: 0n, max: 100_000n });
const basisPoints = fc.integer({ min: 0, max: 10_000 });
const cyclePrices = fc.record({ one_time: cents, monthly: cents, annual: cents });

/** Catalogues in which every product is sold in both currencies and all cycles, with any discounts. */
const catalogs: fc.Arbitrary<PricingCatalog> = fc.record({
  version: fc.nat(),
  excludedCountries: fc.constant([]),
  products: fc.tuple(
    ...ids.map((id) =>
      fc.record({
        id: fc.constant(id),
        kind: fc.constantFrom(...kinds),
        prices: fc.record({ USD: cyclePrices, CAD: cyclePrices }),
        rewardBasisPoints: basisPoints,
        countries: fc.constant(null),
      }),
    ),
  ),
  bundles: fc.array(
    fc.record({
      id: fc.constantFrom('bundle_1', 'bundle_2'),
      kind: fc.constantFrom(...kinds),
      minimumProducts: fc.integer({ min: 2, max: 4 }),
      basisPointsOff: basisPoints,
    }),
    { maxLength: 2 },
  ),
  memberDiscounts: fc.array(
    fc.record({
      id: fc.constantFrom('discount_1', 'discount_2'),
      membershipId: fc.constantFrom('a', 'b'),
      kind: fc.constantFrom(...kinds),
      basisPointsOff: basisPoints,
    }),
    { maxLength: 2 },
  ),
});

const items = fc.uniqueArray(
  fc.record({
    productId: fc.constantFrom(...ids),
    cycle: fc.constantFrom(...billingCycles),
    quantity: fc.integer({ min: 1, max: 10 }),
  }),
  { minLength: 1, maxLength: 6, selector: (item) => `${item.productId}/${item.cycle}` },
);

const promotions = fc.option(
  fc.record({
    code: fc.constant('CODE'),
    off: fc.oneof(
      fc.record({ basisPoints }),
      cents.map((amount) => ({ minor: { USD: amount, CAD: amount } })),
    ),
    productIds: fc.option(fc.subarray([...ids])),
  }),
);

const requests: fc.Arbitrary<PriceRequest> = fc
  .record({
    items,
    currency: fc.constantFrom('USD' as const, 'CAD' as const),
    membershipId: fc.option(fc.constantFrom('a', 'b')),
    promotion: promotions,
  })
  .map((request) => ({
    ...request,
    country: null,
    rewardRate: { numerator: request.currency === 'USD' ? 100n : 73n, denominator: 100n },
  }));

/** Runs a check over many catalogues and requests. */
function always(check: (catalog: PricingCatalog, request: PriceRequest) => void): void {
  fc.assert(fc.property(catalogs, requests, check), { numRuns: 500 });
}

describe('for every catalogue and basket', () => {
  it('lines add up to the total, and to the discount that is named', () => {
    always((catalog, request) => {
      const { lines, dueNow, discount, currency, reward } = priceBasket(catalog, request);
      const none = minor(currency, 0n);
      expect(add(none, ...lines.map((line) => line.total))).toBe(dueNow);
      expect(add(none, ...lines.map((line) => line.discount))).toBe(discount?.amount ?? 0n);
      expect(add(minor('DOTM', 0n), ...lines.map((line) => line.reward))).toBe(reward);
      for (const line of lines) expect(line.full - line.discount).toBe(line.total);
    });
  });

  it('nothing is negative', () => {
    always((catalog, request) => {
      const { lines, dueNow, recurring } = priceBasket(catalog, request);
      for (const line of lines) expect([line.total >= 0n, line.discount >= 0n, line.reward >= 0n]).not.toContain(false);
      expect([dueNow >= 0n, recurring.monthly >= 0n, recurring.annual >= 0n]).not.toContain(false);
    });
  });

  it('the order of items does not matter', () => {
    always((catalog, request) => {
      const turned = { ...request, items: [...request.items].reverse() };
      expect(priceBasket(catalog, turned)).toEqual(priceBasket(catalog, request));
    });
  });

  it('one more item never makes the sum smaller, unless a bundle is named as the reason', () => {
    always((catalog, request) => {
      const all = priceBasket(catalog, request);
      const rest = request.items.slice(1);
      if (rest.length === 0 || all.discount?.reason.kind === 'bundle') return;
      expect(all.dueNow).toBeGreaterThanOrEqual(priceBasket(catalog, { ...request, items: rest }).dueNow);
    });
  });

  it('no other single discount would have taken more off', () => {
    always((catalog, request) => {
      const { lines, discount, currency } = priceBasket(catalog, request);
      const full = lines.map((line) => ({
        full: minor(currency, line.full),
        product: catalog.products.find((product) => product.id === line.productId) ?? expect.unreachable(),
      }));
      for (const offer of discountOffers(catalog, full, request)) {
        expect(offer.amount <= (discount?.amount ?? 0n)).toBe(true);
      }
    });
  });

  it('prices of the other currency do not matter', () => {
    always((catalog, request) => {
      const other = request.currency === 'USD' ? 'CAD' : 'USD';
      const products = catalog.products.map((product) => ({
        ...product,
        prices: { ...product.prices, [other]: { one_time: 1n, monthly: 1n, annual: 1n } },
      }));
      expect(priceBasket({ ...catalog, products }, request)).toEqual(priceBasket(catalog, request));
    });
  });
});

describe('spreading an amount', () => {
  it('loses no cent, and gives no part more than its weight', () => {
    const weights = fc.array(fc.bigInt({ min: 0n, max: 10n ** 12n }), { minLength: 1, maxLength: 10 });
    const cases = weights.chain((parts) => {
      const whole = parts.reduce((sum, part) => sum + part, 0n);
      return fc.tuple(fc.constant(parts), fc.bigInt({ min: 0n, max: whole }));
    });
    fc.assert(
      fc.property(cases, ([parts, amount]) => {
        const shares = spread(amount, parts);
        expect(shares.reduce((sum, share) => sum + share, 0n)).toBe(amount);
        shares.forEach((share, index) => expect(share <= (parts[index] ?? -1n)).toBe(true));
      }),
    );
  });

  it('refuses to take more than there is', () => {
    expect(() => spread(3n, [1n, 1n])).toThrow(RangeError);
    expect(() => spread(-1n, [1n])).toThrow(RangeError);
  });
});
