import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Stripe } from 'stripe';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startTestSandbox } from '../testing/sandbox.ts';
import { idOf } from './tables.ts';
import { GOOD_CARD, makePrice, openSession, pay, sdkFor, startStripeBench } from './testing.ts';
import type { StripeBench } from './testing.ts';

const DAY = 86_400;
let bench: StripeBench;
beforeEach(async () => {
  bench = await startStripeBench();
});
afterEach(() => bench.stop());

async function subscribe(unitAmount = 2400, interval: 'month' | 'year' = 'year') {
  const customer = await bench.stripe.customers.create({ email: 'member@dotm.test' });
  const price = await makePrice(bench.stripe, unitAmount, { interval });
  const session = await openSession(bench.stripe, price, {
    customer: customer.id,
    subscription_data: { metadata: { orderId: 'ord_5' } },
  });
  expect((await pay(session)).status).toBe(303);
  const done = await bench.stripe.checkout.sessions.retrieve(session.id);
  return { customer, session: done, id: idOf(done.subscription) ?? '' };
}

test('a session expires at its time by the sandbox clock', async () => {
  const price = await makePrice(bench.stripe, 100);
  const expiresAt = Math.floor(Date.now() / 1000) + 1_860;
  const session = await openSession(bench.stripe, price, { expires_at: expiresAt });
  await bench.sandbox.control.advanceClock(1_500);
  expect((await bench.stripe.checkout.sessions.retrieve(session.id)).status).toBe('open');
  await bench.sandbox.control.advanceClock(400);
  expect((await bench.stripe.checkout.sessions.retrieve(session.id)).status).toBe('expired');
  expect(await bench.event('checkout.session.expired', session.id)).toMatchObject({ created: expiresAt });
});

test('after the clock was moved, sessions can still be opened by real time', async () => {
  await bench.sandbox.control.advanceClock(400 * DAY);
  const session = await openSession(bench.stripe, await makePrice(bench.stripe, 100), {
    expires_at: Math.floor(Date.now() / 1000) + 1_860,
  });
  expect(session.status).toBe('open');
  expect(session.expires_at).toBeGreaterThan(session.created + 1_800);
});

test('a bank debit settles by itself after four days', async () => {
  const session = await openSession(bench.stripe, await makePrice(bench.stripe, 100), {
    customer_email: 'a@dotm.test',
  });
  await pay(session, { method: 'bank_debit' });
  await bench.sandbox.control.advanceClock(4 * DAY + 1);
  await bench.event('checkout.session.async_payment_succeeded', session.id);
});

test('a membership is paid at checkout: subscription, invoice and events agree', async () => {
  const { session, id, customer } = await subscribe();
  expect(session).toMatchObject({ mode: 'subscription', payment_status: 'paid', payment_intent: null });
  const subscription = await bench.stripe.subscriptions.retrieve(id, {
    expand: ['latest_invoice.payments', 'default_payment_method'],
  });
  const item = subscription.items.data[0];
  expect(subscription).toMatchObject({
    status: 'active',
    metadata: { orderId: 'ord_5' },
    default_payment_method: { card: { last4: '4242' } },
    latest_invoice: {
      status: 'paid',
      billing_reason: 'subscription_create',
      amount_paid: 2400,
      parent: {
        type: 'subscription_details',
        subscription_details: { subscription: id, metadata: { orderId: 'ord_5' } },
      },
    },
  });
  expect((item?.current_period_end ?? 0) - (item?.current_period_start ?? 0)).toBeGreaterThanOrEqual(365 * DAY);
  const invoice = subscription.latest_invoice as Stripe.Invoice;
  const intent = idOf(invoice.payments?.data[0]?.payment.payment_intent) ?? '';
  const found = await bench.stripe.invoicePayments.list({
    payment: { type: 'payment_intent', payment_intent: intent },
  });
  expect(found.data[0]?.invoice).toBe(invoice.id);
  expect(await (await fetch(invoice.hosted_invoice_url ?? '')).text()).toContain('$24.00');
  // In the order they were made: deliveries run side by side and may overtake each other, as real ones do.
  const types = (await bench.control.list<Stripe.Event>('events')).map((it) => it.type).reverse();
  const wanted = [
    'customer.subscription.created',
    'invoice.created',
    'invoice.finalized',
    'charge.succeeded',
    'payment_intent.succeeded',
    'invoice.paid',
    'invoice.payment_succeeded',
    'customer.subscription.updated',
    'checkout.session.completed',
  ];
  expect(types.filter((type) => wanted.includes(type))).toEqual(wanted);
  expect((await bench.stripe.subscriptions.list({ customer: customer.id })).data).toHaveLength(1);
});

test('periods that pass bill the saved card, each once and as of its own time', async () => {
  const { id } = await subscribe(500, 'month');
  const before = await bench.stripe.subscriptions.retrieve(id);
  await bench.sandbox.control.advanceClock(63 * DAY);
  const invoices = (await bench.stripe.invoices.list({ subscription: id })).data;
  expect(invoices.map((it) => [it.status, it.billing_reason])).toEqual([
    ['paid', 'subscription_cycle'],
    ['paid', 'subscription_cycle'],
    ['paid', 'subscription_create'],
  ]);
  expect(invoices[1]?.created).toBe(before.items.data[0]?.current_period_end);
  expect(invoices[1]?.lines.data[0]?.period.start).toBe(before.items.data[0]?.current_period_end);
  expect(await bench.event('invoice.paid', invoices[0]?.id)).toBeTruthy();
});

test('a failing card makes the membership past due, is tried again, and paying heals it', async () => {
  const { id, customer } = await subscribe();
  await bench.control.setCardFails(customer.id, true);
  await bench.control.renewSubscription(id);
  const failed = await bench.event('invoice.payment_failed');
  expect(failed.data.object).toMatchObject({
    status: 'open',
    attempt_count: 1,
    next_payment_attempt: expect.any(Number) as number,
  });
  expect((await bench.stripe.subscriptions.retrieve(id)).status).toBe('past_due');
  await bench.control.setCardFails(customer.id, false);
  await bench.sandbox.control.advanceClock(3 * DAY + 1);
  expect(await bench.stripe.subscriptions.retrieve(id, { expand: ['latest_invoice'] })).toMatchObject({
    status: 'active',
    latest_invoice: { status: 'paid', attempt_count: 2 },
  });
});

test('a card that keeps failing ends the membership after the last retry', async () => {
  const { id, customer } = await subscribe();
  await bench.control.setCardFails(customer.id, true);
  await bench.control.renewSubscription(id);
  await bench.sandbox.control.advanceClock(20 * DAY);
  expect(await bench.stripe.subscriptions.retrieve(id)).toMatchObject({
    status: 'canceled',
    cancellation_details: { reason: 'payment_failed' },
  });
  const deleted = await bench.event('customer.subscription.deleted', id);
  expect((await bench.stripe.events.list({ type: 'invoice.payment_failed' })).data).toHaveLength(4);
  expect(deleted.data.object).toMatchObject({ status: 'canceled' });
});

test('a membership cancelled for its period end lasts until then and is not billed again', async () => {
  const { id } = await subscribe(500, 'month');
  const updated = await bench.stripe.subscriptions.update(id, { cancel_at_period_end: true });
  expect(updated).toMatchObject({ status: 'active', cancel_at: updated.items.data[0]?.current_period_end });
  const [told] = await bench.control.list<Stripe.Event>('events', 1);
  expect(told).toMatchObject({
    type: 'customer.subscription.updated',
    data: { object: { cancel_at_period_end: true }, previous_attributes: { cancel_at_period_end: false } },
  });
  await bench.sandbox.control.advanceClock(32 * DAY);
  expect(await bench.stripe.subscriptions.retrieve(id)).toMatchObject({ status: 'canceled' });
  expect((await bench.stripe.invoices.list({ subscription: id })).data).toHaveLength(1);
  await expect(bench.stripe.subscriptions.cancel(id)).rejects.toMatchObject({ code: 'resource_missing' });
});

test('cancelling now and deleting the customer end subscriptions at once', async () => {
  const first = await subscribe();
  expect(await bench.stripe.subscriptions.cancel(first.id)).toMatchObject({ status: 'canceled' });
  const second = await subscribe();
  await bench.stripe.customers.del(second.customer.id);
  await bench.event('customer.subscription.deleted', second.id);
});

test('a declined card leaves no subscription behind, and a free one needs no payment', async () => {
  const customer = await bench.stripe.customers.create({ email: 'beta@dotm.test' });
  const paid = await openSession(bench.stripe, await makePrice(bench.stripe, 500, { interval: 'month' }), {
    customer: customer.id,
  });
  expect((await pay(paid, { ...GOOD_CARD, card: '4000000000000002' })).status).toBe(402);
  expect((await bench.stripe.subscriptions.list({ customer: customer.id, status: 'all' })).data).toHaveLength(0);
  const free = await openSession(bench.stripe, await makePrice(bench.stripe, 0, { interval: 'month' }), {
    customer: customer.id,
    payment_method_collection: 'if_required',
  });
  expect((await pay(free, {})).status).toBe(303);
  const done = await bench.stripe.checkout.sessions.retrieve(free.id, { expand: ['subscription'] });
  expect(done).toMatchObject({ payment_status: 'no_payment_required', subscription: { status: 'active' } });
});

test('a reset empties the stand-in and it works on', async () => {
  await subscribe();
  await bench.sandbox.control.reset();
  expect((await bench.stripe.customers.list()).data).toHaveLength(0);
  const { id } = await subscribe(500, 'month');
  await bench.sandbox.control.advanceClock(32 * DAY);
  expect((await bench.stripe.invoices.list({ subscription: id })).data).toHaveLength(2);
});

test('a restart forgets neither objects nor what falls due', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'dotm-stripe-'));
  const dataFile = join(folder, 'sandbox.sqlite');
  const first = await startTestSandbox({ dataFile });
  const stripe = sdkFor(first.urls.stripe);
  const session = await openSession(stripe, await makePrice(stripe, 100));
  await first.stop();
  const second = await startTestSandbox({ dataFile });
  try {
    await second.control.advanceClock(DAY + 1);
    expect((await sdkFor(second.urls.stripe).checkout.sessions.retrieve(session.id)).status).toBe('expired');
  } finally {
    await second.stop();
    await rm(folder, { recursive: true });
  }
});
