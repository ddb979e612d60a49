import type { Stripe } from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyLedger } from '../../../src/store/ledger.ts';
import {
  alertsAbout,
  booksOf,
  chargesOf,
  deadJobs,
  letPass,
  linesOf,
  mailsOf,
  need,
  pay,
  settle,
  shop,
  shopper,
  timelineOf,
  type Shop,
  type Shopper,
} from '../../support/shopping.ts';

const plan = 'DOTM Basic Membership';
const year = {
  'revenue/USD': '2400',
  'stripe_clearing/USD': '-2400',
  'rewards_pending/DOTM': '2479200000000000000',
  'reward_issuance/DOTM': '-2479200000000000000',
};
const firstMails = ['esim_ready', 'order_paid', 'welcome'];

describe('memberships and monthly features', () => {
  let t: Shop;
  let operator: Shopper;
  beforeAll(async () => {
    t = await shop();
    operator = shopper(t, 'owner');
    t.people.put({ uid: operator.uid, role: 'owner' });
  });
  afterAll(async () => {
    expect(await verifyLedger(t.db)).toEqual([]);
    expect(await deadJobs(t)).toEqual([]);
    await t.stop();
  });

  async function subscriptionsOf(who: Shopper): Promise<Stripe.Subscription[]> {
    const customer = await who.customerId();
    return (await t.stripe.list<Stripe.Subscription>('subscriptions')).filter((one) => one.customer === customer);
  }

  const subscriptionId = async (who: Shopper) => need((await subscriptionsOf(who))[0]).id;
  const account = (who: Shopper) => who.call('getAccount', {});
  const ordersOf = async (who: Shopper) => (await who.call('listOrders', {})).orders;

  it('a membership brings its line, its plan, a subscription and a reward for one charge', async () => {
    const ada = shopper(t);
    const orderId = await ada.buy('basic_membership');
    expect((await ada.order(orderId)).state).toBe('active');
    expect(await booksOf(t, orderId)).toEqual(year);
    expect(await linesOf(t, ada)).toEqual([[plan]]);
    expect(await chargesOf(t, ada)).toEqual([{ amount: 2400, refunded: 0, currency: 'usd' }]);
    expect(await mailsOf(t, ada)).toEqual(firstMails);
    expect(await timelineOf(ada, orderId)).toContain('membership_activated');
    expect((await account(ada)).subscriptions).toMatchObject([
      { productId: 'basic_membership', status: 'active', cancelAtPeriodEnd: false },
    ]);
    expect(t.projected.read(`members/${ada.uid}`)).toMatchObject({ subscriptions: [{ status: 'active' }] });
    expect((await ada.order(orderId)).receiptUrl).toMatch(/^http/);
  });

  it('a renewal is an order of its own with receipt, reward and its own mail, and makes no second line', async () => {
    const ada = shopper(t);
    const first = await ada.buy('basic_membership');
    await t.stripe.renewSubscription(await subscriptionId(ada));
    await settle(t, 30);
    const orders = await ordersOf(ada);
    expect(orders).toHaveLength(2);
    const renewal = need(orders.find((order) => order.id !== first));
    expect(renewal).toMatchObject({ state: 'active', total: { unit: 'USD', amount: '24.00' }, lineId: null });
    expect(renewal.receiptUrl).toMatch(/^http/);
    expect(renewal.reward).toMatchObject({ amount: '2.479200000000000000' });
    expect(await booksOf(t, renewal.id)).toEqual(year);
    expect(await linesOf(t, ada)).toEqual([[plan]]);
    expect(await chargesOf(t, ada)).toHaveLength(2);
    expect(await mailsOf(t, ada)).toEqual([...firstMails, 'renewed'].sort());
    expect((await account(ada)).subscriptions).toHaveLength(1);
    const [subscription] = (await account(ada)).subscriptions;
    expect(Date.parse(need(subscription).currentPeriodEnd) - t.clock.now().getTime()).toBeGreaterThan(700 * 86_400_000);
  });

  it('a renewal can be given back like any order, which ends the subscription', async () => {
    const ada = shopper(t);
    const first = await ada.buy('basic_membership');
    await t.stripe.renewSubscription(await subscriptionId(ada));
    await settle(t, 30);
    const renewal = need((await ordersOf(ada)).find((order) => order.id !== first));
    await operator.call('refundOrder', { orderId: renewal.id, reason: 'the member asked' });
    await settle(t, 30);
    expect((await ada.order(renewal.id)).state).toBe('refunded');
    expect((await ada.order(first)).state).toBe('active');
    expect(await booksOf(t, renewal.id)).toEqual({});
    expect((await account(ada)).subscriptions).toMatchObject([{ status: 'canceled' }]);
    expect(await subscriptionsOf(ada)).toMatchObject([{ status: 'canceled' }]);
  });

  it('a renewal that fails makes the membership past due and is told once, however often it is tried again', async () => {
    const ada = shopper(t);
    await ada.buy('basic_membership');
    await t.stripe.setCardFails(await ada.customerId(), true);
    await t.stripe.renewSubscription(await subscriptionId(ada));
    await settle(t, 30);
    expect((await account(ada)).subscriptions).toMatchObject([{ status: 'past_due' }]);
    await letPass(t, 3 * 86_400 + 60);
    expect(await mailsOf(t, ada)).toEqual([...firstMails, 'payment_failed'].sort());
    expect(await ordersOf(ada)).toHaveLength(1);

    await t.stripe.setCardFails(await ada.customerId(), false);
    await letPass(t, 5 * 86_400 + 60);
    expect((await account(ada)).subscriptions).toMatchObject([{ status: 'active' }]);
    expect(await ordersOf(ada)).toHaveLength(2);
    expect(await mailsOf(t, ada)).toEqual([...firstMails, 'payment_failed', 'renewed'].sort());
  });

  it('a renewal that keeps failing ends the membership, and the member may buy it again', async () => {
    const ada = shopper(t);
    await ada.buy('basic_membership');
    await expect(ada.checkout('basic_membership')).rejects.toMatchObject({ code: 'order.membership_active' });
    await t.stripe.setCardFails(await ada.customerId(), true);
    await t.stripe.renewSubscription(await subscriptionId(ada));
    await letPass(t, 16 * 86_400);
    expect((await account(ada)).subscriptions).toMatchObject([{ status: 'canceled' }]);
    const again = await ada.buy('basic_membership');
    expect((await ada.order(again)).state).toBe('active');
    expect(await linesOf(t, ada)).toEqual([[plan, plan]]);
  });

  it('a membership that is cancelled for the end of its period says so, runs on, and then ends without a charge', async () => {
    const ada = shopper(t);
    await ada.buy('basic_membership');
    await stripePost(`/v1/subscriptions/${await subscriptionId(ada)}`, { cancel_at_period_end: 'true' });
    await settle(t, 30);
    expect((await account(ada)).subscriptions).toMatchObject([{ status: 'active', cancelAtPeriodEnd: true }]);
    await t.stripe.renewSubscription(await subscriptionId(ada));
    await settle(t, 30);
    expect((await account(ada)).subscriptions).toMatchObject([{ status: 'canceled' }]);
    expect(await chargesOf(t, ada)).toHaveLength(1);
    expect(await mailsOf(t, ada)).toEqual(firstMails);
  });

  it('a membership whose money goes back whole, by us or in the dashboard, is never collected again', async () => {
    for (const where of ['operator', 'dashboard'] as const) {
      const ada = shopper(t);
      const orderId = await ada.buy('basic_membership');
      const [charge] = await t.stripe.list<Stripe.Charge>('charges');
      if (where === 'operator') await operator.call('refundOrder', { orderId, reason: 'the member asked' });
      else await stripePost('/v1/refunds', { charge: need(charge).id });
      await settle(t, 30);
      expect((await ada.order(orderId)).state, where).toBe('refunded');
      expect(await booksOf(t, orderId), where).toEqual({});
      expect(await subscriptionsOf(ada), where).toMatchObject([{ status: 'canceled' }]);
      expect((await account(ada)).subscriptions, where).toMatchObject([{ status: 'canceled' }]);
    }
  });

  it('a part of a membership given back leaves its subscription running', async () => {
    const ada = shopper(t);
    const orderId = await ada.buy('basic_membership');
    await operator.call('refundOrder', { orderId, reason: 'part', amount: { unit: 'USD', amount: '4.00' } });
    await settle(t, 30);
    expect((await ada.order(orderId)).state).toBe('active');
    expect((await account(ada)).subscriptions).toMatchObject([{ status: 'active' }]);
  });

  it('a membership bought on two payment pages at once is had once: the second payment goes back and its subscription ends', async () => {
    const ada = shopper(t);
    const one = await ada.checkout('basic_membership');
    const two = await ada.checkout('basic_membership');
    await Promise.all([pay(one.checkoutUrl), pay(two.checkoutUrl)]);
    await settle(t, 60);
    const states = [(await ada.order(one.orderId)).state, (await ada.order(two.orderId)).state].sort();
    expect(states).toEqual(['active', 'refunded']);
    expect((await chargesOf(t, ada)).map((charge) => charge.refunded).sort()).toEqual([0, 2400]);
    expect((await subscriptionsOf(ada)).map(({ status }) => status).sort()).toEqual(['active', 'canceled']);
    expect(await linesOf(t, ada)).toEqual([[plan]]);
    expect(await alertsAbout(t, one.orderId, two.orderId)).toEqual(['payment_unexpected']);
  });

  it('monthly features run without a line, are rewarded at their own rate and are billed together', async () => {
    const ada = shopper(t);
    const orderId = await ada.buy([{ productId: 'network_security' }, { productId: 'network_vpn' }]);
    expect(await ada.order(orderId)).toMatchObject({ state: 'active', lineId: null, total: { amount: '13.00' } });
    expect(await booksOf(t, orderId)).toEqual({
      'revenue/USD': '1300',
      'stripe_clearing/USD': '-1300',
      'rewards_pending/DOTM': '650000000000000000',
      'reward_issuance/DOTM': '-650000000000000000',
    });
    expect(await linesOf(t, ada)).toEqual([]);
    expect(await mailsOf(t, ada)).toEqual(['order_paid', 'welcome']);
    expect(await subscriptionsOf(ada)).toHaveLength(1);
    const { subscriptions } = await account(ada);
    expect(subscriptions.map((one) => [one.productId, one.status]).sort()).toEqual([
      ['network_security', 'active'],
      ['network_vpn', 'active'],
    ]);

    await t.stripe.renewSubscription(await subscriptionId(ada));
    await settle(t, 30);
    const renewal = need((await ordersOf(ada)).find((order) => order.id !== orderId));
    expect(renewal).toMatchObject({ state: 'active', total: { amount: '13.00' } });
    expect(renewal.items).toHaveLength(2);
  });

  it('the billing portal opens for the own customer only', async () => {
    const ada = shopper(t);
    await ada.buy('network_security');
    const { url } = await ada.call('openBillingPortal', {});
    expect(url).toMatch(/^http/);
    const stranger = shopper(t);
    await expect(stranger.call('openBillingPortal', {})).rejects.toMatchObject({ code: 'account.provisioning' });
  });

  async function stripePost(path: string, form: Record<string, string>): Promise<void> {
    const response = await fetch(`${t.sandboxUrls.stripe}${path}`, {
      method: 'POST',
      headers: { authorization: 'Bearer sk_test_sandbox' },
      body: new URLSearchParams(form),
    });
    expect(response.status, await response.text()).toBe(200);
  }
});
