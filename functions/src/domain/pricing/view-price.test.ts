import { describe, expect, it } from 'vitest';
import { pricingCatalog, pricingView } from '../../../test/support/pricing-catalog.ts';
import { pricedBasketSchema } from '../../shared/api/pricing.ts';
import { findSavings } from './find-savings.ts';
import { rewardRateOf } from './from-view.ts';
import { priceBasket, type PriceRequest } from './price-basket.ts';
import { viewPrice } from './view-price.ts';

const request: PriceRequest = {
  items: ['network_vpn', 'network_security', 'network_optimization'].map((productId) => ({
    productId,
    cycle: 'monthly',
    quantity: 1,
  })),
  currency: 'CAD',
  membershipId: null,
  country: null,
  promotion: { code: 'HALF', off: { basisPoints: 5000 }, productIds: null },
  rewardRate: rewardRateOf(pricingView, 'CAD'),
};

describe('the price as every door shows it', () => {
  it('says what is taken off now and at renewal, why, and what would make it cheaper', () => {
    const priced = priceBasket(pricingCatalog, request);
    const savings = findSavings(pricingCatalog, request);
    const view = viewPrice(pricingView, priced, { savings, taxNote: 'added_at_checkout' });
    expect(pricedBasketSchema.parse(view)).toEqual(view);
    expect(view).toMatchObject({
      subtotal: { unit: 'CAD', amount: '21.97' },
      discount: { kind: 'promotion', id: 'HALF', basisPoints: 5000, amount: { amount: '10.98' } },
      dueNow: { unit: 'CAD', amount: '10.99' },
      renewalDiscount: { kind: 'bundle', id: 'network_bundle', amount: { amount: '3.29' } },
      recurring: { monthly: { amount: '18.68' }, annual: { amount: '0.00' } },
      taxNote: 'added_at_checkout',
      savings: [{ kind: 'pay_yearly', saving: { unit: 'CAD' } }],
    });
    expect(view.lines[0]).toMatchObject({ name: 'Network optimisation', kind: 'network_feature', cycle: 'monthly' });
  });

  it('is no price where its catalogue lacks the product', () => {
    const priced = priceBasket(pricingCatalog, request);
    expect(() => viewPrice({ products: [] }, priced, { savings: [], taxNote: 'not_included' })).toThrow('network_');
  });
});
