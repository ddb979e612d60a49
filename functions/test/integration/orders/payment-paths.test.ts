import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { balanceOf, verifyLedger } from '../../../src/store/ledger.ts';
import {
  alertsAbout,
  authenticate,
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

const dataPlan = 'DOTM Global Data 10 GB';
const delivered = { 'revenue/USD': '2000', 'stripe_clearing/USD': '-2000' };
const rewarded = { 'rewards_pending/DOTM': '2066000000000000000', 'reward_issuance/DOTM': '-2066000000000000000' };
const granted = { 'data/BYTE': '10000000000', 'data_stock/BYTE': '-10000000000' };

describe('from the payment page to the eSIM', () => {
  let t: Shop;
  beforeAll(async () => {
    t = await shop();
  });
  afterAll(async () => {
    expect(await verifyLedger(t.db)).toEqual([]);
    expect(await deadJobs(t)).toEqual([]);
    await t.stop();
  });

  /** The member has one line with one plan for one charge, and every book says so. */
  async function expectConnected(who: Shopper, orderId: string): Promise<void> {
    const order = await who.order(orderId);
    expect(order.state).toBe('active');
    expect(await booksOf(t, orderId)).toEqual({ ...delivered, ...rewarded, ...granted });
    expect(await linesOf(t, who)).toEqual([[dataPlan]]);
    expect(await chargesOf(t, who)).toEqual([{ amount: 2000, refunded: 0, currency: 'usd' }]);
    expect(await mailsOf(t, who)).toEqual(['esim_ready', 'order_paid', 'welcome']);
    await expectProjected(who, orderId);
  }

  /** Nothing was bought: no money, no line, no mail but the welcome. */
  async function expectNothingBought(who: Shopper, orderId: string, mails: string[] = []): Promise<void> {
    expect((await who.order(orderId)).state).toBe('expired');
    expect(await booksOf(t, orderId)).toEqual({});
    expect(await linesOf(t, who)).toEqual([]);
    expect(await chargesOf(t, who)).toEqual([]);
    expect(await mailsOf(t, who)).toEqual([...mails, 'welcome'].sort());
    await expectProjected(who, orderId);
  }

  async function expectProjected(who: Shopper, orderId: string): Promise<void> {
    const shown = t.projected.read(`members/${who.uid}/orders/${orderId}`);
    expect(shown).toEqual(await who.order(orderId));
  }

  it('a card that is taken leads to one released eSIM, one charge, exact books, two mails and a live projection', async () => {
    const ada = shopper(t);
    const orderId = await ada.buy('global_data_10gb');
    await expectConnected(ada, orderId);
    const timeline = await timelineOf(ada, orderId);
    expect(timeline.filter((kind) => kind === 'mail_sent')).toHaveLength(2);
    // A mail is sent while other work goes on, so its place among the steps is a matter of chance.
    expect(timeline.filter((kind) => kind !== 'mail_sent')).toEqual([
      'created',
      'checkout_opened',
      'paid',
      'provisioning_started',
      'line_created',
      'plan_added',
      'reward_accrued',
      'released',
      'number_assigned',
      'activated',
    ]);
    const { lines } = await ada.call('listLines', {});
    expect(lines).toMatchObject([{ state: 'active', dataRemaining: { unit: 'BYTE', amount: '10000000000' } }]);
    expect(need(lines[0]).activation?.lpa).toMatch(/^LPA:1\$/);
    expect(t.projected.read(`members/${ada.uid}/lines/${need(lines[0]).id}`)).toEqual(lines[0]);
    expect((await ada.call('getRewards', {})).pending).toEqual({ unit: 'DOTM', amount: '2.066000000000000000' });
    expect((await ada.order(orderId)).reward).toEqual({ unit: 'DOTM', amount: '2.066000000000000000' });
  });

  it('a declined card is on the timeline and costs nothing, and another card on the same page still buys the eSIM', async () => {
    const ada = shopper(t);
    const { orderId, checkoutUrl } = await ada.checkout('global_data_10gb');
    expect((await pay(checkoutUrl, { card: '4000 0000 0000 0002' })).status).toBe(402);
    await settle(t);
    expect(await timelineOf(ada, orderId)).toEqual(['created', 'checkout_opened', 'payment_declined']);
    expect((await ada.order(orderId)).state).toBe('created');
    await expectProjected(ada, orderId);

    await pay(checkoutUrl);
    await settle(t, 30);
    await expectConnected(ada, orderId);
    expect((await timelineOf(ada, orderId)).slice(0, 4)).toEqual([
      'created',
      'checkout_opened',
      'payment_declined',
      'paid',
    ]);
  });

  it('a card whose bank asks its owner buys the eSIM once the owner has answered', async () => {
    const ada = shopper(t);
    const { orderId, checkoutUrl } = await ada.checkout('global_data_10gb');
    expect((await pay(checkoutUrl, { card: '4000 0027 6000 3184' })).location).toContain('/authenticate');
    await settle(t);
    expect((await ada.order(orderId)).state).toBe('created');
    await authenticate(checkoutUrl, 'complete');
    await settle(t, 30);
    await expectConnected(ada, orderId);
  });

  it('an owner who fails the challenge of the bank pays nothing, and the page stays open', async () => {
    const ada = shopper(t);
    const { orderId, checkoutUrl } = await ada.checkout('global_data_10gb');
    await pay(checkoutUrl, { card: '4000 0027 6000 3184' });
    expect((await authenticate(checkoutUrl, 'fail')).status).toBe(402);
    await settle(t);
    const order = await ada.order(orderId);
    expect(order.state).toBe('created');
    expect(order.checkoutUrl).toBe(checkoutUrl);
    expect(await timelineOf(ada, orderId)).toEqual(['created', 'checkout_opened', 'payment_declined']);
    expect(await booksOf(t, orderId)).toEqual({});
    await ada.call('cancelOrder', { orderId });
  });

  it('money that takes days is waited for, past the end of the page, and then buys the eSIM', async () => {
    const ada = shopper(t);
    const { orderId, checkoutUrl } = await ada.checkout('global_data_10gb');
    await pay(checkoutUrl, { method: 'bank_debit' });
    await settle(t);
    const waiting = await ada.order(orderId);
    expect(waiting).toMatchObject({ state: 'created', paymentPending: true, checkoutUrl: null });
    expect(await booksOf(t, orderId)).toEqual({});
    await letPass(t, 3 * 3600);
    expect((await ada.order(orderId)).state).toBe('created');

    await t.stripe.settleSession(sessionIn(checkoutUrl), 'succeed');
    await settle(t, 30);
    await expectConnected(ada, orderId);
    expect((await timelineOf(ada, orderId)).slice(0, 4)).toEqual([
      'created',
      'checkout_opened',
      'payment_pending',
      'paid',
    ]);
  });

  it('money that does not come after days ends the order and is told by mail; nothing was charged', async () => {
    const ada = shopper(t);
    const { orderId, checkoutUrl } = await ada.checkout('global_data_10gb');
    await pay(checkoutUrl, { method: 'bank_debit' });
    await settle(t);
    await t.stripe.settleSession(sessionIn(checkoutUrl), 'fail');
    await settle(t, 30);
    await expectNothingBought(ada, orderId, ['payment_failed']);
    expect(await timelineOf(ada, orderId)).toEqual([
      'created',
      'checkout_opened',
      'payment_pending',
      'payment_failed',
      'mail_sent',
    ]);
  });

  it('a payment page that nobody used ends by the clock, and its order with it', async () => {
    const ada = shopper(t);
    const { orderId, checkoutUrl } = await ada.checkout('global_data_10gb');
    await letPass(t, 2 * 3600 + 60);
    await expectNothingBought(ada, orderId);
    expect(await timelineOf(ada, orderId)).toEqual(['created', 'checkout_opened', 'expired']);
    await pay(checkoutUrl);
    await settle(t, 30);
    await expectNothingBought(ada, orderId);
  });

  it('the sweeper ends an unpaid order by itself when no event says that its page has ended', async () => {
    const ada = shopper(t);
    const { orderId } = await ada.checkout('global_data_10gb');
    await t.control.setWebhookMode('stripe', 'drop');
    await letPass(t, 2 * 3600 + 60);
    await t.control.setWebhookMode('stripe', 'hold');
    await expectNothingBought(ada, orderId);
  });

  it('a payment whose event never came is found by the sweeper, and the order is delivered', async () => {
    const ada = shopper(t);
    const { orderId, checkoutUrl } = await ada.checkout('global_data_10gb');
    await t.control.setWebhookMode('stripe', 'drop');
    await pay(checkoutUrl);
    await t.control.setWebhookMode('stripe', 'hold');
    await letPass(t, 2 * 3600 + 60);
    await expectConnected(ada, orderId);
  });

  it('a member who cancels closes the page for good, and may cancel again without harm', async () => {
    const ada = shopper(t);
    const { orderId, checkoutUrl } = await ada.checkout('global_data_10gb');
    expect((await ada.call('cancelOrder', { orderId })).state).toBe('expired');
    expect((await ada.call('cancelOrder', { orderId })).state).toBe('expired');
    await pay(checkoutUrl);
    await settle(t, 30);
    await expectNothingBought(ada, orderId);
  });

  it('who pays in the moment of cancelling has paid: cancelling is refused and the eSIM comes', async () => {
    const ada = shopper(t);
    const { orderId, checkoutUrl } = await ada.checkout('global_data_10gb');
    await pay(checkoutUrl);
    // The webhook has not come yet: our order still says that it waits for money.
    expect((await ada.order(orderId)).state).toBe('created');
    await expect(ada.call('cancelOrder', { orderId })).rejects.toMatchObject({ code: 'order.wrong_state' });
    await settle(t, 30);
    await expectConnected(ada, orderId);
    await expect(ada.call('cancelOrder', { orderId })).rejects.toMatchObject({ code: 'order.wrong_state' });
  });

  it('cancelling and paying at once end in exactly one of the two, whoever comes first', async () => {
    const ada = shopper(t);
    const { orderId, checkoutUrl } = await ada.checkout('global_data_10gb');
    const [cancelled] = await Promise.allSettled([ada.call('cancelOrder', { orderId }), pay(checkoutUrl)]);
    await settle(t, 30);
    if (cancelled.status === 'fulfilled') await expectNothingBought(ada, orderId);
    else await expectConnected(ada, orderId);
  });

  it('money for an order that was given up meanwhile is booked, sent back at once and told to operators', async () => {
    const ada = shopper(t);
    const { orderId, checkoutUrl } = await ada.checkout('global_data_10gb');
    await pay(checkoutUrl, { method: 'bank_debit' });
    await settle(t);
    // Our side gave the order up, as it does when an account is deleted while the bank takes its time.
    await t.db.query(`update orders set state = 'expired', payment_pending = false where id = $1`, [orderId]);
    await t.stripe.settleSession(sessionIn(checkoutUrl), 'succeed');
    await settle(t, 30);

    expect((await ada.order(orderId)).state).toBe('refunded');
    expect(await booksOf(t, orderId)).toEqual({});
    expect(await linesOf(t, ada)).toEqual([]);
    expect(await chargesOf(t, ada)).toEqual([{ amount: 2000, refunded: 2000, currency: 'usd' }]);
    expect(await mailsOf(t, ada)).toEqual(['order_refunded', 'welcome']);
    expect(await alertsAbout(t, orderId)).toEqual(['payment_unexpected']);
    expect((await timelineOf(ada, orderId)).slice(-4)).toEqual(['paid', 'refund_started', 'refunded', 'mail_sent']);
  });

  it('a payment of another amount than the order is booked as what it was and sent back whole', async () => {
    const ada = shopper(t);
    await ada.call('getAccount', {});
    await settle(t, 30);
    await t.control.addFault({
      vendor: 'stripe',
      kind: 'status',
      status: 400,
      method: 'POST',
      path: '/v1/checkout/sessions',
    });
    await expect(ada.checkout('global_data_10gb')).rejects.toMatchObject({ code: 'vendor.unavailable' });
    const orderId = need((await ada.call('listOrders', {})).orders[0]).id;
    const checkoutUrl = await openForeignSession(ada, orderId);
    await pay(checkoutUrl);
    await settle(t, 30);

    const order = await ada.order(orderId);
    expect(order).toMatchObject({
      state: 'refunded',
      total: { unit: 'USD', amount: '23.00' },
      refunded: { amount: '23.00' },
    });
    expect(await booksOf(t, orderId)).toEqual({});
    expect(await linesOf(t, ada)).toEqual([]);
    expect(await chargesOf(t, ada)).toEqual([{ amount: 2300, refunded: 2300, currency: 'usd' }]);
    expect(await alertsAbout(t, orderId)).toEqual(['payment_unexpected']);
  });

  it('an order in Canadian dollars is charged, booked and rewarded in its own currency', async () => {
    const ada = shopper(t);
    const before = await balanceOf(t.db, 'platform/revenue/USD');
    const orderId = await ada.buy('global_data_10gb', 'CAD');
    const order = await ada.order(orderId);
    expect(order).toMatchObject({ state: 'active', total: { unit: 'CAD', amount: '27.99' } });
    expect(await booksOf(t, orderId)).toEqual({
      'revenue/CAD': '2799',
      'stripe_clearing/CAD': '-2799',
      // 27.99 CAD x 10.33 % x 0.73 DOTM
      'rewards_pending/DOTM': '2110697910000000000',
      'reward_issuance/DOTM': '-2110697910000000000',
      ...granted,
    });
    expect(await chargesOf(t, ada)).toEqual([{ amount: 2799, refunded: 0, currency: 'cad' }]);
    expect(await balanceOf(t.db, 'platform/revenue/USD')).toBe(before);
  });

  function sessionIn(checkoutUrl: string): string {
    return need(/cs_[A-Za-z0-9_]+/.exec(checkoutUrl)?.[0]);
  }

  /** Opens a payment page for an order with an item that it does not hold, as nothing of ours ever does. */
  async function openForeignSession(who: Shopper, orderId: string): Promise<string> {
    const form = {
      mode: 'payment',
      customer: await who.customerId(),
      client_reference_id: orderId,
      'line_items[0][price_data][currency]': 'usd',
      'line_items[0][price_data][unit_amount]': '2300',
      'line_items[0][price_data][product_data][name]': 'Something else',
      'line_items[0][quantity]': '1',
      success_url: 'https://app.test/done',
      cancel_url: 'https://app.test/plans',
    };
    const response = await fetch(`${t.sandboxUrls.stripe}/v1/checkout/sessions`, {
      method: 'POST',
      headers: { authorization: 'Bearer sk_test_sandbox' },
      body: new URLSearchParams(form),
    });
    const session = (await response.json()) as { url?: string };
    return need(session.url);
  }
});
