import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FaultInput } from '../../../../sandbox/src/core/faults.ts';
import { StripeControl } from '../../../../sandbox/src/stripe/stripe-control.ts';
import { minor } from '../../../src/shared/money.ts';
import type { PaymentSession } from '../../../src/vendors/payments/port.ts';
import { need, starter, startStripeWorld } from './stripe-world.ts';
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
  lookupKey: 'basic_membership:USD:annual',
  productId: 'basic_membership',
  productName: 'Basic',
  interval: 'year' as const,
  amount: minor('USD', 2000n),
};

async function paidSession(price: typeof basic): Promise<PaymentSession> {
  const { session } = await world.openSession({}, price);
  return world.pay(session);
}

const charges = async () => (await new StripeControl(world.sandbox.control).list('charges')).length;
const fault = (input: Omit<FaultInput, 'vendor'>) => world.sandbox.control.addFault({ vendor: 'stripe', ...input });

describe('a subscription', () => {
  it('is changed at the price that was shown, once, and charged once', async () => {
    const session = await paidSession(basic);
    const [item] = need(await world.payments.getSubscription(need(session.subscriptionId))).items;
    const { id: itemId, periodStart, periodEnd } = need(item);
    const { priceId } = await world.payments.syncPrice({
      ...starter,
      ...basic,
      lookupKey: 'full',
      amount: minor('USD', 6600n),
    });
    const swap = { subscriptionId: need(session.subscriptionId), itemId, priceId };
    const at = new Date((periodStart.getTime() + periodEnd.getTime()) / 2);
    const preview = await world.payments.previewSwap(swap, at);
    expect(preview).toEqual({ currency: 'USD', credit: 1000n, charge: 3300n, tax: 0n, dueNow: 2300n });
    const change = { ...swap, key: 'plc_1', at, metadata: { plan_change_id: 'plc_1' } };
    await fault({ kind: 'works-then-hangs', method: 'POST', path: '/v1/subscriptions/*', times: 3 });
    await expect(world.client({ timeoutMs: 200 }).swapNow(change)).rejects.toMatchObject({
      code: 'vendor.unavailable',
    });
    await world.sandbox.control.clearFaults();
    const changed = await world.payments.swapNow(change);
    expect(changed.items).toMatchObject([{ id: itemId, priceId, amount: 6600n, periodEnd }]);
    const invoice = need(await world.payments.getInvoice(need(changed.latestInvoiceId)));
    expect(invoice).toMatchObject({
      reason: 'subscription_update',
      amountPaid: 2300n,
      subscriptionMetadata: { order_id: 'ord_1', plan_change_id: 'plc_1' },
    });
    expect(await charges()).toBe(2);
  });

  it('is changed for its next period without moving money, and back', async () => {
    const session = await paidSession(basic);
    const before = need(await world.payments.getSubscription(need(session.subscriptionId)));
    const item = need(before.items[0]);
    const monthly = {
      ...starter,
      ...basic,
      lookupKey: 'monthly',
      amount: minor('USD', 500n),
      interval: 'month' as const,
    };
    const { priceId } = await world.payments.syncPrice(monthly);
    const swap = { subscriptionId: before.id, itemId: item.id, holdUntil: before.currentPeriodEnd };
    const changed = await world.payments.swapAtRenewal({ ...swap, key: 'plc_1', priceId });
    expect(changed).toMatchObject({ items: [{ priceId, amount: 500n }], currentPeriodEnd: before.currentPeriodEnd });
    const back = await world.payments.swapAtRenewal({ ...swap, key: 'plc_1:keep', priceId: item.priceId });
    expect(back).toMatchObject({ items: [{ amount: 2000n }], currentPeriodEnd: before.currentPeriodEnd });
    expect(await charges()).toBe(1);
  });

  it('that is to end with its period says so, until that is taken back', async () => {
    const session = await paidSession(basic);
    const id = need(session.subscriptionId);
    expect(await world.payments.endWithPeriod(id, true)).toMatchObject({ status: 'active', cancelAtPeriodEnd: true });
    expect(await world.payments.endWithPeriod(id, false)).toMatchObject({ status: 'active', cancelAtPeriodEnd: false });
  });
});
