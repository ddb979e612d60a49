import { describe, expect, it } from 'vitest';
import { pricingCatalog, pricingView } from '../../../test/support/pricing-catalog.ts';
import type { BillingCycle, PricingCatalog } from './catalog.ts';
import { findSavings } from './find-savings.ts';
import { rewardRateOf } from './from-view.ts';
import { priceBasket, type PriceRequest } from './price-basket.ts';

function request(items: [string, BillingCycle, number?][], more: Partial<PriceRequest> = {}): PriceRequest {
  return {
    items: items.map(([productId, cycle, quantity = 1]) => ({ productId, cycle, quantity })),
    currency: 'USD',
    membershipId: null,
    country: null,
    promotion: null,
    rewardRate: rewardRateOf(pricingView, more.currency ?? 'USD'),
    ...more,
  };
}

const threeFeatures: [string, BillingCycle][] = [
  ['network_vpn', 'monthly'],
  ['network_security', 'monthly'],
  ['network_optimization', 'monthly'],
];
const tenOff = { code: 'WELCOME', off: { basisPoints: 1000 }, productIds: null };

describe('a basket', () => {
  it('costs its list price, and says what it earns', () => {
    const priced = priceBasket(pricingCatalog, request([['global_data_10gb', 'one_time', 2]]));
    expect(priced).toMatchObject({ dueNow: 4000n, discount: null, recurring: { monthly: 0n, annual: 0n } });
    expect(priced.reward).toBe(4_132_000_000_000_000_000n);
  });

  it('costs the list price of its own currency, not a conversion', () => {
    const priced = priceBasket(pricingCatalog, request([['global_data_10gb', 'one_time']], { currency: 'CAD' }));
    expect(priced.dueNow).toBe(2799n);
  });

  it('of three network features is a bundle at 15 % off, and so is each renewal', () => {
    const priced = priceBasket(pricingCatalog, request(threeFeatures));
    expect(priced.discount).toEqual({
      reason: { kind: 'bundle', id: 'network_bundle', basisPoints: 1500 },
      amount: 240n,
    });
    expect(priced.lines.map((line) => [line.productId, line.discount])).toEqual([
      ['network_optimization', 45n],
      ['network_security', 75n],
      ['network_vpn', 120n],
    ]);
    expect(priced).toMatchObject({ dueNow: 1360n, recurring: { monthly: 1360n, annual: 0n } });
  });

  it('takes the best discount only: 20 % for full members instead of the bundle', () => {
    const priced = priceBasket(pricingCatalog, request(threeFeatures, { membershipId: 'full_membership' }));
    expect(priced.discount).toMatchObject({ reason: { kind: 'member', id: 'full_member_features' }, amount: 320n });
    expect(priced.dueNow).toBe(1280n);
  });

  it('may use a promotion now and the bundle at renewal', () => {
    const promotion = { code: 'HALF', off: { basisPoints: 5000 }, productIds: null };
    const priced = priceBasket(pricingCatalog, request(threeFeatures, { promotion }));
    expect(priced.discount?.reason).toEqual({ kind: 'promotion', id: 'HALF', basisPoints: 5000 });
    expect(priced).toMatchObject({ dueNow: 800n, recurring: { monthly: 1360n } });
  });

  it('never goes below nothing by a promotion of a fixed amount', () => {
    const promotion = { code: 'TEN', off: { minor: { USD: 1000n } }, productIds: ['esim_starter'] };
    const priced = priceBasket(
      pricingCatalog,
      request(
        [
          ['esim_starter', 'one_time'],
          ['global_data_10gb', 'one_time'],
        ],
        { promotion },
      ),
    );
    expect(priced).toMatchObject({ discount: { amount: 100n }, dueNow: 2000n });
  });

  it('earns nothing on what a discount took off', () => {
    const priced = priceBasket(pricingCatalog, request([['global_data_10gb', 'one_time']], { promotion: tenOff }));
    expect(priced.dueNow).toBe(1800n);
    expect(priced.reward).toBe(1_859_400_000_000_000_000n);
  });
});

describe('a request that has no price', () => {
  it.each([
    ['an empty basket', request([]), 'items'],
    [
      'a product twice',
      request([
        ['esim_starter', 'one_time'],
        ['esim_starter', 'one_time'],
      ]),
      'items.1.productId',
    ],
    ['half a product', request([['esim_starter', 'one_time', 0.5]]), 'items.0.quantity'],
    ['less than one', request([['esim_starter', 'one_time', 0]]), 'items.0.quantity'],
  ])('%s is refused with the field', (_what, wrong, field) => {
    expect(() => priceBasket(pricingCatalog, wrong)).toThrow(
      expect.objectContaining({ code: 'request.invalid', fields: [expect.objectContaining({ field })] }) as Error,
    );
  });

  it.each([
    ['an unknown product', request([['nothing', 'one_time']])],
    ['a cycle in which it is not sold', request([['esim_starter', 'monthly']])],
    ['a free feature, which is switched on and not bought', request([['wifi_calling', 'monthly']])],
  ])('%s is refused as unavailable', (_what, wrong) => {
    expect(() => priceBasket(pricingCatalog, wrong)).toThrow(
      expect.objectContaining({ code: 'catalog.product_unavailable' }) as Error,
    );
  });
});

describe('a country', () => {
  const northern: PricingCatalog = {
    ...pricingCatalog,
    excludedCountries: ['KP'],
    products: pricingCatalog.products.map((product) =>
      product.id === 'network_vpn' ? { ...product, countries: ['CA', 'US'] } : product,
    ),
  };
  const unavailable = expect.objectContaining({ code: 'catalog.product_unavailable' }) as Error;

  it('in which a product is not sold is refused, and so is one in which nothing is', () => {
    const vpn = request([['network_vpn', 'monthly']]);
    expect(priceBasket(northern, { ...vpn, country: 'CA' }).dueNow).toBe(800n);
    expect(() => priceBasket(northern, { ...vpn, country: 'AT' })).toThrow(unavailable);
    expect(() => priceBasket(northern, request([['esim_starter', 'one_time']], { country: 'KP' }))).toThrow(
      unavailable,
    );
  });

  it('is not refused where nobody knows it', () => {
    expect(priceBasket(northern, request([['network_vpn', 'monthly']])).dueNow).toBe(800n);
  });
});

describe('what would make it cheaper', () => {
  it('is to pay for a year, compared with twelve months', () => {
    expect(findSavings(pricingCatalog, request([['network_vpn', 'monthly']]))).toEqual([
      { kind: 'pay_yearly', productIds: ['network_vpn'], saving: 1600n },
    ]);
  });

  it('is a year for all that is monthly, because months and years can’t be paid together', () => {
    const wish = request([
      ['network_vpn', 'monthly'],
      ['network_security', 'monthly'],
      ['global_data_10gb', 'one_time'],
    ]);
    expect(findSavings(pricingCatalog, wish)).toContainEqual({
      kind: 'pay_yearly',
      productIds: ['network_security', 'network_vpn'],
      saving: 2600n,
    });
  });

  it('is a third feature, named with what it adds and what it saves', () => {
    const savings = findSavings(pricingCatalog, request(threeFeatures.slice(0, 2)));
    expect(savings).toContainEqual({
      kind: 'complete_bundle',
      bundleId: 'network_bundle',
      productId: 'network_optimization',
      cycle: 'monthly',
      extra: 60n,
      saving: 240n,
    });
  });

  it('is a membership only where it gives back more than it costs', () => {
    const all = pricingCatalog.products.filter(
      (product) => product.kind === 'network_feature' && product.prices.USD?.monthly,
    );
    const costly = {
      ...pricingCatalog,
      products: all.map((product) => ({ ...product, prices: { USD: { monthly: 20_000n } } })),
    };
    const full = pricingCatalog.products.filter((product) => product.id === 'full_membership');
    const wish = request([['network_vpn', 'monthly']]);
    expect(findSavings(pricingCatalog, wish).map((saving) => saving.kind)).not.toContain('join');
    expect(findSavings({ ...costly, products: [...costly.products, ...full] }, wish)).toEqual([
      { kind: 'join', membershipId: 'full_membership', saving: 41_400n },
    ]);
  });

  it('is nothing for goods that are paid once', () => {
    expect(findSavings(pricingCatalog, request([['global_data_10gb', 'one_time']]))).toEqual([]);
  });
});
