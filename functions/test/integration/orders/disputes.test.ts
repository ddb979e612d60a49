import type { Stripe } from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyRefund } from '../../../src/features/orders/apply-refund.ts';
import { minor } from '../../../src/shared/money.ts';
import { verifyLedger } from '../../../src/store/ledger.ts';
import { lockOrder } from '../../../src/store/orders.ts';
import type { Refund } from '../../../src/vendors/payments/port.ts';
import {
  alertsAbout,
  booksOf,
  deadJobs,
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
import { earnTokens, tokenAccounts } from '../../support/tokens.ts';

const rest = {
  'rewards_pending/DOTM': '2066000000000000000',
  'reward_issuance/DOTM': '-2066000000000000000',
  'data/BYTE': '10000000000',
  'data_stock/BYTE': '-10000000000',
};
const mails = ['esim_ready', 'order_paid', 'welcome'];

describe('disputes', () => {
  let t: Shop;
  beforeAll(async () => {
    t = await shop();
  });
  afterAll(async () => {
    expect(await verifyLedger(t.db)).toEqual([]);
    expect(await deadJobs(t)).toEqual([]);
    await t.stop();
  });

  async function chargeOf(who: Shopper): Promise<string> {
    const customer = await who.customerId();
    return need((await t.stripe.list<Stripe.Charge>('charges')).find((made) => made.customer === customer)).id;
  }

  async function disputed(): Promise<{ ada: Shopper; orderId: string; disputeId: string }> {
    const ada = shopper(t);
    const orderId = await ada.buy('global_data_10gb');
    const { id: disputeId } = await t.stripe.openDispute({ charge: await chargeOf(ada) });
    await settle(t, 30);
    return { ada, orderId, disputeId };
  }

  it('an open dispute shows where the money lies, stands on the timeline and alerts; the eSIM stays in use', async () => {
    const { ada, orderId } = await disputed();
    expect((await ada.order(orderId)).state).toBe('active');
    expect(await booksOf(t, orderId)).toEqual({ ...rest, 'revenue/USD': '2000', 'disputes/USD': '-2000' });
    expect((await timelineOf(ada, orderId)).at(-1)).toBe('dispute_opened');
    expect(await alertsAbout(t, orderId)).toEqual(['dispute_opened']);
    expect(await mailsOf(t, ada)).toEqual(mails);
    expect(t.projected.read(`members/${ada.uid}/orders/${orderId}`)).toEqual(await ada.order(orderId));
  });

  it('a dispute that is won brings the money back and changes nothing else', async () => {
    const { ada, orderId, disputeId } = await disputed();
    await t.stripe.closeDispute(disputeId, 'won');
    await settle(t, 30);
    expect((await ada.order(orderId)).state).toBe('active');
    expect(await booksOf(t, orderId)).toEqual({ ...rest, 'revenue/USD': '2000', 'stripe_clearing/USD': '-2000' });
    expect((await timelineOf(ada, orderId)).slice(-2)).toEqual(['dispute_opened', 'dispute_won']);
    expect(await mailsOf(t, ada)).toEqual(mails);
  });

  it('a dispute that is lost ends the order as refunded: revenue, reward and data go with the money', async () => {
    const { ada, orderId, disputeId } = await disputed();
    await t.stripe.closeDispute(disputeId, 'lost');
    await settle(t, 30);
    expect(await ada.order(orderId)).toMatchObject({ state: 'refunded', refunded: { amount: '20.00' } });
    expect(await booksOf(t, orderId)).toEqual({});
    expect((await timelineOf(ada, orderId)).slice(-4)).toEqual([
      'dispute_opened',
      'dispute_lost',
      'refund_started',
      'refunded',
    ]);
    expect(await mailsOf(t, ada)).toEqual(mails);
    const [line] = (await ada.call('listLines', {})).lines;
    expect(line).toMatchObject({ dataGranted: { amount: '0' }, dataRemaining: { amount: '0' } });
  });

  it('a dispute that is lost after the tokens were spent takes nothing from anybody and leaves a note', async () => {
    const ada = shopper(t);
    await earnTokens(t, ada, '5.00');
    const charge = await chargeOf(ada);
    const { orderId, checkoutUrl } = await ada.call('startCheckout', {
      items: [{ productId: 'global_data_10gb' }],
      currency: 'USD',
      credit: { unit: 'USD', amount: '5.00' },
    });
    await pay(checkoutUrl);
    await settle(t, 30);
    const { id } = await t.stripe.openDispute({ charge });
    await settle(t);
    await t.stripe.closeDispute(id, 'lost');
    await settle(t, 30);
    expect(await ada.order(orderId)).toMatchObject({
      state: 'active',
      credit: { returned: { amount: '0.000000000000000000' } },
    });
    expect(await tokenAccounts(t, ada)).toEqual({
      pending: 1_549_500_000_000_000_000n,
      vested: 0n,
      reserved: 0n,
      note: 5_000_000_000_000_000_000n,
    });
    expect(await ada.call('getRewards', {})).toMatchObject({ note: { amount: '5.000000000000000000' } });
  });

  it('a dispute about what was refunded in part takes only what was left of it', async () => {
    const ada = shopper(t);
    const operator = shopper(t, 'finance');
    t.people.put({ uid: operator.uid, role: 'finance' });
    const orderId = await ada.buy('global_data_10gb');
    await operator.call('refundOrder', { orderId, reason: 'part', amount: { unit: 'USD', amount: '5.00' } });
    await settle(t, 30);
    const { id } = await t.stripe.openDispute({ charge: await chargeOf(ada) });
    await settle(t);
    expect(await booksOf(t, orderId)).toMatchObject({ 'revenue/USD': '1500', 'disputes/USD': '-1500' });
    await t.stripe.closeDispute(id, 'lost');
    await settle(t, 30);
    expect((await ada.order(orderId)).state).toBe('refunded');
    expect(await booksOf(t, orderId)).toEqual({});
  });

  it('a refund that was under way when the bank took all of the money is our loss, and comes back to us when it fails', async () => {
    const { orderId, disputeId } = await disputed();
    await t.stripe.closeDispute(disputeId, 'lost');
    await settle(t, 30);
    const hear = (status: Refund['status']) =>
      t.db.transaction(async (tx) => {
        const order = await lockOrder(tx, orderId);
        await applyRefund(tx, t, order, {
          ...{ id: 're_late', chargeId: null, paymentIntentId: null, metadata: {}, createdAt: t.clock.now() },
          ...{ status, currency: 'USD', amount: minor('USD', 500n) },
        });
        return { state: order.state, refunded: order.refunded };
      });
    const allIsBack = { state: 'refunded', refunded: 2000n };
    expect(await hear('succeeded')).toEqual(allIsBack);
    expect(await booksOf(t, orderId)).toEqual({ 'revenue/USD': '-500', 'stripe_clearing/USD': '500' });
    expect(await hear('failed')).toEqual(allIsBack);
    expect(await booksOf(t, orderId)).toEqual({});
  });

  it('a dispute that is closed before we hear that it was opened is booked in whole', async () => {
    const ada = shopper(t);
    const orderId = await ada.buy('global_data_10gb');
    await t.control.setWebhookMode('stripe', 'drop');
    const { id } = await t.stripe.openDispute({ charge: await chargeOf(ada) });
    await t.control.setWebhookMode('stripe', 'hold');
    await t.stripe.closeDispute(id, 'lost');
    await settle(t, 30);
    expect((await ada.order(orderId)).state).toBe('refunded');
    expect(await booksOf(t, orderId)).toEqual({});
    expect(await timelineOf(ada, orderId)).toEqual(expect.arrayContaining(['dispute_opened', 'dispute_lost']));
  });

  it('an order in dispute is not refunded by an operator: its money is at the bank', async () => {
    const { orderId } = await disputed();
    const operator = shopper(t, 'finance');
    t.people.put({ uid: operator.uid, role: 'finance' });
    await expect(operator.call('refundOrder', { orderId, reason: 'asked' })).rejects.toMatchObject({
      code: 'order.not_refundable',
    });
  });

  it('a lost dispute about a membership ends its subscription, so that nothing more is collected', async () => {
    const ada = shopper(t);
    const orderId = await ada.buy('basic_membership');
    const { id } = await t.stripe.openDispute({ charge: await chargeOf(ada) });
    await t.stripe.closeDispute(id, 'lost');
    await settle(t, 30);
    expect((await ada.order(orderId)).state).toBe('refunded');
    expect((await ada.call('getAccount', {})).subscriptions).toMatchObject([{ status: 'canceled' }]);
    const [subscription] = await t.stripe.list<Stripe.Subscription>('subscriptions');
    expect(subscription?.status).toBe('canceled');
  });
});
