import type { Stripe } from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyLedger } from '../../../src/store/ledger.ts';
import { dyingBefore } from '../../support/dying.ts';
import { raisePrices } from '../../support/republish.ts';
import {
  booksOf,
  call,
  chargesOf,
  deadJobs,
  linesOf,
  need,
  pay,
  settle,
  shop,
  shopper,
  type Shop,
  type Shopper,
} from '../../support/shopping.ts';

const features = ['network_vpn', 'network_security', 'network_optimization'] as const;
const monthly = features.map((productId) => ({ productId, cycle: 'monthly' as const }));
const data = { productId: 'global_data_10gb', cycle: 'one_time' as const };

describe('a quote', () => {
  let t: Shop;
  beforeAll(async () => {
    t = await shop();
  });
  afterAll(async () => {
    expect(await verifyLedger(t.db)).toEqual([]);
    expect(await deadJobs(t)).toEqual([]);
    await t.stop();
  });

  /** Redeems a quote, pays it and lets everything be done that follows. */
  async function redeem(who: Shopper, quote: string): Promise<string> {
    const { orderId, checkoutUrl } = await who.call('startCheckout', { quote });
    await pay(checkoutUrl);
    await settle(t, 30);
    return orderId;
  }

  it.each([
    ['USD', { now: '33.60', month: '13.60' }, 3360],
    ['CAD', { now: '46.67', month: '18.68' }, 4667],
  ] as const)(
    'in %s is paid at exactly its price, whatever is published before it is redeemed, and so is each renewal',
    async (currency, price, cents) => {
      const offered = await call(t, 'createQuote', { items: [...monthly, data], currency });
      expect(offered.price).toMatchObject({
        dueNow: { unit: currency, amount: price.now },
        recurring: { monthly: { unit: currency, amount: price.month } },
        discount: { kind: 'bundle', id: 'network_bundle', basisPoints: 1500 },
      });
      const version = offered.price.catalogVersion;
      expect(await raisePrices(t, 500n)).toBeGreaterThan(version);
      const ada = shopper(t);
      const orderId = await redeem(ada, offered.quote);
      const order = await ada.order(orderId);
      expect(order).toMatchObject({ state: 'active', total: { unit: currency, amount: price.now } });
      expect(order.discount).toEqual(offered.price.discount);
      expect(order.items.map(({ total }) => total)).toEqual(offered.price.lines.map(({ total }) => total));
      expect(order.reward).toEqual(offered.price.reward);
      expect(await chargesOf(t, ada)).toEqual([{ amount: cents, refunded: 0, currency: currency.toLowerCase() }]);
      const stored = await t.db.query<{ version: number }>(
        'select catalog_version as version from orders where id = $1',
        [orderId],
      );
      expect(stored.rows).toEqual([{ version }]);

      await t.stripe.renewSubscription(need((await subscriptionsOf(ada))[0]).id);
      await settle(t, 30);
      const renewal = need((await ada.call('listOrders', {})).orders.find(({ id }) => id !== orderId));
      expect(renewal.total).toEqual({ unit: currency, amount: price.month });
      expect(renewal.items.map(({ productId }) => productId)).toEqual([...features].sort());
      expect(renewal.discount).toMatchObject({ kind: 'bundle', amount: offered.price.renewalDiscount?.amount });
      await raisePrices(t, -500n);
    },
  );

  async function subscriptionsOf(who: Shopper): Promise<Stripe.Subscription[]> {
    const customer = await who.customerId();
    return (await t.stripe.list<Stripe.Subscription>('subscriptions')).filter((one) => one.customer === customer);
  }

  it('of things beside what renews connects the things, and subscribes to the rest only', async () => {
    const ada = shopper(t);
    const orderId = await ada.buy([data, { productId: 'network_vpn', cycle: 'monthly' }]);
    expect((await ada.order(orderId)).state).toBe('active');
    expect(await linesOf(t, ada)).toEqual([['DOTM Global Data 10 GB']]);
    const { subscriptions } = await ada.call('getAccount', {});
    expect(subscriptions).toMatchObject([{ productId: 'network_vpn', status: 'active' }]);
    await t.stripe.renewSubscription(need((await subscriptionsOf(ada))[0]).id);
    await settle(t, 30);
    const renewal = need((await ada.call('listOrders', {})).orders.find(({ id }) => id !== orderId));
    expect(renewal.items.map(({ productId }) => productId)).toEqual(['network_vpn']);
    expect(await linesOf(t, ada)).toEqual([['DOTM Global Data 10 GB']]);
  });

  it('of a year of features costs ten months, and renews each year', async () => {
    const ada = shopper(t);
    const { price, quote } = await ada.call('createQuote', {
      items: [{ productId: 'network_vpn', cycle: 'annual' }],
      currency: 'USD',
    });
    const orderId = await redeem(ada, quote);
    expect((await ada.order(orderId)).total).toEqual(price.dueNow);
    const [item] = need((await subscriptionsOf(ada))[0]).items.data;
    expect(need(item).price.recurring?.interval).toBe('year');
  });

  it('earns its reward on what was paid, and a refund in part takes its share back', async () => {
    const operator = shopper(t, 'finance');
    t.people.put({ uid: operator.uid, role: 'finance' });
    const ada = shopper(t);
    const { price, quote } = await ada.call('createQuote', { items: monthly, currency: 'USD' });
    const orderId = await redeem(ada, quote);
    const earned = BigInt(need(price.reward.amount.replace('.', '')));
    expect(await booksOf(t, orderId)).toMatchObject({ 'rewards_pending/DOTM': earned.toString() });
    expect(price.dueNow.amount).toBe('13.60');
    await operator.call('refundOrder', { orderId, reason: 'part', amount: { unit: 'USD', amount: '6.80' } });
    await settle(t, 30);
    const left = BigInt(need((await booksOf(t, orderId))['rewards_pending/DOTM']));
    // Rounded down for each of three lines.
    expect(Number(earned / 2n - left)).toBeLessThanOrEqual(3);
    expect(left <= earned / 2n).toBe(true);
  });

  it('that has expired is refused, read by nobody, and made anew beside its old price', async () => {
    const ada = shopper(t);
    const first = await ada.call('createQuote', { items: [data], currency: 'USD' });
    await t.advance(30 * 60);
    const expired = { code: 'quote.expired' };
    await expect(ada.call('startCheckout', { quote: first.quote })).rejects.toMatchObject(expired);
    await expect(ada.call('readQuote', { quote: first.quote })).rejects.toMatchObject(expired);
    await raisePrices(t, 100n);
    const fresh = await ada.call('refreshQuote', { quote: first.quote });
    expect(fresh.old.price.dueNow).toEqual(first.price.dueNow);
    expect(Number(fresh.price.dueNow.amount)).toBeCloseTo(Number(first.price.dueNow.amount) + 1, 2);
    const orderId = await redeem(ada, fresh.quote);
    expect((await ada.order(orderId)).total).toEqual(fresh.price.dueNow);
  });

  it('that was taken in time is honoured when the attempt was cut off and comes again after its end', async () => {
    const ada = shopper(t);
    const { quote } = await ada.call('createQuote', { items: [data], currency: 'USD' });
    const dying = { ...t, payments: async () => dyingBefore(await t.payments(), 'createSession') };
    const as = { token: ada.token, key: 'key-of-one-attempt' };
    await expect(call(dying, 'startCheckout', { quote }, as)).rejects.toThrow('died before createSession');
    await t.advance(31 * 60);
    const { orderId, checkoutUrl } = await call(t, 'startCheckout', { quote }, as);
    await pay(checkoutUrl);
    await settle(t, 30);
    expect((await ada.order(orderId)).state).toBe('active');
  });

  it.each([
    ['altered', (quote: string) => quote.replace(/\.(.)/, (_all, letter: string) => `.${letter === 'a' ? 'b' : 'a'}`)],
    ['cut off', (quote: string) => quote.slice(0, -1)],
    ['no quote', () => 'anything'],
  ])('that is %s is refused, by every operation that takes one', async (_what, change) => {
    const ada = shopper(t);
    const quote = change((await ada.call('createQuote', { items: [data], currency: 'USD' })).quote);
    const altered = { code: 'quote.altered' };
    await expect(ada.call('startCheckout', { quote })).rejects.toMatchObject(altered);
    await expect(ada.call('readQuote', { quote })).rejects.toMatchObject(altered);
    await expect(ada.call('refreshQuote', { quote })).rejects.toMatchObject(altered);
    expect((await ada.call('listOrders', {})).orders).toEqual([]);
  });

  it('for members is redeemed by who holds the membership, and by nobody else', async () => {
    const wish = { items: monthly, currency: 'USD' as const, membershipId: 'full_membership' };
    const member = shopper(t);
    await member.buy('full_membership');
    const ada = shopper(t);
    const offered = await call(t, 'createQuote', wish);
    expect(offered.price.discount).toMatchObject({ kind: 'member', id: 'full_member_features' });
    await expect(ada.call('startCheckout', { quote: offered.quote })).rejects.toMatchObject({
      code: 'quote.membership_required',
    });
    const fresh = await ada.call('refreshQuote', { quote: offered.quote });
    expect(fresh.price.discount).toMatchObject({ kind: 'bundle' });
    expect(fresh.old.price.dueNow).toEqual(offered.price.dueNow);

    const orderId = await redeem(member, offered.quote);
    expect((await member.order(orderId)).total).toEqual(offered.price.dueNow);
    expect((await member.order(orderId)).discount).toMatchObject({ kind: 'member' });
  });

  it('of a signed-in caller counts what they hold, not what they say', async () => {
    const ada = shopper(t);
    const wish = { items: monthly, currency: 'USD' as const, membershipId: 'full_membership' };
    expect((await ada.call('priceBasket', wish)).discount).toMatchObject({ kind: 'bundle' });
    await ada.buy('full_membership');
    expect((await ada.call('priceBasket', { ...wish, membershipId: null })).discount).toMatchObject({ kind: 'member' });
  });

  it('does not let anybody have twice what is had once', async () => {
    const ada = shopper(t);
    const starter = await ada.call('createQuote', {
      items: [{ productId: 'esim_starter', cycle: 'one_time' }],
      currency: 'USD',
    });
    await redeem(ada, starter.quote);
    await expect(ada.call('startCheckout', { quote: starter.quote })).rejects.toMatchObject({
      code: 'order.once_per_person',
    });
    const vpn = await ada.call('createQuote', {
      items: [{ productId: 'network_vpn', cycle: 'monthly' }],
      currency: 'USD',
    });
    await redeem(ada, vpn.quote);
    await expect(ada.call('startCheckout', { quote: vpn.quote })).rejects.toMatchObject({
      code: 'order.membership_active',
    });
  });

  it('may be redeemed by two people, each at its price', async () => {
    const { quote, price } = await call(t, 'createQuote', { items: [data], currency: 'CAD' });
    for (const who of [shopper(t), shopper(t, 'bob')]) {
      expect((await who.order(await redeem(who, quote))).total).toEqual(price.dueNow);
    }
  });

  it.each([
    ['items beside it', { items: [data] }, 'items'],
    ['a currency beside it', { currency: 'USD' as const }, 'currency'],
    ['a code beside it', { promotionCode: 'TENOFF' }, 'promotionCode'],
  ])('with %s is bad input that names the field', async (_what, more, field) => {
    const ada = shopper(t);
    const { quote } = await ada.call('createQuote', { items: [data], currency: 'USD' });
    await expect(ada.call('startCheckout', { quote, ...more })).rejects.toMatchObject({
      code: 'request.invalid',
      fields: [{ field }],
    });
  });

  it.each([
    ['a currency in which nothing is sold', { items: [data], currency: 'EUR' }, 'request.invalid'],
    [
      'months beside years',
      { items: [...monthly, { productId: 'basic_membership', cycle: 'annual' }] },
      'order.mixed_billing',
    ],
    [
      'what is sold elsewhere',
      { items: [{ productId: 'metal_card', cycle: 'one_time' }] },
      'catalog.product_unavailable',
    ],
    ['nothing', { items: [] }, 'request.invalid'],
    ['a code that nobody knows', { items: [data], promotionCode: 'NOSUCHCODE' }, 'promotion.unavailable'],
  ])('is not given for %s', async (_what, wish, code) => {
    await expect(call(t, 'createQuote', { currency: 'USD', ...wish } as never)).rejects.toMatchObject({ code });
  });

  it('says nothing about who asked for it', async () => {
    const ada = shopper(t);
    const { quote } = await ada.call('createQuote', { items: [data], currency: 'USD' });
    const text = Buffer.from(need(quote.split('.')[1]), 'base64url').toString();
    for (const secret of [ada.uid, ada.email, await ada.memberId()]) expect(text).not.toContain(secret);
  });
});
