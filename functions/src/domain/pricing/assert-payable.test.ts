import { describe, expect, it } from 'vitest';
import { pricingView } from '../../../test/support/pricing-catalog.ts';
import { assertPayable } from './assert-payable.ts';
import type { BillingCycle } from './catalog.ts';

function modeOf(...items: [string, BillingCycle, number?][]): string {
  return assertPayable(
    pricingView,
    items.map(([productId, cycle, quantity = 1]) => ({ productId, cycle, quantity })),
  );
}

describe('a basket', () => {
  it('of things is paid once', () => {
    expect(modeOf(['global_data_10gb', 'one_time', 3], ['esim_starter', 'one_time'])).toBe('payment');
  });

  it('may hold things beside what renews', () => {
    expect(modeOf(['global_data_10gb', 'one_time', 2], ['network_vpn', 'monthly'])).toBe('subscription');
    expect(modeOf(['global_data_10gb', 'one_time'], ['basic_membership', 'annual'], ['network_vpn', 'annual'])).toBe(
      'subscription',
    );
  });

  it.each<[string, [string, BillingCycle, number?][], object]>([
    [
      'months beside years',
      [
        ['basic_membership', 'annual'],
        ['network_vpn', 'monthly'],
      ],
      { code: 'order.mixed_billing' },
    ],
    ['what is sold elsewhere', [['metal_card', 'one_time']], { code: 'catalog.product_unavailable' }],
    ['what nobody knows', [['nothing', 'one_time']], { code: 'catalog.product_unavailable' }],
    [
      'two of what renews',
      [['network_vpn', 'monthly', 2]],
      { fields: [{ field: 'items.0.quantity', problem: expect.any(String) as unknown }] },
    ],
    [
      'two of what a person may have once',
      [['esim_starter', 'one_time', 2]],
      { fields: [{ field: 'items.0.quantity', problem: expect.any(String) as unknown }] },
    ],
    [
      'a product by the month and by the year',
      [
        ['network_vpn', 'monthly'],
        ['network_vpn', 'annual'],
      ],
      { code: 'request.invalid' },
    ],
  ])('%s can’t be paid', (_what, items, failure) => {
    expect(() => modeOf(...items)).toThrow(expect.objectContaining(failure) as Error);
  });
});
