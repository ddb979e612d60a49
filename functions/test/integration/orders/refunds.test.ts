import type { Stripe } from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyLedger } from '../../../src/store/ledger.ts';
import {
  alertsAbout,
  booksOf,
  chargesOf,
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

const released = {
  'revenue/USD': '2000',
  'stripe_clearing/USD': '-2000',
  'rewards_pending/DOTM': '2066000000000000000',
  'reward_issuance/DOTM': '-2066000000000000000',
  'data/BYTE': '10000000000',
  'data_stock/BYTE': '-10000000000',
};
const afterFive = {
  ...released,
  'revenue/USD': '1500',
  'stripe_clearing/USD': '-1500',
  'rewards_pending/DOTM': '1549500000000000000',
  'reward_issuance/DOTM': '-1549500000000000000',
};
const paidMails = ['esim_ready', 'order_paid', 'welcome'];

describe('money back', () => {
  let t: Shop;
  let operator: Shopper;
  beforeAll(async () => {
    t = await shop();
    operator = shopper(t, 'finance');
    t.people.put({ uid: operator.uid, role: 'finance' });
  });
  afterAll(async () => {
    expect(await verifyLedger(t.db)).toEqual([]);
    await t.stop();
  });

  const giveBack = (orderId: string, usd?: string) =>
    operator.call('refundOrder', {
      orderId,
      reason: 'the member asked',
      ...(usd === undefined ? {} : { amount: { unit: 'USD' as const, amount: usd } }),
    });

  /** Refunds in the provider's own dashboard: we only hear of it. */
  async function dashboardRefund(who: Shopper, cents?: number): Promise<Stripe.Refund> {
    const customer = await who.customerId();
    const charge = need((await t.stripe.list<Stripe.Charge>('charges')).find((made) => made.customer === customer));
    const response = await fetch(`${t.sandboxUrls.stripe}/v1/refunds`, {
      method: 'POST',
      headers: { authorization: 'Bearer sk_test_sandbox' },
      body: new URLSearchParams({ charge: charge.id, ...(cents === undefined ? {} : { amount: String(cents) }) }),
    });
    return (await response.json()) as Stripe.Refund;
  }

  async function expectShown(who: Shopper, orderId: string): Promise<void> {
    expect(t.projected.read(`members/${who.uid}/orders/${orderId}`)).toEqual(await who.order(orderId));
  }

  it('a part that an operator gives back takes its share of revenue and reward and leaves the eSIM in use', async () => {
    const ada = shopper(t);
    const orderId = await ada.buy('global_data_10gb');
    await giveBack(orderId, '5.00');
    await settle(t, 30);
    expect(await ada.order(orderId)).toMatchObject({
      state: 'active',
      refunded: { amount: '5.00' },
      reward: { amount: '1.549500000000000000' },
    });
    expect(await booksOf(t, orderId)).toEqual(afterFive);
    expect(await chargesOf(t, ada)).toEqual([{ amount: 2000, refunded: 500, currency: 'usd' }]);
    expect(await mailsOf(t, ada)).toEqual([...paidMails, 'order_refunded_in_part'].sort());
    expect((await timelineOf(ada, orderId)).filter((kind) => kind.startsWith('refund'))).toEqual([
      'refund_started',
      'refunded_in_part',
    ]);
    await expectShown(ada, orderId);
  });

  it('a part given back in the dashboard of the provider is booked from its webhook alone', async () => {
    const ada = shopper(t);
    const orderId = await ada.buy('global_data_10gb');
    await dashboardRefund(ada, 500);
    await settle(t, 30);
    expect((await ada.order(orderId)).state).toBe('active');
    expect(await booksOf(t, orderId)).toEqual(afterFive);
    expect(await mailsOf(t, ada)).toEqual([...paidMails, 'order_refunded_in_part'].sort());
    await expectShown(ada, orderId);
  });

  it('three parts that make the whole leave nothing in the books and end the order as refunded', async () => {
    const ada = shopper(t);
    const orderId = await ada.buy('global_data_10gb');
    await giveBack(orderId, '6.66');
    await settle(t, 30);
    await dashboardRefund(ada, 667);
    await settle(t, 30);
    await giveBack(orderId);
    await settle(t, 30);
    expect((await ada.order(orderId)).state).toBe('refunded');
    expect(await booksOf(t, orderId)).toEqual({});
    expect(await chargesOf(t, ada)).toEqual([{ amount: 2000, refunded: 2000, currency: 'usd' }]);
    expect(await mailsOf(t, ada)).toEqual(
      [...paidMails, 'order_refunded', 'order_refunded_in_part', 'order_refunded_in_part'].sort(),
    );
  });

  it('the whole given back after the release takes back revenue, reward and the data that is left', async () => {
    const ada = shopper(t);
    const orderId = await ada.buy('global_data_10gb');
    await giveBack(orderId);
    expect((await ada.order(orderId)).state).toBe('refunding');
    await settle(t, 30);
    expect(await ada.order(orderId)).toMatchObject({ state: 'refunded', reward: { amount: '0.000000000000000000' } });
    expect(await booksOf(t, orderId)).toEqual({});
    expect(await mailsOf(t, ada)).toEqual([...paidMails, 'order_refunded'].sort());
    const [line] = (await ada.call('listLines', {})).lines;
    expect(line).toMatchObject({ dataGranted: { amount: '0' }, dataRemaining: { amount: '0' } });
    expect((await ada.call('getRewards', {})).pending.amount).toBe('0.000000000000000000');
    await expectShown(ada, orderId);
  });

  it('data that was used before the refund stays a gift, and the data of another order is not touched', async () => {
    const ada = shopper(t);
    const orderId = await ada.buy('global_data_10gb');
    const other = await ada.buy('esim_starter');
    const { lineId } = await ada.order(orderId);
    await t.db.query(
      `select ledger.post($1, 'dataUsed', now(), array['line/' || $2 || '/data/BYTE', 'platform/data_used/BYTE'],
      array['BYTE/0', 'BYTE/0'], array[-3000000000, 3000000000]::numeric[], '{}')`,
      [`${String(lineId)}/dataUsed/1`, lineId],
    );
    await giveBack(orderId);
    await settle(t, 30);
    const [line] = (await ada.call('listLines', {})).lines;
    expect(line).toMatchObject({ dataGranted: { amount: '1000000000' }, dataRemaining: { amount: '1000000000' } });
    await giveBack(other);
    await settle(t, 30);
    expect((await ada.order(other)).state).toBe('refunded');
  });

  it('the whole given back in the dashboard before the release stops the fulfilment and comes out of the funds held', async () => {
    const ada = shopper(t);
    await ada.call('getAccount', {});
    await settle(t, 30);
    await t.control.setOxio({ activationCodeDelaySeconds: 600 });
    const orderId = await ada.buy('global_data_10gb');
    await t.control.setOxio({ activationCodeDelaySeconds: 0 });
    expect(await booksOf(t, orderId)).toEqual({ 'funds/USD': '2000', 'stripe_clearing/USD': '-2000' });
    await dashboardRefund(ada);
    await settle(t, 900);
    expect((await ada.order(orderId)).state).toBe('refunded');
    expect(await booksOf(t, orderId)).toEqual({});
    expect(await mailsOf(t, ada)).toEqual(['order_paid', 'order_refunded', 'welcome']);
  });

  it('a part given back before the release comes out of the funds, and only the rest is earned and rewarded', async () => {
    const ada = shopper(t);
    await ada.call('getAccount', {});
    await settle(t, 30);
    await t.control.setOxio({ activationCodeDelaySeconds: 120 });
    const orderId = await ada.buy('global_data_10gb');
    await t.control.setOxio({ activationCodeDelaySeconds: 0 });
    await giveBack(orderId, '5.00');
    await settle(t);
    expect(await booksOf(t, orderId)).toEqual({ 'funds/USD': '1500', 'stripe_clearing/USD': '-1500' });
    await settle(t, 300);
    expect((await ada.order(orderId)).state).toBe('active');
    expect(await booksOf(t, orderId)).toEqual(afterFive);
  });

  it('a refund by deadline asks only for what is left when a part went back meanwhile and no event has told us', async () => {
    const ada = shopper(t);
    await ada.call('getAccount', {});
    await settle(t, 30);
    await t.control.setOxio({ activationCodeDelaySeconds: 86_400 });
    const orderId = await ada.buy('global_data_10gb');
    await t.control.setOxio({ activationCodeDelaySeconds: 0 });
    await t.control.setWebhookMode('stripe', 'drop');
    await dashboardRefund(ada, 500);
    await letPass(t, 1800);
    await t.control.setWebhookMode('stripe', 'hold');
    expect((await ada.order(orderId)).state).toBe('refunded');
    expect(await booksOf(t, orderId)).toEqual({});
    expect(await chargesOf(t, ada)).toEqual([{ amount: 2000, refunded: 2000, currency: 'usd' }]);
    expect(await alertsAbout(t, orderId)).toEqual([]);
  });

  it('a refund that the bank returns after it was booked puts the books right, alerts, and can be given again', async () => {
    const ada = shopper(t);
    const orderId = await ada.buy('global_data_10gb');
    await giveBack(orderId);
    await settle(t, 30);
    const [refund] = await t.stripe.list<Stripe.Refund>('refunds');
    await t.stripe.settleRefund(need(refund).id, 'fail');
    await settle(t, 30);

    expect(await ada.order(orderId)).toMatchObject({ state: 'refunding', refunded: { amount: '0.00' } });
    // The money is ours again and still owed; reward and data went with the promise to give it back.
    expect(await booksOf(t, orderId)).toEqual({ 'revenue/USD': '2000', 'stripe_clearing/USD': '-2000' });
    expect(await alertsAbout(t, orderId)).toEqual(['refund_failed']);
    expect((await timelineOf(ada, orderId)).at(-1)).toBe('refund_failed');
    await expectShown(ada, orderId);

    // Data that came with another order in between must not go with the second refund.
    await ada.buy('esim_starter');
    await giveBack(orderId);
    await settle(t, 30);
    expect((await ada.order(orderId)).state).toBe('refunded');
    expect(await booksOf(t, orderId)).toEqual({});
    expect(await chargesOf(t, ada)).toEqual([
      { amount: 2000, refunded: 2000, currency: 'usd' },
      { amount: 100, refunded: 0, currency: 'usd' },
    ]);
    const [line] = (await ada.call('listLines', {})).lines;
    expect(line).toMatchObject({ dataRemaining: { amount: '1000000000' } });
    expect(await mailsOf(t, ada)).toEqual(
      [...paidMails, 'line_extended', 'order_paid', 'order_refunded', 'order_refunded'].sort(),
    );
    expect((await timelineOf(ada, orderId)).filter((kind) => kind.startsWith('refund'))).toEqual([
      'refund_started',
      'refunded',
      'refund_failed',
      'refund_started',
      'refunded',
    ]);
  });

  it('a returned refund in part leaves the order in use with its whole price booked, and alerts', async () => {
    const ada = shopper(t);
    const orderId = await ada.buy('global_data_10gb');
    await giveBack(orderId, '5.00');
    await settle(t, 30);
    const [refund] = await t.stripe.list<Stripe.Refund>('refunds');
    await t.stripe.settleRefund(need(refund).id, 'fail');
    await settle(t, 30);
    expect(await ada.order(orderId)).toMatchObject({ state: 'active', refunded: { amount: '0.00' } });
    expect(await booksOf(t, orderId)).toEqual({
      ...afterFive,
      'revenue/USD': '2000',
      'stripe_clearing/USD': '-2000',
    });
    expect(await alertsAbout(t, orderId)).toEqual(['refund_failed']);
  });

  it('a refund before the release that the bank returns lies in the funds of the member again', async () => {
    const ada = shopper(t);
    await ada.call('getAccount', {});
    await settle(t, 30);
    await t.control.setOxio({ refuseLines: {} });
    const orderId = await ada.buy('global_data_10gb');
    await t.control.setOxio({ refuseLines: null });
    expect((await ada.order(orderId)).state).toBe('refunded');
    const [refund] = await t.stripe.list<Stripe.Refund>('refunds');
    await t.stripe.settleRefund(need(refund).id, 'fail');
    await settle(t, 30);
    expect(await booksOf(t, orderId)).toEqual({ 'funds/USD': '2000', 'stripe_clearing/USD': '-2000' });
    expect((await ada.order(orderId)).state).toBe('refunding');
    expect(await alertsAbout(t, orderId)).toEqual(['refund_failed']);
  });

  it('a refund to a bank account counts when it is on its way and is not booked again when it arrives', async () => {
    const ada = shopper(t);
    const { orderId, checkoutUrl } = await ada.checkout('global_data_10gb');
    await pay(checkoutUrl, { method: 'bank_debit' });
    await t.stripe.settleSession(need(/cs_[A-Za-z0-9_]+/.exec(checkoutUrl)?.[0]), 'succeed');
    await settle(t, 30);
    await giveBack(orderId);
    await settle(t, 30);
    expect((await ada.order(orderId)).state).toBe('refunded');
    await letPass(t, 6 * 86_400);
    expect(await booksOf(t, orderId)).toEqual({});
    expect(await mailsOf(t, ada)).toEqual([...paidMails, 'order_refunded'].sort());
  });

  it('more than is left is refused with nothing written, counting refunds that are under way', async () => {
    const ada = shopper(t);
    const orderId = await ada.buy('global_data_10gb');
    await expect(giveBack(orderId, '20.01')).rejects.toMatchObject({ code: 'order.not_refundable' });
    await giveBack(orderId, '15.00');
    await expect(giveBack(orderId, '5.01')).rejects.toMatchObject({ code: 'order.not_refundable' });
    await giveBack(orderId, '5.00');
    await expect(giveBack(orderId)).rejects.toMatchObject({ code: 'order.not_refundable' });
    await settle(t, 30);
    expect(await booksOf(t, orderId)).toEqual({});
    expect(await chargesOf(t, ada)).toEqual([{ amount: 2000, refunded: 2000, currency: 'usd' }]);
  });

  it('an order that was never paid has nothing to give back', async () => {
    const ada = shopper(t);
    const { orderId } = await ada.checkout('global_data_10gb');
    await expect(giveBack(orderId)).rejects.toMatchObject({ code: 'order.not_refundable' });
    await ada.call('cancelOrder', { orderId });
    await expect(giveBack(orderId)).rejects.toMatchObject({ code: 'order.not_refundable' });
  });

  it('a provider that fails for hours delays a refund and loses none', async () => {
    const ada = shopper(t);
    const orderId = await ada.buy('global_data_10gb');
    await t.control.addFault({
      vendor: 'stripe',
      kind: 'status',
      status: 500,
      method: 'POST',
      path: '/v1/refunds',
      times: 99,
    });
    await giveBack(orderId);
    for (let hour = 0; hour < 3; hour += 1) {
      await settle(t);
      await t.advance(3600);
    }
    expect((await ada.order(orderId)).state).toBe('refunding');
    await t.control.clearFaults();
    await settle(t, 900);
    expect((await ada.order(orderId)).state).toBe('refunded');
    expect(await chargesOf(t, ada)).toEqual([{ amount: 2000, refunded: 2000, currency: 'usd' }]);
  });

  it('a refund that the provider will never make raises an alert for a person', async () => {
    const ada = shopper(t);
    const orderId = await ada.buy('global_data_10gb');
    await t.control.addFault({
      vendor: 'stripe',
      kind: 'status',
      status: 400,
      method: 'POST',
      path: '/v1/refunds',
      body: { error: { type: 'invalid_request_error', message: 'No.' } },
    });
    await giveBack(orderId);
    await settle(t, 30);
    expect((await ada.order(orderId)).state).toBe('refunding');
    const { rows } = await t.db.query<{ id: string; job: string }>(
      `select refund.id, outbox.id as job from refund join outbox on dedupe_key = refund.id where order_id = $1`,
      [orderId],
    );
    const { id, job } = need(rows[0]);
    expect(await alertsAbout(t, id, job)).toEqual(['job_dead', 'refund_stuck']);

    // An operator mends the cause and tries again.
    t.people.put({ uid: operator.uid, role: 'owner' });
    await operator.call('retryJob', { jobId: job, reason: 'mended' });
    t.people.put({ uid: operator.uid, role: 'finance' });
    await settle(t, 30);
    expect((await ada.order(orderId)).state).toBe('refunded');
  });

  it('a line whose order was refunded stays with its member for the next order', async () => {
    const ada = shopper(t);
    const first = await ada.buy('global_data_10gb');
    await giveBack(first);
    await settle(t, 30);
    const second = await ada.buy('global_data_10gb');
    expect((await ada.order(second)).lineId).toBe((await ada.order(first)).lineId);
    expect(await linesOf(t, ada)).toHaveLength(1);
  });
});
