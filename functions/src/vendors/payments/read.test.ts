import type { Stripe } from 'stripe';
import { describe, expect, it } from 'vitest';
import {
  readBalanceTransaction,
  readCharge,
  readDispute,
  readInvoice,
  readRefund,
  readSession,
  readSubscription,
} from './read.ts';

/** Only the fields that are read; the whole objects are exercised against the sandbox. */
function part<T>(fields: object): T {
  return fields as T;
}

const session = {
  id: 'cs_1',
  client_reference_id: 'ord_1',
  customer: { id: 'cus_1', deleted: true },
  status: 'complete',
  payment_status: 'paid',
  currency: 'cad',
  amount_total: 2799,
  total_details: { amount_tax: 322, amount_shipping: null, amount_discount: 0 },
  url: null,
  expires_at: 1_800_000_000,
  payment_intent: 'pi_1',
  subscription: null,
  invoice: null,
};

describe('readSession', () => {
  it('reads amounts as minor units of the session’s currency and references as ids', () => {
    expect(readSession(part<Stripe.Checkout.Session>(session))).toEqual({
      id: 'cs_1',
      orderId: 'ord_1',
      customerId: 'cus_1',
      status: 'complete',
      paymentStatus: 'paid',
      currency: 'CAD',
      total: 2799n,
      tax: 322n,
      shipping: 0n,
      discount: 0n,
      url: null,
      expiresAt: new Date(1_800_000_000_000),
      paymentIntentId: 'pi_1',
      subscriptionId: null,
      invoiceId: null,
    });
  });

  it('takes words that it does not know for the cautious ones', () => {
    const read = readSession(part<Stripe.Checkout.Session>({ ...session, status: 'paused', payment_status: 'maybe' }));
    expect(read).toMatchObject({ status: 'open', paymentStatus: 'unpaid' });
  });

  it('refuses what is no currency, for good', () => {
    expect(() => readSession(part<Stripe.Checkout.Session>({ ...session, currency: 'points' }))).toThrow(
      expect.objectContaining({
        code: 'vendor.refused',
        message: 'Stripe cs_1 is in points, which is no ISO 4217 currency',
      }),
    );
  });
});

describe('readCharge and readRefund', () => {
  it('reads a charge', () => {
    const charge = {
      id: 'ch_1',
      payment_intent: { id: 'pi_1' },
      customer: null,
      currency: 'usd',
      amount: 100,
      amount_refunded: 40,
      receipt_url: 'https://example.com/receipt',
      paid: true,
    };
    expect(readCharge(part<Stripe.Charge>(charge))).toMatchObject({
      paymentIntentId: 'pi_1',
      customerId: null,
      amount: 100n,
      refunded: 40n,
      paid: true,
    });
  });

  it('reads a refund; one without a status is pending', () => {
    const refund = {
      id: 're_1',
      charge: 'ch_1',
      payment_intent: null,
      currency: 'usd',
      amount: 40,
      created: 1,
      metadata: null,
    };
    expect(readRefund(part<Stripe.Refund>({ ...refund, status: null }))).toMatchObject({
      status: 'pending',
      metadata: {},
    });
    expect(readRefund(part<Stripe.Refund>({ ...refund, status: 'failed' })).status).toBe('failed');
  });
});

describe('readSubscription', () => {
  const item = (id: string, end: number, interval = 'year') => ({
    id,
    current_period_start: 5,
    current_period_end: end,
    discounts: [],
    quantity: 1,
    price: {
      id: `price_${id}`,
      product: 'basic_membership',
      currency: 'usd',
      unit_amount: 2400,
      recurring: { interval, interval_count: 1 },
    },
  });
  const subscription = {
    id: 'sub_1',
    customer: 'cus_1',
    status: 'active',
    start_date: 10,
    cancel_at_period_end: true,
    metadata: { order_id: 'ord_1' },
    discounts: [],
    latest_invoice: 'in_1',
    items: { data: [item('si_1', 50), item('si_2', 60), item('si_3', 40, 'week')] },
  };

  it('knows what it is for, at which price, and for which period', () => {
    const { items, discounted } = readSubscription(part<Stripe.Subscription>(subscription));
    expect(items[0]).toEqual({
      id: 'si_1',
      priceId: 'price_si_1',
      productId: 'basic_membership',
      currency: 'USD',
      amount: 2400n,
      interval: 'year',
      quantity: 1,
      periodStart: new Date(5_000),
      periodEnd: new Date(50_000),
    });
    expect(items.map(({ interval }) => interval)).toEqual(['year', 'year', null]);
    expect(discounted).toBe(false);
    expect(readSubscription(part<Stripe.Subscription>({ ...subscription, discounts: ['di_1'] })).discounted).toBe(true);
  });

  it('is paid until the end of the item that runs longest', () => {
    const read = readSubscription(part<Stripe.Subscription>(subscription));
    expect(read.currentPeriodEnd).toEqual(new Date(60_000));
    expect(read).toMatchObject({ cancelAtPeriodEnd: true, metadata: { order_id: 'ord_1' } });
    const empty = readSubscription(part<Stripe.Subscription>({ ...subscription, items: { data: [] }, discounts: [] }));
    expect(empty.currentPeriodEnd).toEqual(new Date(10_000));
  });

  it('gives no service for a status that it does not know', () => {
    expect(readSubscription(part<Stripe.Subscription>({ ...subscription, status: 'sleeping' })).status).toBe('paused');
  });
});

describe('readInvoice', () => {
  const invoice = {
    id: 'in_1',
    customer: 'cus_1',
    parent: { type: 'subscription_details', subscription_details: { subscription: 'sub_1' } },
    status: 'paid',
    billing_reason: 'subscription_cycle',
    currency: 'usd',
    amount_paid: 2600,
    total_taxes: [{ amount: 120 }, { amount: 80 }],
    hosted_invoice_url: 'https://example.com/invoice',
    period_end: 100,
    lines: { data: [{ period: { start: 100, end: 500 } }] },
    payments: {
      data: [
        { status: 'canceled', is_default: false, payment: { payment_intent: 'pi_0' } },
        { status: 'paid', is_default: true, payment: { payment_intent: { id: 'pi_1', latest_charge: 'ch_1' } } },
      ],
    },
  };

  it('follows the payment to its intent and charge, and the lines to what was paid for', () => {
    expect(readInvoice(part<Stripe.Invoice>(invoice))).toMatchObject({
      subscriptionId: 'sub_1',
      status: 'paid',
      reason: 'subscription_cycle',
      amountPaid: 2600n,
      tax: 200n,
      paymentIntentId: 'pi_1',
      chargeId: 'ch_1',
      periodEnd: new Date(500_000),
    });
  });

  it('reads an invoice of nothing: no payment, no tax, no subscription', () => {
    const bare = {
      ...invoice,
      parent: null,
      payments: undefined,
      total_taxes: null,
      status: null,
      billing_reason: 'manual',
    };
    expect(readInvoice(part<Stripe.Invoice>({ ...bare, lines: { data: [] } }))).toMatchObject({
      subscriptionId: null,
      status: 'draft',
      reason: 'other',
      tax: 0n,
      paymentIntentId: null,
      chargeId: null,
      periodEnd: new Date(100_000),
    });
  });
});

describe('readDispute', () => {
  const dispute = {
    id: 'du_1',
    charge: 'ch_1',
    payment_intent: 'pi_1',
    currency: 'usd',
    amount: 100,
    reason: 'fraudulent',
  };

  it.each([
    ['needs_response', 'open'],
    ['under_review', 'open'],
    ['warning_needs_response', 'open'],
    ['appeal_under_review', 'open'],
    ['something_new', 'open'],
    ['won', 'won'],
    ['lost', 'lost'],
    ['warning_closed', 'warning_closed'],
    ['prevented', 'warning_closed'],
  ])('reads %s as %s', (status, expected) => {
    expect(readDispute(part<Stripe.Dispute>({ ...dispute, status })).status).toBe(expected);
  });
});

describe('readBalanceTransaction', () => {
  it('keeps the sign and calls what it does not know "other"', () => {
    const refund = { id: 'txn_1', type: 'refund', source: 're_1', currency: 'usd', amount: -100, fee: 0, created: 5 };
    expect(readBalanceTransaction(part<Stripe.BalanceTransaction>(refund))).toEqual({
      id: 'txn_1',
      kind: 'refund',
      sourceId: 're_1',
      currency: 'USD',
      amount: -100n,
      fee: 0n,
      createdAt: new Date(5_000),
    });
    expect(readBalanceTransaction(part<Stripe.BalanceTransaction>({ ...refund, type: 'topup' })).kind).toBe('other');
  });
});
