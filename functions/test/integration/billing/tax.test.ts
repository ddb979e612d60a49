import type { Stripe } from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reconcile } from '../../../src/features/reconciliation/reconcile.ts';
import { verifyLedger } from '../../../src/store/ledger.ts';
import {
  booksOf,
  chargesOf,
  deadJobs,
  need,
  pay,
  settle,
  shop,
  shopper,
  type Shop,
  type Shopper,
} from '../../support/shopping.ts';

const quebec = { country: 'CA', state: 'QC' };

describe('tax', () => {
  let t: Shop;
  let operator: Shopper;
  let from: Date;
  beforeAll(async () => {
    t = await shop({ taxes: true });
    from = t.clock.now();
    operator = shopper(t, 'owner');
    t.people.put({ uid: operator.uid, role: 'owner' });
  });
  afterAll(async () => {
    expect(await verifyLedger(t.db)).toEqual([]);
    expect(await deadJobs(t)).toEqual([]);
    await t.stop();
  });

  async function buy(who: Shopper, productId: string, place: Record<string, string> = quebec): Promise<string> {
    const { orderId, checkoutUrl } = await who.checkout(productId);
    await pay(checkoutUrl, place);
    await settle(t, 30);
    return orderId;
  }

  it('is told of by each price that is shown before the payment page', async () => {
    const ada = shopper(t);
    const wish = { items: [{ productId: 'global_data_10gb', cycle: 'one_time' as const }], currency: 'USD' as const };
    const { quote, price } = await ada.call('createQuote', wish);
    for (const { taxNote } of [
      price,
      (await ada.call('readQuote', { quote })).price,
      await ada.call('priceBasket', wish),
    ])
      expect(taxNote).toBe('added_at_checkout');
  });

  it('is charged on top, is owed to the state, and earns nobody rewards', async () => {
    const ada = shopper(t);
    const orderId = await buy(ada, 'global_data_10gb');
    // 14.975 % of 20.00.
    expect(await ada.order(orderId)).toMatchObject({
      state: 'active',
      total: { amount: '23.00' },
      tax: { amount: '3.00' },
      reward: { amount: '2.066000000000000000' },
    });
    expect(await booksOf(t, orderId)).toMatchObject({
      'revenue/USD': '2000',
      'sales_tax/USD': '300',
      'stripe_clearing/USD': '-2300',
    });
  });

  it('goes back with its share of each part, and whole with the whole', async () => {
    const ada = shopper(t);
    const orderId = await buy(ada, 'global_data_10gb');
    for (const amount of ['0.01', '7.77', '0.02', '10.00']) {
      await operator.call('refundOrder', { orderId, reason: `part ${amount}`, amount: { unit: 'USD', amount } });
      await settle(t, 30);
      const order = await ada.order(orderId);
      const books = await booksOf(t, orderId);
      const left = 2300 - Math.round(Number(order.refunded.amount) * 100);
      expect(Number(books['revenue/USD']) + Number(books['sales_tax/USD'])).toBe(left);
      expect(Math.abs(Number(books['sales_tax/USD']) - (left * 300) / 2300)).toBeLessThanOrEqual(0.5);
    }
    await operator.call('refundOrder', { orderId, reason: 'the rest' });
    await settle(t, 30);
    expect(await booksOf(t, orderId)).toEqual({});
    expect((await ada.order(orderId)).state).toBe('refunded');
  });

  it('goes back with a payment that was not delivered', async () => {
    const ada = shopper(t);
    await t.control.setOxio({ refuseLines: {} });
    const orderId = await buy(ada, 'global_data_10gb');
    await t.control.setOxio({ refuseLines: null });
    await settle(t, 60);
    expect((await ada.order(orderId)).state).toBe('refunded');
    expect(await booksOf(t, orderId)).toEqual({});
    expect(await chargesOf(t, ada)).toEqual([{ amount: 2300, refunded: 2300, currency: 'usd' }]);
    await t.db.query(`delete from outbox where state = 'dead' and topic = 'order.fulfil'`);
  });

  it('goes with a dispute that is lost', async () => {
    const ada = shopper(t);
    const orderId = await buy(ada, 'global_data_10gb');
    const [charge] = await t.stripe.list<Stripe.Charge>('charges');
    const dispute = await t.stripe.openDispute({ charge: need(charge).id });
    await settle(t, 30);
    await t.stripe.closeDispute(dispute.id, 'lost');
    await settle(t, 30);
    expect((await ada.order(orderId)).state).toBe('refunded');
    expect(await booksOf(t, orderId)).toEqual({});
  });

  it('is on renewals and on the difference of an upgrade, as the preview said', async () => {
    const ada = shopper(t);
    await buy(ada, 'basic_membership');
    await t.advance(200 * 86_400);
    const [subscription] = (await ada.call('getAccount', {})).subscriptions;
    const wish = { subscriptionId: need(subscription).id, productId: 'full_membership', cycle: 'annual' as const };
    const { prorationDate, dueNow, tax, charge, credit } = await ada.call('previewPlanChange', wish);
    const goods = Number(charge.amount) - Number(credit.amount);
    expect(Number(tax.amount)).toBeCloseTo(goods * 0.14975, 1);
    const { orderId } = await ada.call('changePlan', { ...wish, prorationDate, dueNow });
    await settle(t, 30);
    expect(await ada.order(need(orderId))).toMatchObject({ state: 'active', total: dueNow, tax });
    const customer = await ada.customerId();
    const held = (await t.stripe.list<Stripe.Subscription>('subscriptions')).find((one) => one.customer === customer);
    await t.stripe.renewSubscription(need(held).id);
    await settle(t, 30);
    expect((await ada.call('listOrders', {})).orders[0]).toMatchObject({
      total: { amount: '75.88' },
      tax: { amount: '9.88' },
      reward: { amount: '6.817800000000000000' },
    });
  });

  it('is in balance with orders and provider', async () => {
    await t.advance(3600);
    const { runId } = await reconcile(t, { from, to: t.clock.now() });
    const { rows } = await t.db.query('select kind, subject, cause from reconciliation_difference where run_id = $1', [
      runId,
    ]);
    expect(rows).toEqual([]);
  });
});
