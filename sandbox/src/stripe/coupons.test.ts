import type { Stripe } from 'stripe';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reckon } from './amounts.ts';
import { idOf } from './tables.ts';
import { containing, makePrice, openSession, pay, startStripeBench } from './testing.ts';
import type { StripeBench } from './testing.ts';

let bench: StripeBench;
beforeAll(async () => {
  bench = await startStripeBench();
});
afterAll(() => bench.stop());

const refusal = (call: Promise<unknown>) =>
  call.then(
    () => 'answered',
    (error: unknown) => error,
  );
const customerOf = () => bench.stripe.customers.create({ email: 'payer@dotm.test', name: 'Ada Member' });
const couponOf = (id: string, duration: 'once' | 'forever', amount = 500) =>
  bench.stripe.coupons.create({
    id,
    amount_off: amount,
    currency: 'usd',
    duration,
    name: 'Network bundle',
    max_redemptions: 1,
  });

describe('coupons', () => {
  test('one of an id that is taken is refused by the code that callers recognise, and can be read', async () => {
    await couponOf('ord_a', 'once');
    expect(await refusal(couponOf('ord_a', 'once'))).toMatchObject({ code: 'resource_already_exists', param: 'id' });
    expect(await bench.stripe.coupons.retrieve('ord_a')).toMatchObject({
      amount_off: 500,
      currency: 'usd',
      valid: true,
    });
    expect(await refusal(bench.stripe.coupons.retrieve('ord_none'))).toMatchObject({ code: 'resource_missing' });
  });

  test('one of another currency is refused', async () => {
    await couponOf('ord_b', 'once');
    const price = await makePrice(bench.stripe, 2000, { currency: 'cad' });
    const call = openSession(bench.stripe, price, { discounts: [{ coupon: 'ord_b' }] });
    expect(await refusal(call)).toMatchObject({ param: 'discounts[0][coupon]' });
  });

  test('a payment is charged less by it, the page says why, and it cannot be used twice', async () => {
    await couponOf('ord_c', 'once');
    const price = await makePrice(bench.stripe, 2000);
    const customer = await customerOf();
    const session = await openSession(bench.stripe, price, { customer: customer.id, discounts: [{ coupon: 'ord_c' }] });
    expect(session).toMatchObject({
      amount_subtotal: 2000,
      amount_total: 1500,
      total_details: { amount_discount: 500, amount_tax: 0 },
      discounts: [{ coupon: 'ord_c', promotion_code: null }],
    });
    const html = await (await fetch(session.url ?? '')).text();
    expect(html).toContain('Network bundle');
    expect(html).toContain('-$5.00');
    await pay(session);
    const done = await bench.stripe.checkout.sessions.retrieve(session.id, {
      expand: ['payment_intent.latest_charge'],
    });
    expect(done.payment_intent).toMatchObject({ latest_charge: { amount: 1500 } });
    const again = openSession(bench.stripe, price, { discounts: [{ coupon: 'ord_c' }] });
    expect(await refusal(again)).toMatchObject({ code: 'coupon_expired' });
  });

  test.each([
    ['forever', 1500],
    ['once', 2000],
  ] as const)('a subscription that began with one that holds %s renews at %i', async (duration, renewal) => {
    await couponOf(`ord_${duration}`, duration);
    const [price, once] = [
      await makePrice(bench.stripe, 2000, { interval: 'month' }),
      await makePrice(bench.stripe, 300),
    ];
    const customer = await customerOf();
    const session = await openSession(bench.stripe, price, {
      customer: customer.id,
      line_items: [price, once].map(({ id }) => ({ price: id, quantity: 1 })),
      discounts: [{ coupon: `ord_${duration}` }],
    });
    expect(session).toMatchObject({ amount_subtotal: 2300, amount_total: 1800 });
    await pay(session);
    const done = await bench.stripe.checkout.sessions.retrieve(session.id, { expand: ['invoice', 'subscription'] });
    expect(done.invoice).toMatchObject({
      subtotal: 2300,
      total: 1800,
      amount_paid: 1800,
      total_discount_amounts: [{ amount: 500 }],
    });
    const subscription = done.subscription as Stripe.Subscription;
    expect(subscription.discounts).toHaveLength(duration === 'forever' ? 1 : 0);
    await bench.control.renewSubscription(subscription.id);
    const latest = await bench.stripe.subscriptions.retrieve(subscription.id, {
      expand: ['latest_invoice.payments.data.payment.payment_intent'],
    });
    expect(latest.latest_invoice).toMatchObject({ billing_reason: 'subscription_cycle', amount_paid: renewal });
  });

  test('a session that a coupon makes free asks for no money', async () => {
    await couponOf('ord_free', 'once', 2000);
    const price = await makePrice(bench.stripe, 2000);
    const session = await openSession(bench.stripe, price, {
      customer: (await customerOf()).id,
      discounts: [{ coupon: 'ord_free' }],
    });
    expect(session).toMatchObject({ amount_total: 0, payment_status: 'no_payment_required' });
    await pay(session, {});
    const done = await bench.stripe.checkout.sessions.retrieve(session.id);
    expect(done).toMatchObject({ status: 'complete', payment_intent: null });
  });
});

describe('automatic tax', () => {
  const taxed = { automatic_tax: { enabled: true }, customer_update: { address: 'auto' as const } };

  test('needs somebody to say where the customer is', async () => {
    const price = await makePrice(bench.stripe, 2000);
    const customer = (await customerOf()).id;
    const call = openSession(bench.stripe, price, { customer, automatic_tax: { enabled: true } });
    expect(await refusal(call)).toMatchObject({ code: 'customer_tax_location_invalid' });
    const session = await openSession(bench.stripe, price, { customer, ...taxed });
    expect(session.automatic_tax).toMatchObject({ enabled: true, status: 'requires_location_inputs' });
    expect(await pay(session)).toMatchObject({ status: 400, html: containing('Choose your country.') });
  });

  test('is put on a discounted payment, its invoice and its charge', async () => {
    await couponOf('ord_taxed', 'once', 501);
    const price = await makePrice(bench.stripe, 2000);
    const session = await openSession(bench.stripe, price, {
      customer: (await customerOf()).id,
      discounts: [{ coupon: 'ord_taxed' }],
      invoice_creation: { enabled: true },
      ...taxed,
    });
    await fetch(`${session.url}/address`, {
      method: 'POST',
      body: new URLSearchParams({ country: 'CA', state: 'QC' }),
    });
    // 14.99 at 14.975 % is 2.2447…
    const located = await bench.stripe.checkout.sessions.retrieve(session.id);
    expect(located).toMatchObject({ amount_total: 1723, total_details: { amount_discount: 501, amount_tax: 224 } });
    await pay(session);
    const done = await bench.stripe.checkout.sessions.retrieve(session.id, {
      expand: ['payment_intent.latest_charge', 'invoice'],
    });
    expect(done.payment_intent).toMatchObject({ latest_charge: { amount: 1723 } });
    expect(done.invoice).toMatchObject({ total: 1723, total_excluding_tax: 1499, total_taxes: [{ amount: 224 }] });
    expect(done.customer_details?.address).toMatchObject({ country: 'CA', state: 'QC' });
  });

  test('is on every renewal, where the customer is by then', async () => {
    const price = await makePrice(bench.stripe, 2000, { interval: 'month' });
    const customer = await customerOf();
    const session = await openSession(bench.stripe, price, { customer: customer.id, ...taxed });
    const form = { card: '4242 4242 4242 4242', exp: '12 / 34', cvc: '123', name: 'Ada', country: 'DE' };
    expect((await pay(session, form)).status).toBe(303);
    const done = await bench.stripe.checkout.sessions.retrieve(session.id, { expand: ['invoice'] });
    expect(done.invoice).toMatchObject({ amount_paid: 2380, total_taxes: [{ amount: 380 }] });
    await bench.stripe.customers.update(customer.id, { address: { country: 'CA', state: 'ON' } });
    await bench.control.renewSubscription(idOf(done.subscription) ?? '');
    const { data } = await bench.stripe.invoices.list({ subscription: idOf(done.subscription) ?? '' });
    expect(data[0]).toMatchObject({ amount_paid: 2260, total_taxes: [{ amount: 260 }] });
  });
});

test('positions add up, whatever their order', () => {
  const coupon = { amount_off: 1000, percent_off: null };
  const one = reckon([333, 333, 334, 1], coupon, 149_750);
  const other = reckon([1, 334, 333, 333], coupon, 149_750);
  const sum = (amounts: typeof one, of: 'discount' | 'tax' | 'total') => amounts.reduce((all, it) => all + it[of], 0);
  expect(sum(one, 'discount')).toBe(1000);
  expect([sum(other, 'discount'), sum(other, 'tax'), sum(other, 'total')]).toEqual([
    sum(one, 'discount'),
    sum(one, 'tax'),
    sum(one, 'total'),
  ]);
  expect(one.every(({ discount, subtotal }) => discount <= subtotal)).toBe(true);
});
