import { afterAll, beforeAll, expect, test } from 'vitest';
import { idOf } from './tables.ts';
import { makePrice, openSession, pay, post, startStripeBench } from './testing.ts';
import type { StripeBench } from './testing.ts';

let bench: StripeBench;
beforeAll(async () => {
  bench = await startStripeBench();
});
afterAll(() => bench.stop());

async function member() {
  const customer = await bench.stripe.customers.create({ email: 'portal@dotm.test' });
  const session = await openSession(bench.stripe, await makePrice(bench.stripe, 2400, { interval: 'year' }), {
    customer: customer.id,
  });
  await pay(session);
  const subscription = idOf((await bench.stripe.checkout.sessions.retrieve(session.id)).subscription) ?? '';
  return { customer, subscription };
}

test('a customer sees subscriptions, cards and invoices, cancels for the period end and takes it back', async () => {
  const { customer, subscription } = await member();
  const portal = await bench.stripe.billingPortal.sessions.create({
    customer: customer.id,
    return_url: 'http://shop.test/account',
  });
  const page = async () => (await fetch(portal.url)).text();
  const html = await page();
  for (const text of ['$24.00 per year', 'Visa ending in 4242', 'Renews on', 'http://shop.test/account'])
    expect(html).toContain(text);
  expect((await post(`${portal.url}/subscriptions/${subscription}/cancel`, {})).status).toBe(303);
  expect(await bench.stripe.subscriptions.retrieve(subscription)).toMatchObject({ cancel_at_period_end: true });
  expect(await page()).toContain('Keep subscription');
  await post(`${portal.url}/subscriptions/${subscription}/resume`, {});
  expect(await bench.stripe.subscriptions.retrieve(subscription)).toMatchObject({
    cancel_at_period_end: false,
    cancel_at: null,
  });
  const methods = (await bench.stripe.customers.listPaymentMethods(customer.id)).data;
  await post(`${portal.url}/methods/${methods[0]?.id ?? ''}/remove`, {});
  expect((await bench.stripe.customers.listPaymentMethods(customer.id)).data).toHaveLength(0);
});

test("another customer's link changes nothing, and an old link opens nothing", async () => {
  const { subscription } = await member();
  const other = await bench.stripe.customers.create({ email: 'other@dotm.test' });
  const portal = await bench.stripe.billingPortal.sessions.create({ customer: other.id });
  await post(`${portal.url}/subscriptions/${subscription}/cancel`, {});
  expect(await bench.stripe.subscriptions.retrieve(subscription)).toMatchObject({ cancel_at_period_end: false });
  await bench.sandbox.control.advanceClock(3_700);
  expect((await fetch(portal.url)).status).toBe(410);
  expect((await fetch(`${bench.sandbox.urls.stripe}/p/session/none`)).status).toBe(410);
});
