import { createHmac } from 'node:crypto';
import type { Stripe } from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WebhookDelivery } from '../../../../sandbox/src/core/webhooks.ts';
import { runJob } from '../../../src/platform/jobs.ts';
import { verifyLedger } from '../../../src/store/ledger.ts';
import { topics } from '../../../src/topics.ts';
import { TEST_WEBHOOK_SECRET } from '../../support/services.ts';
import {
  authenticate,
  booksOf,
  chargesOf,
  deadJobs,
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

const delivered = {
  'revenue/USD': '2000',
  'stripe_clearing/USD': '-2000',
  'rewards_pending/DOTM': '2066000000000000000',
  'reward_issuance/DOTM': '-2066000000000000000',
  'data/BYTE': '10000000000',
  'data_stock/BYTE': '-10000000000',
};

describe('webhooks of the payment provider', () => {
  let t: Shop;
  let url: string;
  beforeAll(async () => {
    t = await shop();
    url = need((await t.control.state()).vendors.find(({ name }) => name === 'stripe')?.webhooks?.url);
  });
  afterAll(async () => {
    expect(await verifyLedger(t.db)).toEqual([]);
    expect(await deadJobs(t)).toEqual([]);
    await t.stop();
  });

  /** The newest deliveries, newest first; no life of an order has more events than this. */
  const newest = async () =>
    (await t.control.call<{ webhooks: WebhookDelivery[] }>('GET', '/webhooks?vendor=stripe&limit=150')).webhooks;
  const held = async () => (await newest()).filter(({ state }) => state === 'held').toReversed();

  /** Delivers what is held in the order that `sort` gives, each `copies` times, and works off each before the next comes. */
  async function deliver(sort: (held: WebhookDelivery[]) => WebhookDelivery[], copies = 1): Promise<string[]> {
    const types: string[] = [];
    for (let waiting = await held(); waiting.length > 0; waiting = await held()) {
      for (const { id, eventType } of sort(waiting)) {
        for (let copy = 0; copy < copies; copy += 1) await t.control.resendWebhook(id);
        types.push(eventType ?? '');
        await workOff();
      }
    }
    return types;
  }

  /** Runs what is due of the background work, and leaves held webhooks where they are. */
  async function workOff(): Promise<void> {
    for (;;) {
      const { rows } = await t.db.query<{ id: string }>(
        `select o.id from outbox o left join lane l on l.name = o.lane and l.job_id <> o.id
         where o.state = 'pending' and o.run_at <= $1 and o.claimed_until is null and l.name is null order by o.run_at limit 1`,
        [t.clock.now()],
      );
      if (!rows[0]) return;
      await runJob(t, topics, rows[0].id);
    }
  }

  async function expectConnected(who: Shopper, orderId: string): Promise<void> {
    expect((await who.order(orderId)).state).toBe('active');
    expect(await booksOf(t, orderId)).toEqual(delivered);
    expect(await linesOf(t, who)).toHaveLength(1);
    expect(await chargesOf(t, who)).toEqual([{ amount: 2000, refunded: 0, currency: 'usd' }]);
    expect(await mailsOf(t, who)).toEqual(['esim_ready', 'order_paid', 'welcome']);
  }

  async function stripePost<T>(path: string, form: Record<string, string>): Promise<T> {
    const response = await fetch(`${t.sandboxUrls.stripe}${path}`, {
      method: 'POST',
      headers: { authorization: 'Bearer sk_test_sandbox' },
      body: new URLSearchParams(form),
    });
    return (await response.json()) as T;
  }

  const newestCharge = async () => need((await t.stripe.list<Stripe.Charge>('charges'))[0]).id;
  const subscriptionOf = async (who: Shopper) => {
    const customer = await who.customerId();
    return need((await t.stripe.list<Stripe.Subscription>('subscriptions')).find((one) => one.customer === customer))
      .id;
  };

  /** A life of an order in which every event that we handle comes. Gives what the order and account must look like in the end. */
  const lives: Record<string, (ada: Shopper) => Promise<string>> = {
    'declined, then paid, then refunded in part and whole': async (ada) => {
      const { orderId, checkoutUrl } = await ada.checkout('global_data_10gb');
      await pay(checkoutUrl, { card: '4000 0000 0000 0002' });
      await pay(checkoutUrl);
      await stripePost('/v1/refunds', { charge: await newestCharge(), amount: '500' });
      await stripePost('/v1/refunds', { charge: await newestCharge() });
      return orderId;
    },
    'paid by a bank that takes days': async (ada) => {
      const { orderId, checkoutUrl } = await ada.checkout('global_data_10gb');
      await pay(checkoutUrl, { method: 'bank_debit' });
      await t.stripe.settleSession(need(/cs_[A-Za-z0-9_]+/.exec(checkoutUrl)?.[0]), 'succeed');
      return orderId;
    },
    'not paid by a bank after days': async (ada) => {
      const { orderId, checkoutUrl } = await ada.checkout('global_data_10gb');
      await pay(checkoutUrl, { method: 'bank_debit' });
      await t.stripe.settleSession(need(/cs_[A-Za-z0-9_]+/.exec(checkoutUrl)?.[0]), 'fail');
      return orderId;
    },
    'challenged, failed, then expired': async (ada) => {
      const { orderId, checkoutUrl } = await ada.checkout('global_data_10gb');
      await pay(checkoutUrl, { card: '4000 0027 6000 3184' });
      await authenticate(checkoutUrl, 'fail');
      await t.stripe.expireSession(need(/cs_[A-Za-z0-9_]+/.exec(checkoutUrl)?.[0]));
      return orderId;
    },
    'disputed and lost': async (ada) => {
      const { orderId, checkoutUrl } = await ada.checkout('global_data_10gb');
      await pay(checkoutUrl);
      const { id } = await t.stripe.openDispute({ charge: await newestCharge() });
      await t.stripe.closeDispute(id, 'lost');
      return orderId;
    },
    'disputed and won': async (ada) => {
      const { orderId, checkoutUrl } = await ada.checkout('global_data_10gb');
      await pay(checkoutUrl);
      const { id } = await t.stripe.openDispute({ charge: await newestCharge() });
      await t.stripe.closeDispute(id, 'won');
      return orderId;
    },
    'refunded, and the refund returned by the bank': async (ada) => {
      const { orderId, checkoutUrl } = await ada.checkout('global_data_10gb');
      await pay(checkoutUrl);
      const refund = await stripePost<Stripe.Refund>('/v1/refunds', { charge: await newestCharge() });
      await t.stripe.settleRefund(refund.id, 'fail');
      return orderId;
    },
    'a membership that renews, fails to renew and ends': async (ada) => {
      const { orderId, checkoutUrl } = await ada.checkout('network_vpn');
      await pay(checkoutUrl);
      await t.stripe.renewSubscription(await subscriptionOf(ada));
      await t.stripe.setCardFails(await ada.customerId(), true);
      await t.stripe.renewSubscription(await subscriptionOf(ada));
      await stripePost(`/v1/subscriptions/${await subscriptionOf(ada)}`, { cancel_at_period_end: 'true' });
      await t.stripe.renewSubscription(await subscriptionOf(ada));
      return orderId;
    },
  };

  /** What must be the same however the events come: all but times, ids and the order of the timeline. */
  async function outcomeOf(ada: Shopper, orderId: string): Promise<object> {
    const orders = (await ada.call('listOrders', {})).orders;
    const books = await Promise.all(orders.map(({ id }) => booksOf(t, id)));
    return {
      orders: orders.map(({ state, refunded, paymentPending }) => ({ state, refunded, paymentPending })),
      books,
      charges: await chargesOf(t, ada),
      lines: (await linesOf(t, ada)).length,
      mails: await mailsOf(t, ada),
      subscriptions: (await ada.call('getAccount', {})).subscriptions.map(({ status }) => status),
      kinds: [...new Set(await timelineOf(ada, orderId))].filter((kind) => kind !== 'payment_pending').sort(),
    };
  }

  const ends = new Map<string, Promise<object>>();

  /** How a life ends when each event comes once and in order; lived once. */
  function ordinaryEnd(life: string): Promise<object> {
    const known = ends.get(life) ?? liveOrdinarily(life);
    ends.set(life, known);
    return known;
  }

  async function liveOrdinarily(life: string): Promise<object> {
    const ada = shopper(t);
    const orderId = await need(lives[life])(ada);
    await deliver((waiting) => waiting);
    await settle(t, 60);
    return outcomeOf(ada, orderId);
  }

  it.each(Object.keys(lives))(
    'every event of an order that was %s may come twice: nothing happens twice',
    async (life) => {
      const ordinary = await ordinaryEnd(life);
      const ada = shopper(t);
      const orderId = await need(lives[life])(ada);
      const types = await deliver((waiting) => waiting, 2);
      await settle(t, 60);
      expect(types.length).toBeGreaterThan(3);
      expect(await outcomeOf(ada, orderId)).toEqual(ordinary);
      // Long after, once more, all of them.
      await t.advance(3600);
      for (const { id } of (await newest()).slice(0, types.length)) await t.control.resendWebhook(id);
      await settle(t, 60);
      expect(await outcomeOf(ada, orderId)).toEqual(ordinary);
    },
  );

  it.each(Object.keys(lives))('the events of an order that was %s may come in reversed order', async (life) => {
    const ordinary = await ordinaryEnd(life);
    const ada = shopper(t);
    const orderId = await need(lives[life])(ada);
    await deliver((waiting) => waiting.toReversed());
    await settle(t, 600);
    // Told of all at once, nobody hears of a card that was declined before a payment that is known already; and a dispute does not
    // stop the carrier, so that a line may have been made before it is lost.
    const left = { kinds: undefined, mails: undefined, ...(life.startsWith('disputed') ? { lines: undefined } : {}) };
    expect({ ...(await outcomeOf(ada, orderId)), ...left }).toEqual({ ...ordinary, ...left });
  });

  it('an expiry that is told after the payment changes nothing', async () => {
    const ada = shopper(t);
    const { orderId, checkoutUrl } = await ada.checkout('global_data_10gb');
    await pay(checkoutUrl);
    await settle(t, 30);
    const session = need((await t.stripe.list<Stripe.Checkout.Session>('sessions'))[0]);
    await t.stripe.sendEvent({ type: 'checkout.session.expired', object: session });
    await settle(t, 30);
    await expectConnected(ada, orderId);
  });

  it('a payment that an event claims and the provider does not know of is never believed', async () => {
    const ada = shopper(t);
    const { orderId } = await ada.checkout('global_data_10gb');
    const session = need((await t.stripe.list<Stripe.Checkout.Session>('sessions'))[0]);
    const lie = { ...session, status: 'complete', payment_status: 'paid', amount_total: 2000 };
    await t.stripe.sendEvent({ type: 'checkout.session.completed', object: lie });
    await t.stripe.sendEvent({ type: 'checkout.session.async_payment_failed', object: session });
    await settle(t, 30);
    expect((await ada.order(orderId)).state).toBe('created');
    expect(await booksOf(t, orderId)).toEqual({});
  });

  it('events about ids that do not exist, and of types that nobody handles, are kept and do nothing', async () => {
    const unknown = {
      'checkout.session.completed': 'cs_test_nobody',
      'payment_intent.payment_failed': 'pi_nobody',
      'invoice.paid': 'in_nobody',
      'invoice.payment_failed': 'in_nobody',
      'customer.subscription.updated': 'sub_nobody',
      'charge.refunded': 'ch_nobody',
      'refund.updated': 're_nobody',
      'charge.dispute.created': 'du_nobody',
      'payout.paid': 'po_nobody',
      'a.type.of.the.future': 'x_nobody',
    };
    for (const [type, id] of Object.entries(unknown)) await t.stripe.sendEvent({ type, object: { id, object: 'any' } });
    await t.stripe.sendEvent({ type: 'balance.available', object: { object: 'balance' } });
    await settle(t, 30);
    const { rows } = await t.db.query<{ type: string; outcome: string | null }>(
      `select type, outcome from inbox where object_id = any ($1) or type = 'balance.available'`,
      [Object.values(unknown)],
    );
    expect(rows.map((row) => row.type).sort()).toEqual([...Object.keys(unknown), 'balance.available'].sort());
    for (const row of rows) expect(row.outcome, row.type).toMatch(/^ignored: /);
  });

  it('an event of another account is taken without being kept', async () => {
    const before = await t.db.query('select 1 from inbox');
    const event = await t.stripe.sendEvent({
      type: 'checkout.session.completed',
      object: { id: 'cs_test_other', object: 'checkout.session' },
      account: 'acct_other',
    });
    await settle(t);
    const [delivery] = (await newest()).filter(({ eventId }) => eventId === event.id);
    expect(delivery?.state).toBe('delivered');
    expect((await t.db.query('select 1 from inbox')).rowCount).toBe(before.rowCount);
  });

  it('a session of another customer that names an order pays nothing of it', async () => {
    const [ada, bob] = [shopper(t), shopper(t, 'bob')];
    const { orderId } = await ada.checkout('global_data_10gb');
    await bob.call('getAccount', {});
    await settle(t, 30);
    const foreign = await stripePost<{ url: string }>('/v1/checkout/sessions', {
      mode: 'payment',
      customer: await bob.customerId(),
      client_reference_id: orderId,
      'line_items[0][price_data][currency]': 'usd',
      'line_items[0][price_data][unit_amount]': '2000',
      'line_items[0][price_data][product_data][name]': 'Something',
      'line_items[0][quantity]': '1',
      success_url: 'https://app.test/done',
    });
    await pay(foreign.url);
    await settle(t, 30);
    expect((await ada.order(orderId)).state).toBe('created');
    expect(await booksOf(t, orderId)).toEqual({});
    await stripePost('/v1/refunds', { charge: await newestCharge() });
    await settle(t, 30);
    // What we can't place we wait for, for some hours; then it is none of ours.
    await t.advance(3.5 * 3600);
    await settle(t, 300);
    const { rows } = await t.db.query<{ outcome: string }>(
      `select outcome from inbox where type = 'charge.refunded' order by received_at desc limit 1`,
    );
    expect(rows[0]?.outcome).toBe('ignored: not ours');
  });

  it('the events of many orders, shuffled and doubled, end in one line and one charge each', async () => {
    await t.control.setWebhookMode('stripe', 'shuffle');
    const people = await Promise.all(
      [1, 2, 3].map(async () => {
        const ada = shopper(t);
        const { orderId, checkoutUrl } = await ada.checkout('global_data_10gb');
        await pay(checkoutUrl);
        return { ada, orderId };
      }),
    );
    for (const { id } of await held()) if (Math.random() < 0.5) await t.control.resendWebhook(id);
    await settle(t, 60);
    await t.control.setWebhookMode('stripe', 'hold');
    for (const { ada, orderId } of people) await expectConnected(ada, orderId);
  });

  describe('the signature', () => {
    const body = JSON.stringify({
      id: 'evt_forged',
      object: 'event',
      type: 'checkout.session.completed',
      created: 1_700_000_000,
      data: { object: { id: 'cs_test_forged' } },
    });
    const now = () => Math.floor(Date.now() / 1000);
    const sign = (text: string, at = now(), secret = TEST_WEBHOOK_SECRET) =>
      `t=${String(at)},v1=${createHmac('sha256', secret)
        .update(`${String(at)}.${text}`)
        .digest('hex')}`;

    async function send(text: string, signature?: string): Promise<number> {
      const headers = {
        'content-type': 'application/json',
        ...(signature === undefined ? {} : { 'stripe-signature': signature }),
      };
      return (await fetch(url, { method: 'POST', headers, body: text })).status;
    }

    it.each([
      ['without a signature', () => send(body)],
      ['with a signature that is no signature', () => send(body, 'yes')],
      ['signed with another secret', () => send(body, sign(body, now(), 'whsec_other'))],
      ['changed after it was signed', () => send(body.replace('cs_test', 'cs_live'), sign(body))],
      ['whose signature is older than five minutes', () => send(body, sign(body, now() - 310))],
      ['whose signature is from the far future', () => send(body, sign(body, now() + 310))],
      ['whose white space was changed', () => send(JSON.stringify(JSON.parse(body), null, 1), sign(body))],
      ['with two signatures, neither good', () => send(body, `${sign(body, now(), 'whsec_a')},v1=${'0'.repeat(64)}`)],
      ['without a body', () => send('')],
      ['without a body, though signed', () => send('', sign(''))],
      ['that is no event, though signed', () => send('[]', sign('[]'))],
    ])('an event %s is answered 400 and not kept', async (_how, forge) => {
      const before = await t.db.query('select 1 from inbox');
      expect(await forge()).toBe(400);
      expect((await t.db.query('select 1 from inbox')).rowCount).toBe(before.rowCount);
    });

    it('an event with two signatures, one of them good, is kept: so it comes while a secret is rotated', async () => {
      const rotated = body.replace('evt_forged', 'evt_rotated');
      const old = sign(rotated, now(), 'whsec_old').split(',')[1] ?? '';
      expect(await send(rotated, `${sign(rotated)},${old}`)).toBe(200);
      await settle(t);
    });

    it('an event that is signed well is kept, once however often it comes', async () => {
      expect(await send(body, sign(body))).toBe(200);
      expect(await send(body, sign(body))).toBe(200);
      const { rows } = await t.db.query(`select 1 from inbox where event_id = 'evt_forged'`);
      expect(rows).toHaveLength(1);
      await settle(t);
    });
  });
});
