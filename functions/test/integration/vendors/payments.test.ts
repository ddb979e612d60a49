import { inspect } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FaultInput } from '../../../../sandbox/src/core/faults.ts';
import { minor } from '../../../src/shared/money.ts';
import { member, need, starter, startStripeWorld } from './stripe-world.ts';
import type { StripeWorld } from './stripe-world.ts';

let world: StripeWorld;

beforeAll(async () => {
  world = await startStripeWorld();
});

afterAll(async () => {
  await world.sandbox.stop();
});

beforeEach(async () => {
  await world.sandbox.control.reset();
});

async function count(kind: string): Promise<number> {
  return (await world.sandbox.control.call<Record<string, number>>('GET', '/stripe/objects'))[kind] ?? 0;
}

const fault = (change: Partial<FaultInput>) =>
  world.sandbox.control.addFault({ vendor: 'stripe', kind: 'status', ...change });

describe('a customer', () => {
  it('is made once for a member, however often it is asked for', async () => {
    const [first, second] = await Promise.all([
      world.payments.ensureCustomer(member),
      world.payments.ensureCustomer(member),
    ]);
    expect(second).toEqual(first);
    expect(await world.payments.ensureCustomer(member)).toEqual(first);
    expect(await count('customers')).toBe(1);
  });

  it('is the same when name or language changed meanwhile', async () => {
    const first = await world.payments.ensureCustomer(member);
    expect(await world.payments.ensureCustomer({ ...member, name: 'Ada King', locale: 'en' })).toEqual(first);
  });

  it('is found again after Stripe has forgotten the key', async () => {
    const first = await world.payments.ensureCustomer(member);
    await world.sandbox.control.advanceClock(25 * 3600);
    expect(await world.payments.ensureCustomer(member)).toEqual(first);
    expect(await count('customers')).toBe(1);
  });

  it('is never another person’s with the same address', async () => {
    const first = await world.payments.ensureCustomer(member);
    const second = await world.payments.ensureCustomer({ ...member, memberId: 'mem_2' });
    expect(second.customerId).not.toBe(first.customerId);
  });

  it('may have neither address nor name', async () => {
    const bare = { ...member, email: null, name: null };
    expect(await world.payments.ensureCustomer(bare)).toEqual(await world.payments.ensureCustomer(bare));
  });

  it('that was made before a time-out is the one that the next attempt gets', async () => {
    await fault({ kind: 'works-then-hangs', method: 'POST', path: '/v1/customers', times: 3 });
    await expect(world.client({ timeoutMs: 200 }).ensureCustomer(member)).rejects.toMatchObject({
      code: 'vendor.unavailable',
    });
    await world.sandbox.control.clearFaults();
    await world.payments.ensureCustomer(member);
    expect(await count('customers')).toBe(1);
  });

  it('can be erased, twice too', async () => {
    const { customerId } = await world.payments.ensureCustomer(member);
    await world.payments.eraseCustomer(customerId);
    await world.payments.eraseCustomer(customerId);
    await world.payments.eraseCustomer('cus_of_another_account');
    expect(await count('customers')).toBe(0);
  });
});

describe('a price', () => {
  it('is made once with its product', async () => {
    const first = await world.payments.syncPrice(starter);
    expect(await world.payments.syncPrice(starter)).toEqual(first);
    expect([await count('products'), await count('prices')]).toEqual([1, 1]);
  });

  it('that changes gets a new one under the same key, also back and forth within a day', async () => {
    const first = await world.payments.syncPrice(starter);
    const dearer = { ...starter, amount: minor('USD', 200n) };
    const second = await world.payments.syncPrice(dearer);
    const third = await world.payments.syncPrice(starter);
    expect(new Set([first.priceId, second.priceId, third.priceId]).size).toBe(3);
    expect(await world.payments.syncPrice(starter)).toEqual(third);
  });

  it('follows the name of its product', async () => {
    await world.payments.syncPrice(starter);
    await world.payments.syncPrice({ ...starter, productName: 'eSIM first steps' });
    const { data } = await world.sandbox.control.call<{ data: { name: string }[] }>('GET', '/stripe/objects/products');
    expect(data.map(({ name }) => name)).toEqual(['eSIM first steps']);
  });

  it('of the same product exists in each currency and interval', async () => {
    const prices = [
      starter,
      { ...starter, lookupKey: 'esim_starter:CAD', currency: 'CAD' as const, amount: minor('CAD', 139n) },
      { ...starter, lookupKey: 'esim_starter:USD:month', interval: 'month' as const },
    ];
    const ids = await Promise.all(prices.map((price) => world.payments.syncPrice(price)));
    expect(new Set(ids.map(({ priceId }) => priceId)).size).toBe(3);
  });
});

describe('a checkout session', () => {
  it('leads to the payment page with our ids, the total and its end', async () => {
    const { input, session } = await world.openSession();
    expect(session).toMatchObject({
      orderId: 'ord_1',
      customerId: input.customerId,
      status: 'open',
      paymentStatus: 'unpaid',
      currency: 'USD',
      total: 100n,
      tax: 0n,
      shipping: 0n,
      paymentIntentId: null,
    });
    expect(session.url).toContain(world.sandbox.urls.stripe);
    expect(Math.abs(session.expiresAt.getTime() - input.expiresAt.getTime())).toBeLessThan(1_000);
  });

  it('is opened once for an order, however often it is asked for', async () => {
    const { input, session } = await world.openSession();
    expect(await world.payments.createSession(input)).toEqual(session);
    expect(await count('sessions')).toBe(1);
  });

  it('of a reduced order costs less by exactly that, and its coupon is made once, however often it is asked for', async () => {
    const coupon = { amount: minor('USD', 25n), currency: 'USD', duration: 'once', name: 'Summer' } as const;
    const { input } = await world.openSession();
    const reduced = { ...input, orderId: 'ord_2', coupon };
    await fault({ kind: 'works-then-hangs', method: 'POST', path: '/v1/coupons', times: 3 });
    await expect(world.client({ timeoutMs: 200 }).createSession(reduced)).rejects.toMatchObject({
      code: 'vendor.unavailable',
    });
    await world.sandbox.control.clearFaults();
    const session = await world.payments.createSession(reduced);
    expect(session).toMatchObject({ total: 75n, discount: 25n });
    expect(await world.payments.createSession(reduced)).toEqual(session);
    expect(await count('coupons')).toBe(1);
    const other = { ...reduced, coupon: { ...coupon, amount: minor('USD', 26n) } };
    await expect(world.payments.createSession(other)).rejects.toMatchObject({ code: 'vendor.refused' });
  });

  it('that was opened before a time-out is the one that the next attempt gets', async () => {
    const { input } = await world.openSession();
    const second = { ...input, orderId: 'ord_2' };
    await fault({ kind: 'works-then-hangs', method: 'POST', path: '/v1/checkout/sessions', times: 3 });
    await expect(world.client({ timeoutMs: 200 }).createSession(second)).rejects.toMatchObject({
      code: 'vendor.unavailable',
    });
    await world.sandbox.control.clearFaults();
    const session = await world.payments.createSession(second);
    expect(session.orderId).toBe('ord_2');
    expect(await count('sessions')).toBe(2);
  });

  it('for a price that does not exist is refused for good', async () => {
    const lines = [{ priceId: 'price_none', quantity: 1 }];
    await expect(world.openSession({ lines })).rejects.toMatchObject({ code: 'vendor.refused', retry: false });
  });

  it('that ends too soon is refused for good', async () => {
    const expiresAt = new Date((await world.now()).getTime() + 60_000);
    await expect(world.openSession({ expiresAt })).rejects.toMatchObject({ code: 'vendor.refused' });
  });

  it('that is paid is complete, and its payment leads back to the order', async () => {
    const { session } = await world.openSession();
    const paid = await world.pay(session);
    expect(paid).toMatchObject({ status: 'complete', paymentStatus: 'paid', total: 100n });
    const { data } = await world.sandbox.control.call<{ data: { metadata: object }[] }>(
      'GET',
      '/stripe/objects/paymentIntents',
    );
    expect(data[0]?.metadata).toEqual({ order_id: 'ord_1', member_id: 'mem_1' });
  });

  it('that is paid by bank is complete while the money is on its way', async () => {
    const { session } = await world.openSession();
    const paying = await world.pay(session, { method: 'bank_debit' });
    expect(paying).toMatchObject({ status: 'complete', paymentStatus: 'unpaid' });
    await world.sandbox.control.call('POST', `/stripe/sessions/${session.id}/settle`, { outcome: 'succeed' });
    expect(need(await world.payments.getSession(session.id)).paymentStatus).toBe('paid');
  });

  it('can be closed while it is open, and closing it again changes nothing', async () => {
    const { session } = await world.openSession();
    expect((await world.payments.expireSession(session.id)).status).toBe('expired');
    expect((await world.payments.expireSession(session.id)).status).toBe('expired');
  });

  it('that the member paid first stays complete when we close it', async () => {
    const { session } = await world.openSession();
    await world.pay(session);
    expect(await world.payments.expireSession(session.id)).toMatchObject({ status: 'complete', paymentStatus: 'paid' });
  });

  it('is in Canadian dollars for a Canadian price', async () => {
    const price = { lookupKey: 'esim_starter:CAD', currency: 'CAD' as const, amount: minor('CAD', 139n) };
    const { session } = await world.openSession({}, price);
    expect(session).toMatchObject({ currency: 'CAD', total: 139n });
  });
});

describe('what another account owns, or nobody', () => {
  it('does not exist', async () => {
    const { payments } = world;
    expect(await payments.getSession('cs_test_none')).toBeNull();
    expect(await payments.getCharge('ch_none')).toBeNull();
    expect(await payments.getChargeOfPayment('pi_none')).toBeNull();
    expect(await payments.getRefund('re_none')).toBeNull();
    expect(await payments.getSubscription('sub_none')).toBeNull();
    expect(await payments.getInvoice('in_none')).toBeNull();
    expect(await payments.getDispute('du_none')).toBeNull();
    expect(await payments.listRefunds('pi_none')).toEqual([]);
  });
});

describe('when Stripe misbehaves', () => {
  it.each([
    ['an outage', { status: 500 }],
    ['a page of HTML', { status: 502, html: true }],
  ])('a call survives %s that passes', async (_, change) => {
    await fault({ ...change, times: 2 });
    expect((await world.payments.ensureCustomer(member)).customerId).toMatch(/^cus_/);
  });

  it.each([
    ['an outage that stays', { status: 503 }],
    [
      'a limit',
      { status: 429, body: { error: { type: 'invalid_request_error', code: 'rate_limit', message: 'slow down' } } },
    ],
    ['HTML with status 200', { status: 200, html: true }],
  ])('%s is to be retried', async (_, change) => {
    await fault({ ...change, times: 20 });
    await expect(world.payments.getSession('cs_test_none')).rejects.toMatchObject({
      code: 'vendor.unavailable',
      retry: true,
    });
  });

  it('a hang ends at the time limit of its attempts', async () => {
    await fault({ kind: 'hang', times: 3 });
    await expect(world.client({ timeoutMs: 150 }).getCharge('ch_1')).rejects.toMatchObject({
      code: 'vendor.unavailable',
    });
  });

  it('a wrong key is retried until an operator repairs it, and not shown', async () => {
    const failure = await world
      .client({ secretKey: 'sk_test_wrong' })
      .getCharge('ch_1')
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'vendor.unavailable' });
    expect(inspect(failure, { depth: 10 })).not.toContain('sk_test_wrong');
  });

  it('no error shows what the member typed', async () => {
    const bad = { ...member, email: 'ada at example' };
    const failure = await world.payments.ensureCustomer(bad).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'vendor.refused' });
    expect(inspect(failure, { depth: 10 })).not.toMatch(/ada at example|Lovelace/);
  });
});
