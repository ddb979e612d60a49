import type { Stripe } from 'stripe';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { idOf } from './tables.ts';
import { makePrice, openSession, pay, startStripeBench } from './testing.ts';
import type { StripeBench } from './testing.ts';

let bench: StripeBench;
let basic: Stripe.Price;
let full: Stripe.Price;
let monthly: Stripe.Price;
beforeAll(async () => {
  bench = await startStripeBench();
  basic = await makePrice(bench.stripe, 2400, { interval: 'year' });
  full = await makePrice(bench.stripe, 6600, { interval: 'year' });
  monthly = await makePrice(bench.stripe, 700, { interval: 'month' });
});
afterAll(() => bench.stop());

const refusal = (call: Promise<unknown>) =>
  call.then(
    () => 'answered',
    (error: unknown) => error,
  );

async function subscribe(price: Stripe.Price, change: Partial<Stripe.Checkout.SessionCreateParams> = {}) {
  const customer = await bench.stripe.customers.create({ email: 'payer@dotm.test' });
  const session = await openSession(bench.stripe, price, { customer: customer.id, ...change });
  await pay(session, {
    card: '4242 4242 4242 4242',
    exp: '12 / 34',
    cvc: '123',
    name: 'Ada',
    country: 'CA',
    state: 'QC',
  });
  const done = await bench.stripe.checkout.sessions.retrieve(session.id, { expand: ['subscription'] });
  const subscription = done.subscription as Stripe.Subscription;
  const item = subscription.items.data[0];
  if (!item) throw new Error('no item');
  return { subscription, item, customer: customer.id };
}

test('a preview and the change at the same time of proration agree, and the period stays', async () => {
  const { subscription, item } = await subscribe(basic);
  const half = Math.floor((item.current_period_start + item.current_period_end) / 2);
  const change = {
    items: [{ id: item.id, price: full.id }],
    proration_behavior: 'always_invoice' as const,
    proration_date: half,
  };
  const preview = await bench.stripe.invoices.createPreview({
    subscription: subscription.id,
    subscription_details: change,
  });
  expect(preview.lines.data.map(({ amount }) => amount)).toEqual([-1200, 3300]);
  expect(preview).toMatchObject({ total: 2100, amount_due: 2100 });
  const before = await bench.stripe.charges.list({ limit: 100 });
  const changed = await bench.stripe.subscriptions.update(
    subscription.id,
    {
      ...change,
      payment_behavior: 'error_if_incomplete',
      metadata: { plan_change_id: 'plc_1' },
      expand: ['latest_invoice'],
    },
    { idempotencyKey: 'plc_1' },
  );
  expect(changed.items.data[0]).toMatchObject({
    price: { id: full.id },
    current_period_start: item.current_period_start,
    current_period_end: item.current_period_end,
  });
  expect(changed.latest_invoice).toMatchObject({
    billing_reason: 'subscription_update',
    status: 'paid',
    amount_paid: 2100,
    parent: { subscription_details: { metadata: { plan_change_id: 'plc_1' } } },
  });
  expect((await bench.stripe.charges.list({ limit: 100 })).data).toHaveLength(before.data.length + 1);
  await bench.control.renewSubscription(subscription.id);
  const { data } = await bench.stripe.invoices.list({ subscription: subscription.id });
  expect(data[0]).toMatchObject({ billing_reason: 'subscription_cycle', amount_paid: 6600 });
});

test('a change that the card refuses leaves everything as it was', async () => {
  const { subscription, item, customer } = await subscribe(basic);
  await bench.control.setCardFails(customer, true);
  const call = bench.stripe.subscriptions.update(subscription.id, {
    items: [{ id: item.id, price: full.id }],
    proration_behavior: 'always_invoice',
    payment_behavior: 'error_if_incomplete',
  });
  expect(await refusal(call)).toMatchObject({ type: 'StripeCardError', statusCode: 402 });
  const now = await bench.stripe.subscriptions.retrieve(subscription.id);
  expect(JSON.stringify(now.items)).toBe(JSON.stringify(subscription.items));
  expect(now.latest_invoice).toEqual(subscription.latest_invoice);
  expect((await bench.stripe.invoices.list({ subscription: subscription.id })).data).toHaveLength(1);
});

test('another rhythm begins a new period now', async () => {
  const { subscription, item } = await subscribe(monthly);
  const changed = await bench.stripe.subscriptions.update(subscription.id, {
    items: [{ id: item.id, price: full.id }],
    proration_behavior: 'always_invoice',
    proration_date: item.current_period_start,
    payment_behavior: 'error_if_incomplete',
    expand: ['latest_invoice'],
  });
  expect((changed.latest_invoice as Stripe.Invoice).lines.data.map(({ amount }) => amount)).toEqual([-700, 6600]);
  const period = changed.items.data[0];
  expect((period?.current_period_end ?? 0) - (period?.current_period_start ?? 0)).toBeGreaterThan(364 * 86_400);
});

test('a change to another rhythm with a trial until the period ends costs nothing before then', async () => {
  const { subscription, item } = await subscribe(full);
  const changed = await bench.stripe.subscriptions.update(subscription.id, {
    items: [{ id: item.id, price: monthly.id }],
    proration_behavior: 'none',
    trial_end: item.current_period_end,
  });
  expect(changed).toMatchObject({ status: 'trialing', trial_end: item.current_period_end });
  expect((await bench.stripe.invoices.list({ subscription: subscription.id })).data).toHaveLength(1);
  await bench.control.renewSubscription(subscription.id);
  const after = await bench.stripe.subscriptions.retrieve(subscription.id, { expand: ['latest_invoice'] });
  expect(after).toMatchObject({ status: 'active', latest_invoice: { amount_paid: 700 } });
  expect(after.items.data[0]?.current_period_start).toBe(item.current_period_end);
});

test('tax goes with the credit as with the charge', async () => {
  const { subscription, item } = await subscribe(basic, {
    automatic_tax: { enabled: true },
    customer_update: { address: 'auto' },
  });
  const preview = await bench.stripe.invoices.createPreview({
    subscription: subscription.id,
    subscription_details: {
      items: [{ id: item.id, price: full.id }],
      proration_behavior: 'always_invoice',
      proration_date: item.current_period_start,
    },
  });
  expect(preview).toMatchObject({ subtotal: 4200, total_taxes: [{ amount: 988 - 359 }], total: 4829 });
  expect(idOf(preview.customer)).toBe(idOf(subscription.customer));
});
