import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pricingView } from '../../../test/support/pricing-catalog.ts';
import type { Product } from '../../shared/api/catalog.ts';
import { toDecimal } from '../../shared/money.ts';
import type { PricedView } from '../pricing/from-view.ts';
import { dataNeed } from './data-need.ts';
import { recommendTrip, type TripAnswer, type TripPlan, type TripWish } from './recommend-trip.ts';
import { usableBytes } from './sufficient-baskets.ts';

const week: TripWish = { countries: ['AT'], days: 7, use: 'light', currency: 'USD', membershipId: null };

function basketOf({ items }: TripPlan): string {
  return items.map(({ productId, quantity }) => `${quantity} ${productId}`).join(', ');
}

function told(answer: TripAnswer): string {
  return answer.kind === 'recommended' ? basketOf(answer.plan) : answer.kind;
}

describe('recommendTrip', () => {
  test('the starter is enough for a light week, and it says so', () => {
    const answer = recommendTrip(pricingView, week);
    expect(told(answer)).toBe('1 esim_starter');
    expect(answer.kind === 'recommended' && answer.reasons).toEqual(['starter_is_enough', 'expires']);
    expect(answer.kind === 'recommended' && answer.plan.price.dueNow).toBe(100n);
  });

  test('another basket is named for who wants nothing to expire, or more room', () => {
    const answer = recommendTrip(pricingView, week);
    const alternatives = answer.kind === 'recommended' ? answer.alternatives : [];
    expect(alternatives.map(({ why, plan }) => `${why}: ${basketOf(plan)}`)).toEqual([
      'no_expiry: 1 global_data_10gb',
      'more_room: 1 global_data_10gb',
    ]);
  });

  test.each<[string, Partial<TripWish>, string]>([
    ['a normal week needs more than the starter', { use: 'normal' }, '1 global_data_10gb'],
    ['a starter that ends before the trip does is not enough', { days: 11 }, '1 global_data_10gb'],
    ['who had the starter is not offered it again', { alreadyHad: ['esim_starter'] }, '1 global_data_10gb'],
    [
      'the starter fills the last gap, which is cheaper than another pack',
      { days: 10, use: { gigabytes: 11 } },
      '1 esim_starter, 1 global_data_10gb',
    ],
    ['two packs for twenty gigabytes', { days: 30, use: { gigabytes: 20 } }, '2 global_data_10gb'],
    ['no data is nothing to buy', { use: { gigabytes: 0 } }, 'nothing_needed'],
    ['at home is nothing to buy', { home: 'AT' }, 'nothing_needed'],
    ['more than an order can hold is said', { use: { gigabytes: 900 } }, 'too_much'],
  ])('%s', (_what, wish, expected) => {
    expect(told(recommendTrip(pricingView, { ...week, ...wish }))).toBe(expected);
  });

  test('who comes from within the European Economic Area is told to look into the contract first', () => {
    const answer = recommendTrip(pricingView, { ...week, countries: ['AT', 'IT'], home: 'FR' });
    expect(answer.kind === 'recommended' && answer.reasons).toContain('free_roaming_likely');
    const far = recommendTrip(pricingView, { ...week, countries: ['AT', 'CH'], home: 'FR' });
    expect(far.kind === 'recommended' && far.reasons).not.toContain('free_roaming_likely');
  });

  test('a country that is not served is named, and the rest of the trip is answered', () => {
    const view = { ...pricingView, excludedCountries: ['KP'] };
    expect(recommendTrip(view, { ...week, countries: ['KP'] })).toEqual({ kind: 'not_served', countries: ['KP'] });
    const answer = recommendTrip(view, { ...week, countries: ['KP', 'KR'] });
    expect(answer.kind === 'recommended' && [answer.notServed, answer.reasons.includes('part_not_served')]).toEqual([
      ['KP'],
      true,
    ]);
  });

  test.each<[string, Partial<TripWish>]>([
    ['countries', { countries: [] }],
    ['countries', { countries: ['somebody@example.com'] }],
    ['days', { days: 0 }],
    ['days', { days: 1.5 }],
    ['gigabytes', { use: { gigabytes: -1 } }],
    ['gigabytes', { use: { gigabytes: Number.NaN } }],
    ['home', { home: 'home' }],
  ])('%s that make no sense are refused by name, and not repeated', (field, wish) => {
    expect(() => recommendTrip(pricingView, { ...week, ...wish })).toThrow(
      expect.objectContaining({
        code: 'request.invalid',
        fields: [expect.objectContaining({ field })] as unknown,
      }) as Error,
    );
    expect(() => recommendTrip(pricingView, { ...week, ...wish })).not.toThrow(/example/);
  });
});

const packs = fc.uniqueArray(
  fc.record({
    id: fc.constantFrom('a1', 'b2', 'c3'),
    megabytes: fc.integer({ min: 200, max: 5_000 }),
    cents: fc.integer({ min: 0, max: 5_000 }),
    validityDays: fc.option(fc.integer({ min: 1, max: 30 })),
    oncePerPerson: fc.boolean(),
    countries: fc.option(fc.subarray(['AT', 'CA', 'US'])),
  }),
  { minLength: 1, maxLength: 3, selector: ({ id }) => id },
);
const views = packs.map((products): PricedView => ({
  ...pricingView,
  excludedCountries: ['KP'],
  products: products.map(({ id, megabytes, cents, ...rest }): Product => ({
    ...rest,
    id,
    name: id,
    kind: 'connectivity',
    billing: 'one_time',
    prices: [{ cycle: 'one_time', unit: 'USD', amount: toDecimal('USD', BigInt(cents)) }],
    rewardBasisPoints: 0,
    dataBytes: (BigInt(megabytes) * 1_000_000n).toString(),
    includesLine: true,
    sellable: true,
  })),
}));
const wishes: fc.Arbitrary<TripWish> = fc.record({
  countries: fc.subarray(['AT', 'CA', 'KP', 'US'], { minLength: 1 }),
  days: fc.integer({ min: 1, max: 20 }),
  use: fc.oneof(
    fc.constantFrom('light' as const, 'normal' as const),
    fc.record({ gigabytes: fc.integer({ min: 1, max: 8 }) }),
  ),
  currency: fc.constant('USD' as const),
  membershipId: fc.constant(null),
});

/** Every basket of up to 10 of each product, made without any of the code that is judged. */
function everyBasket(products: readonly Product[]): { product: Product; quantity: number }[][] {
  return products.reduce<{ product: Product; quantity: number }[][]>(
    (baskets, product) =>
      baskets.flatMap((basket) =>
        Array.from({ length: product.oncePerPerson ? 2 : 11 }, (_, quantity) =>
          quantity === 0 ? basket : [...basket, { product, quantity }],
        ),
      ),
    [[]],
  );
}

/** Uses data day by day, what ends first first, and says whether it lasts. */
function lasts(basket: readonly { product: Product; quantity: number }[], wish: TripWish): boolean {
  const stock = basket
    .map(({ product, quantity }) => ({
      left: Number(product.dataBytes) * quantity,
      until: product.validityDays ?? Infinity,
    }))
    .sort((a, b) => a.until - b.until);
  for (let day = 1; day <= wish.days; day += 1) {
    let need = Number(dataNeed(wish.use, wish.days)) / wish.days;
    for (const pack of stock) {
      if (pack.until < day) continue;
      const used = Math.min(pack.left, need);
      pack.left -= used;
      need -= used;
    }
    // A byte more or less is a matter of rounding.
    if (need > 1) return false;
  }
  return true;
}

test('what is recommended lasts the whole trip, is sold in each served country, and nothing cheaper lasts', () => {
  fc.assert(
    fc.property(views, wishes, (view, wish) => {
      const answer = recommendTrip(view, wish);
      if (answer.kind !== 'recommended') return;
      const served = wish.countries.filter((country) => !answer.notServed.includes(country));
      expect(served).not.toContain('KP');
      const chosen = answer.plan.items.map(({ productId, quantity }) => {
        const product = view.products.find(({ id }) => id === productId);
        if (!product) throw new Error('recommends what is not in the catalogue');
        return { product, quantity };
      });
      for (const { product } of chosen) {
        expect(served.every((country) => product.countries?.includes(country) !== false)).toBe(true);
      }
      expect(lasts(chosen, wish)).toBe(true);
      const allowed = view.products.filter(({ countries }) =>
        served.every((country) => countries?.includes(country) !== false),
      );
      for (const basket of everyBasket(allowed)) {
        const cents = basket.reduce(
          (sum, { product, quantity }) => sum + Math.round(Number(product.prices[0]?.amount) * 100) * quantity,
          0,
        );
        if (BigInt(cents) < answer.plan.price.dueNow) expect(lasts(basket, wish)).toBe(false);
      }
    }),
    { numRuns: 60 },
  );
});

test('a pack that ends gives no more than is used until then', () => {
  const pack = { productId: 'a1', bytes: 1_000n, price: 1n, validityDays: 2, oncePerPerson: true };
  expect(usableBytes([{ pack, quantity: 1 }], { days: 10, bytes: 1_000n })).toBe(200n);
  expect(usableBytes([{ pack, quantity: 1 }], { days: 2, bytes: 1_000n })).toBe(1_000n);
});
