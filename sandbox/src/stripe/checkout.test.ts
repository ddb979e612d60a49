import type { Stripe } from 'stripe';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { idOf } from './tables.ts';
import { containing, GOOD_CARD, makePrice, openSession, pay, post, startStripeBench } from './testing.ts';
import type { StripeBench } from './testing.ts';

let bench: StripeBench;
let price: Stripe.Price;
beforeAll(async () => {
  bench = await startStripeBench();
  price = await makePrice(bench.stripe, 2000);
});
afterAll(() => bench.stop());

const refusal = (call: Promise<unknown>) =>
  call.then(
    () => 'answered',
    (error: unknown) => error,
  );
const customerOf = () => bench.stripe.customers.create({ email: 'payer@dotm.test', name: 'Ada Member' });

/** The events about a session and its payment in the order they were made; deliveries run side by side and may overtake. */
async function typesFor(session: Stripe.Checkout.Session, intent: string): Promise<string[]> {
  const events = await bench.control.list<Stripe.Event>('events');
  const about = events.filter((it) => {
    const object = it.data.object as { id: string; payment_intent?: string };
    return object.id === session.id || object.id === intent || object.payment_intent === intent;
  });
  return about.map((it) => it.type).reverse();
}

test('a good card pays: session, payment intent, charge and fee agree, and events come in order', async () => {
  const customer = await customerOf();
  const session = await openSession(bench.stripe, price, {
    customer: customer.id,
    client_reference_id: 'ord_1',
    metadata: { orderId: 'ord_1' },
    payment_intent_data: { metadata: { orderId: 'ord_1' } },
  });
  expect(session).toMatchObject({ status: 'open', payment_status: 'unpaid', payment_intent: null, amount_total: 2000 });
  const answer = await pay(session);
  expect(answer).toMatchObject({ status: 303, location: `http://shop.test/ok?session=${session.id}` });
  const done = await bench.stripe.checkout.sessions.retrieve(session.id, {
    expand: ['line_items', 'payment_intent.latest_charge.balance_transaction'],
  });
  expect(done).toMatchObject({
    status: 'complete',
    payment_status: 'paid',
    url: null,
    client_reference_id: 'ord_1',
    line_items: { data: [{ quantity: 1, amount_total: 2000, price: { id: price.id } }] },
    payment_intent: {
      status: 'succeeded',
      metadata: { orderId: 'ord_1' },
      amount_received: 2000,
      latest_charge: {
        status: 'succeeded',
        paid: true,
        balance_transaction: { amount: 2000, fee: 88, net: 1912, type: 'charge' },
      },
    },
  });
  const intent = done.payment_intent as Stripe.PaymentIntent;
  const completed = await bench.event('checkout.session.completed', session.id);
  expect(completed.data.object).toMatchObject({
    payment_status: 'paid',
    metadata: { orderId: 'ord_1' },
    payment_intent: intent.id,
  });
  expect(await typesFor(session, intent.id)).toEqual([
    'payment_intent.created',
    'charge.succeeded',
    'payment_intent.succeeded',
    'checkout.session.completed',
  ]);
  const receipt = await fetch((intent.latest_charge as Stripe.Charge).receipt_url ?? '');
  expect(await receipt.text()).toContain('$20.00');
});

test('a double click on pay charges once', async () => {
  const session = await openSession(bench.stripe, price, { customer_email: 'twice@dotm.test' });
  const answers = await Promise.all([pay(session), pay(session), pay(session)]);
  expect(answers.map((it) => it.location)).toEqual(Array(3).fill(`http://shop.test/ok?session=${session.id}`));
  const done = await bench.stripe.checkout.sessions.retrieve(session.id);
  expect((await bench.stripe.charges.list({ payment_intent: idOf(done.payment_intent) ?? '' })).data).toHaveLength(1);
});

test('a declined card is told on the page, leaves the session open, and another card then pays', async () => {
  const session = await openSession(bench.stripe, price, { customer_email: 'declined@dotm.test' });
  const answer = await pay(session, { ...GOOD_CARD, card: '4000000000000002' });
  expect(answer.status).toBe(402);
  expect(answer.html).toContain('Your card was declined.');
  expect(answer.html).not.toContain('4000000000000002');
  const open = await bench.stripe.checkout.sessions.retrieve(session.id, { expand: ['payment_intent'] });
  expect(open).toMatchObject({
    status: 'open',
    payment_intent: {
      status: 'requires_payment_method',
      last_payment_error: { code: 'card_declined', decline_code: 'generic_decline' },
    },
  });
  expect((await pay(session)).status).toBe(303);
  const intent = (open.payment_intent as Stripe.PaymentIntent).id;
  await bench.event('checkout.session.completed', session.id);
  expect(await typesFor(session, intent)).toEqual([
    'payment_intent.created',
    'charge.failed',
    'payment_intent.payment_failed',
    'charge.succeeded',
    'payment_intent.succeeded',
    'checkout.session.completed',
  ]);
});

test('bad form input is told on the page without an attempt', async () => {
  const session = await openSession(bench.stripe, price);
  expect((await pay(session)).html).toContain('Enter your e-mail address.');
  const answer = await pay(session, { ...GOOD_CARD, email: 'guest@dotm.test', exp: '01/20' });
  expect(answer).toMatchObject({ status: 400, html: containing('The card has expired.') });
  expect((await bench.stripe.checkout.sessions.retrieve(session.id)).payment_intent).toBeNull();
  expect((await pay(session, { ...GOOD_CARD, email: 'guest@dotm.test' })).status).toBe(303);
  expect(await bench.stripe.checkout.sessions.retrieve(session.id)).toMatchObject({
    customer: null,
    customer_details: { email: 'guest@dotm.test', name: 'Ada Member' },
  });
});

describe('a card that asks for authentication', () => {
  const CHALLENGED = { ...GOOD_CARD, card: '4000002500003155' };

  test('pays once its owner authenticated', async () => {
    const session = await openSession(bench.stripe, price, { customer_email: 'auth@dotm.test' });
    const asked = await pay(session, CHALLENGED);
    expect(asked.location).toBe(`${session.url}/authenticate`);
    expect(await (await fetch(asked.location ?? '')).text()).toContain('Complete authentication');
    expect(await bench.stripe.checkout.sessions.retrieve(session.id, { expand: ['payment_intent'] })).toMatchObject({
      payment_intent: { status: 'requires_action' },
    });
    const done = await post(asked.location ?? '', { result: 'complete' });
    expect(done.location).toContain('http://shop.test/ok');
    expect(await bench.stripe.checkout.sessions.retrieve(session.id)).toMatchObject({ payment_status: 'paid' });
  });

  test('leaves the session open when its owner fails', async () => {
    const session = await openSession(bench.stripe, price, { customer_email: 'auth@dotm.test' });
    const asked = await pay(session, CHALLENGED);
    const failed = await post(asked.location ?? '', { result: 'fail' });
    expect(failed).toMatchObject({ status: 402, html: containing('could not authenticate') });
    expect(await bench.stripe.checkout.sessions.retrieve(session.id, { expand: ['payment_intent'] })).toMatchObject({
      status: 'open',
      payment_intent: { last_payment_error: { code: 'payment_intent_authentication_failure' } },
    });
  });
});

describe('a bank debit', () => {
  const BANK = { method: 'bank_debit', name: 'Ada Member' };
  const openPaid = async () => {
    const session = await openSession(bench.stripe, price, { customer_email: 'bank@dotm.test' });
    expect((await pay(session, BANK)).status).toBe(303);
    expect((await bench.event('checkout.session.completed', session.id)).data.object).toMatchObject({
      payment_status: 'unpaid',
    });
    return session;
  };

  test('completes the session unpaid, and is paid when control settles it', async () => {
    const session = await openPaid();
    await bench.control.settleSession(session.id, 'succeed');
    expect((await bench.event('checkout.session.async_payment_succeeded', session.id)).data.object).toMatchObject({
      payment_status: 'paid',
    });
    await expect(bench.control.settleSession(session.id, 'fail')).rejects.toMatchObject({ status: 400, field: 'id' });
  });

  test('fails when control says so, and cannot be refunded then', async () => {
    const session = await openPaid();
    await bench.control.settleSession(session.id, 'fail');
    await bench.event('checkout.session.async_payment_failed', session.id);
    const done = await bench.stripe.checkout.sessions.retrieve(session.id, { expand: ['payment_intent'] });
    expect(done).toMatchObject({ payment_status: 'unpaid', payment_intent: { status: 'requires_payment_method' } });
    const intent = done.payment_intent as Stripe.PaymentIntent;
    expect(await refusal(bench.stripe.refunds.create({ payment_intent: intent.id }))).toMatchObject({
      message: containing('does not have a successful charge to refund'),
    });
  });
});

test('a card saved with consent is offered next time and pays without being typed', async () => {
  const customer = await customerOf();
  const options = { saved_payment_method_options: { payment_method_save: 'enabled' } };
  const first = await openSession(bench.stripe, price, { customer: customer.id, ...options });
  await pay(first, { ...GOOD_CARD, save: '1' });
  const [saved] = (await bench.stripe.customers.listPaymentMethods(customer.id, { type: 'card' })).data;
  expect(saved).toMatchObject({ allow_redisplay: 'always', card: { brand: 'visa', last4: '4242' } });
  const second = await openSession(bench.stripe, price, { customer: customer.id });
  expect(await (await fetch(second.url ?? '')).text()).toContain('Visa ending in 4242');
  expect((await pay(second, { saved: saved?.id ?? '' })).status).toBe(303);
  const stranger = await openSession(bench.stripe, price, { customer: (await customerOf()).id });
  expect((await pay(stranger, { saved: saved?.id ?? '' })).status).toBe(400);
});

test('the page speaks the language of the session, else of the browser', async () => {
  const french = await openSession(bench.stripe, price, { locale: 'fr' });
  const html = await (await fetch(french.url ?? '')).text();
  expect(html).toContain('lang="fr"');
  expect(html).toMatch(/Payer 20,00\s\$US|Payer 20,00\s\$/u);
  const auto = await openSession(bench.stripe, price);
  const answer = await fetch(auto.url ?? '', { headers: { 'accept-language': 'fr-CA,fr;q=0.9' } });
  expect(await answer.text()).toContain('Numéro de carte');
});

test('a program can pay and read the outcome as JSON', async () => {
  const session = await openSession(bench.stripe, price, { customer_email: 'json@dotm.test' });
  const ask = (form: Record<string, string>) =>
    fetch(`${session.url}/pay`, {
      method: 'POST',
      headers: { accept: 'application/json' },
      body: new URLSearchParams(form),
    });
  expect(await (await ask({ ...GOOD_CARD, card: '4000000000009995' })).json()).toMatchObject({
    status: 'open',
    error: { code: 'card_declined', decline_code: 'insufficient_funds' },
  });
  expect(await (await ask(GOOD_CARD)).json()).toEqual({
    status: 'complete',
    redirect_url: `http://shop.test/ok?session=${session.id}`,
  });
});

test('a session can be expired by API, once, and its page says so', async () => {
  const session = await openSession(bench.stripe, price);
  expect(await bench.stripe.checkout.sessions.expire(session.id)).toMatchObject({ status: 'expired', url: null });
  await bench.event('checkout.session.expired', session.id);
  expect(await refusal(bench.stripe.checkout.sessions.expire(session.id))).toMatchObject({ statusCode: 400 });
  const page = await fetch(session.url ?? '');
  expect([page.status, await page.text()]).toEqual([410, containing('expired')]);
  expect((await pay(session, { ...GOOD_CARD, email: 'late@dotm.test' })).status).toBe(410);
});

test('a session that costs nothing completes without a payment', async () => {
  const free = await makePrice(bench.stripe, 0);
  const session = await openSession(bench.stripe, free, { customer_email: 'free@dotm.test' });
  expect((await pay(session, {})).status).toBe(303);
  expect(await bench.stripe.checkout.sessions.retrieve(session.id)).toMatchObject({
    status: 'complete',
    payment_status: 'no_payment_required',
    payment_intent: null,
  });
});

test('an invoice is made for a one-time payment that asked for one', async () => {
  const customer = await customerOf();
  const session = await openSession(bench.stripe, price, {
    customer: customer.id,
    invoice_creation: { enabled: true, invoice_data: { metadata: { orderId: 'ord_9' } } },
  });
  await pay(session);
  const done = await bench.stripe.checkout.sessions.retrieve(session.id, { expand: ['invoice.payments'] });
  expect(done.invoice).toMatchObject({
    status: 'paid',
    billing_reason: 'manual',
    metadata: { orderId: 'ord_9' },
    payments: { data: [{ payment: { payment_intent: done.payment_intent } }] },
  });
});

test('requests that the real API refuses are refused', async () => {
  const { stripe } = bench;
  const monthly = await makePrice(stripe, 500, { interval: 'month' });
  const cad = await makePrice(stripe, 500, { currency: 'cad' });
  const inactive = await stripe.prices.update((await makePrice(stripe, 500)).id, { active: false });
  const now = Math.floor(Date.now() / 1000);
  const cases: [Partial<Stripe.Checkout.SessionCreateParams>, object][] = [
    [
      { line_items: [{ price: 'price_none', quantity: 1 }] },
      { code: 'resource_missing', param: 'line_items[0][price]' },
    ],
    [{ line_items: [{ price: price.id }] }, { code: 'parameter_missing', param: 'line_items[0][quantity]' }],
    [{ line_items: [{ price: monthly.id, quantity: 1 }] }, { message: containing('passed a recurring price') }],
    [{ mode: 'subscription' }, { message: containing('at least one recurring price') }],
    [{ line_items: [{ price: inactive.id, quantity: 1 }] }, { message: containing('inactive') }],
    [{ line_items: [price, cad].map((it) => ({ price: it.id, quantity: 1 })) }, { param: 'line_items' }],
    [{ expires_at: now + 60 }, { param: 'expires_at', message: containing('at least 30 minutes') }],
    [{ expires_at: now + 90_000 }, { param: 'expires_at', message: containing('less than 24 hours') }],
    [{ subscription_data: { metadata: { a: 'b' } } }, { param: 'subscription_data' }],
    [{ success_url: 'shop.test' }, { code: 'url_invalid', param: 'success_url' }],
    [{ customer: 'cus_none' }, { code: 'resource_missing', param: 'customer' }],
    [{ mode: 'gift' }, { param: 'mode' }],
    [{ line_items: [] }, { code: 'parameter_missing', param: 'line_items' }],
  ];
  for (const [change, expected] of cases) {
    expect(await refusal(openSession(stripe, price, change)), JSON.stringify(change)).toMatchObject(expected);
  }
});
