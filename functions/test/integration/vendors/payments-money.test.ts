import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startReceiver, until } from '../../../../sandbox/src/testing/sandbox.ts';
import { minor } from '../../../src/shared/money.ts';
import type { PaymentSession } from '../../../src/vendors/payments/port.ts';
import { verifyPaymentEvent } from '../../../src/vendors/payments/webhook-signature.ts';
import { collect, need, startStripeWorld, WEBHOOK_SECRET } from './stripe-world.ts';
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

const basic = {
  lookupKey: 'basic_membership:USD',
  productId: 'basic_membership',
  productName: 'Basic',
  interval: 'year' as const,
};

async function paidSession(change: Parameters<StripeWorld['openSession']>[1] = {}): Promise<PaymentSession> {
  const { session } = await world.openSession({}, { amount: minor('USD', 2000n), ...change });
  return world.pay(session);
}

async function paidIntent(): Promise<string> {
  return need((await paidSession()).paymentIntentId);
}

const refund = (key: string, paymentIntentId: string, cents: bigint) =>
  world.payments.createRefund({ key, paymentIntentId, amount: minor('USD', cents), metadata: { order_id: 'ord_1' } });

describe('a charge', () => {
  it('is found by its payment and by its own id, with a receipt', async () => {
    const intent = await paidIntent();
    const charge = need(await world.payments.getChargeOfPayment(intent));
    expect(charge).toMatchObject({ paymentIntentId: intent, amount: 2000n, refunded: 0n, currency: 'USD', paid: true });
    expect((await fetch(need(charge.receiptUrl))).status).toBe(200);
    expect(await world.payments.getCharge(charge.id)).toEqual(charge);
  });
});

describe('a refund', () => {
  it('is made once for a key, however often it is asked for, and says what it is for', async () => {
    const intent = await paidIntent();
    const [first, second] = await Promise.all([refund('k1', intent, 500n), refund('k1', intent, 500n)]);
    expect(second).toEqual(first);
    expect(first).toMatchObject({ amount: 500n, status: 'succeeded', metadata: { order_id: 'ord_1', key: 'k1' } });
    expect(await world.payments.listRefunds(intent)).toEqual([first]);
    expect(await world.payments.getRefund(first.id)).toEqual(first);
    expect(need(await world.payments.getChargeOfPayment(intent)).refunded).toBe(500n);
  });

  it('is not made again after Stripe has forgotten the key', async () => {
    const intent = await paidIntent();
    const first = await refund('k1', intent, 500n);
    await world.sandbox.control.advanceClock(25 * 3600);
    expect((await refund('k1', intent, 500n)).id).toBe(first.id);
    expect(await world.payments.listRefunds(intent)).toHaveLength(1);
  });

  it('that was made before a time-out is the one that the next attempt gets', async () => {
    const intent = await paidIntent();
    await world.sandbox.control.addFault({
      vendor: 'stripe',
      kind: 'works-then-hangs',
      method: 'POST',
      path: '/v1/refunds',
      times: 3,
    });
    const impatient = world.client({ timeoutMs: 200 });
    const input = { key: 'k1', paymentIntentId: intent, amount: minor('USD', 2000n), metadata: {} };
    await expect(impatient.createRefund(input)).rejects.toMatchObject({ code: 'vendor.unavailable' });
    await world.sandbox.control.clearFaults();
    expect((await world.payments.createRefund(input)).amount).toBe(2000n);
    expect(await world.payments.listRefunds(intent)).toHaveLength(1);
  });

  it('in parts adds up, and no more than was paid is given back', async () => {
    const intent = await paidIntent();
    await refund('k1', intent, 500n);
    await refund('k2', intent, 1500n);
    await expect(refund('k3', intent, 1n)).rejects.toMatchObject({ code: 'vendor.refused', retry: false });
    expect(need(await world.payments.getChargeOfPayment(intent)).refunded).toBe(2000n);
  });
});

describe('a membership', () => {
  it('is active until the end of what its invoice paid', async () => {
    const session = await paidSession(basic);
    const subscription = need(await world.payments.getSubscription(need(session.subscriptionId)));
    expect(subscription).toMatchObject({
      status: 'active',
      items: [{ productId: 'basic_membership', interval: 'year', amount: 2000n, quantity: 1 }],
      cancelAtPeriodEnd: false,
      metadata: { order_id: 'ord_1', member_id: 'mem_1' },
    });
    const invoice = need(await world.payments.getInvoice(need(session.invoiceId)));
    expect(invoice).toMatchObject({
      subscriptionId: subscription.id,
      status: 'paid',
      reason: 'subscription_create',
      amountPaid: 2000n,
      tax: 0n,
      periodEnd: subscription.currentPeriodEnd,
    });
    const charge = need(await world.payments.getChargeOfPayment(need(invoice.paymentIntentId)));
    expect(charge.id).toBe(invoice.chargeId);
  });

  it('keeps its price after the price has been replaced', async () => {
    const session = await paidSession(basic);
    await world.openSession({ orderId: 'ord_2' }, { ...basic, amount: minor('USD', 2500n) });
    const subscription = need(await world.payments.getSubscription(need(session.subscriptionId)));
    expect(subscription.items).toMatchObject([{ productId: 'basic_membership', amount: 2000n }]);
  });

  it('can be cancelled at once, and cancelling it again changes nothing', async () => {
    const session = await paidSession(basic);
    const id = need(session.subscriptionId);
    expect((await world.payments.cancelSubscription(id)).status).toBe('canceled');
    expect((await world.payments.cancelSubscription(id)).status).toBe('canceled');
    await expect(world.payments.cancelSubscription('sub_none')).rejects.toMatchObject({ code: 'vendor.refused' });
  });

  it('is managed on the customer’s own portal', async () => {
    const session = await paidSession(basic);
    const { url } = await world.payments.createPortalSession({
      customerId: need(session.customerId),
      returnUrl: 'http://127.0.0.1:9/account',
      locale: 'fr',
    });
    expect((await fetch(url)).status).toBe(200);
  });
});

describe('a dispute', () => {
  it('is open until it is won or lost', async () => {
    const charge = need(await world.payments.getChargeOfPayment(await paidIntent()));
    const { id } = await world.sandbox.control.call<{ id: string }>('POST', '/stripe/disputes', { charge: charge.id });
    expect(await world.payments.getDispute(id)).toMatchObject({ chargeId: charge.id, amount: 2000n, status: 'open' });
    await world.sandbox.control.call('POST', `/stripe/disputes/${id}/close`, { outcome: 'lost' });
    expect(need(await world.payments.getDispute(id)).status).toBe('lost');
  });
});

describe('balance transactions', () => {
  it('list what moved in a time, with sign, fee and source, over all pages', async () => {
    const from = new Date((await world.now()).getTime() - 1_000);
    const intent = await paidIntent();
    const charge = need(await world.payments.getChargeOfPayment(intent));
    for (let part = 0; part < 101; part++) await refund(`k${part}`, intent, 1n);
    const to = new Date((await world.now()).getTime() + 2_000);
    const moved = await collect(world.payments.listBalanceTransactions({ from, to }));
    expect(moved).toHaveLength(102);
    expect(new Set(moved.map(({ id }) => id)).size).toBe(102);
    expect(moved.find(({ kind }) => kind === 'charge')).toMatchObject({ sourceId: charge.id, amount: 2000n, fee: 88n });
    expect(moved.filter(({ kind }) => kind === 'refund').reduce((sum, it) => sum + it.amount, 0n)).toBe(-101n);
    expect(await collect(world.payments.listBalanceTransactions({ from: to, to: new Date(to.getTime() + 1) }))).toEqual(
      [],
    );
  });
});

describe('webhooks', () => {
  it('of the real sender pass our verification, and a changed byte does not', async () => {
    const receiver = await startReceiver();
    const signed = await startStripeWorld({ stripeWebhook: { url: receiver.url, secret: WEBHOOK_SECRET } });
    try {
      const { session } = await signed.openSession();
      await signed.pay(session);
      const bodies = await until(() => {
        const types = receiver.received.map(({ body }) => (JSON.parse(body) as { type: string }).type);
        return types.includes('checkout.session.completed') ? receiver.received : null;
      });
      const events = bodies.map(({ body, headers }) =>
        verifyPaymentEvent({
          rawBody: Buffer.from(body),
          signature: headers['stripe-signature']?.toString(),
          secrets: WEBHOOK_SECRET,
          now: new Date(),
        }),
      );
      expect(events.find(({ type }) => type === 'checkout.session.completed')).toMatchObject({
        objectId: session.id,
        account: null,
      });
      const [first] = bodies;
      const changed = Buffer.from(`${first?.body ?? ''} `);
      const signature = first?.headers['stripe-signature']?.toString();
      expect(() => signed.payments.verifyWebhook(changed, signature, new Date())).toThrow(
        expect.objectContaining({ code: 'webhook.signature_invalid' }),
      );
    } finally {
      await signed.sandbox.stop();
      await receiver.stop();
    }
  });
});
