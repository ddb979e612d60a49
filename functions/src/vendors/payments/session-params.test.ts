import { describe, expect, it } from 'vitest';
import { newSessionParams } from './session-params.ts';

const input = {
  orderId: 'ord_1',
  memberId: 'mem_1',
  customerId: 'cus_1',
  mode: 'payment' as const,
  lines: [{ priceId: 'price_1', quantity: 2 }],
  coupon: null,
  successUrl: 'https://example.com/done',
  cancelUrl: 'https://example.com/plans',
  expiresAt: new Date('2026-11-20T10:45:00.999Z'),
  locale: 'fr' as const,
};
const untaxed = { automaticTax: false };
const ids = { order_id: 'ord_1', member_id: 'mem_1' };

describe('newSessionParams', () => {
  it('puts our ids on a payment and offers to keep the card', () => {
    expect(newSessionParams(input, null, untaxed)).toEqual({
      mode: 'payment',
      customer: 'cus_1',
      client_reference_id: 'ord_1',
      line_items: [{ price: 'price_1', quantity: 2 }],
      success_url: 'https://example.com/done',
      cancel_url: 'https://example.com/plans',
      expires_at: 1_795_171_500,
      locale: 'fr',
      metadata: ids,
      payment_intent_data: { metadata: ids },
      saved_payment_method_options: { payment_method_save: 'enabled' },
    });
  });

  it('puts our ids on a subscription, which keeps its card without asking', () => {
    const params = newSessionParams({ ...input, mode: 'subscription' }, null, untaxed);
    expect(params.subscription_data).toEqual({ metadata: ids });
    expect(params).not.toHaveProperty('payment_intent_data');
    expect(params).not.toHaveProperty('saved_payment_method_options');
  });

  it('names the coupon of a reduced order', () => {
    expect(newSessionParams(input, 'ord_1', untaxed)).toMatchObject({ discounts: [{ coupon: 'ord_1' }] });
  });

  it('has tax reckoned where the member is, and that kept for renewals', () => {
    const params = newSessionParams(input, null, { automaticTax: true });
    expect(params).toMatchObject({ automatic_tax: { enabled: true }, customer_update: { address: 'auto' } });
  });

  it('writes the same bytes each time, so that a repetition gives the first answer', () => {
    expect(JSON.stringify(newSessionParams(input, null, untaxed))).toBe(
      JSON.stringify(newSessionParams({ ...input }, null, untaxed)),
    );
  });
});
