import type { Stripe } from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import type { Api } from '../../../src/shared/api/index.ts';
import { verifyLedger } from '../../../src/store/ledger.ts';
import { mortalProcess } from '../../support/mortal.ts';
import {
  call,
  chargesOf,
  deadJobs,
  letPass,
  need,
  pay,
  settle,
  shop,
  shopper,
  type Shop,
  type Shopper,
} from '../../support/shopping.ts';

const data = { productId: 'global_data_10gb', cycle: 'one_time' as const };
const unavailable = { code: 'promotion.unavailable' };

describe('promotions', () => {
  let t: Shop;
  let operator: Shopper;
  beforeAll(async () => {
    t = await shop();
    operator = shopper(t, 'operator');
    t.people.put({ uid: operator.uid, role: 'owner' });
  });
  afterAll(async () => {
    expect(await verifyLedger(t.db)).toEqual([]);
    expect(await deadJobs(t)).toEqual([]);
    await t.stop();
  });

  let codes = 0;
  /** Makes a promotion of 10 % that anybody may use any number of times, unless `more` says otherwise. */
  async function promotion(more: Partial<z.input<Api['createPromotion']['input']>> = {}): Promise<string> {
    codes += 1;
    const off = more.amounts ? {} : { basisPoints: 1000 };
    const { code } = await operator.call('createPromotion', {
      code: `CODE-${String(codes)}`,
      ...{ ...off, maxPerPerson: null, ...more },
    });
    return code;
  }

  const wish = (promotionCode: string) => ({ items: [data], currency: 'USD' as const, promotionCode });
  const order = (who: Shopper, code: string) => who.call('startCheckout', wish(code));
  async function standing(code: string): Promise<{ taken: number; reserved: number; redeemed: number }> {
    const { rows } = await t.db.query<{ taken: number }>('select taken from promotion where code = $1', [code]);
    const found = need((await operator.call('listPromotions', {})).promotions.find((one) => one.code === code));
    return { taken: need(rows[0]).taken, reserved: found.reserved, redeemed: found.redeemed };
  }
  async function buyWith(who: Shopper, code: string): Promise<string> {
    const { orderId, checkoutUrl } = await order(who, code);
    await pay(checkoutUrl);
    await settle(t, 30);
    return orderId;
  }

  it('are reserved with the order and redeemed when it is paid, at the price that was shown', async () => {
    const code = await promotion();
    const ada = shopper(t);
    const shown = await ada.call('priceBasket', wish(code.toLowerCase()));
    expect(shown).toMatchObject({
      discount: { kind: 'promotion', id: code, basisPoints: 1000, amount: { amount: '2.00' } },
      dueNow: { amount: '18.00' },
    });
    const { orderId, checkoutUrl } = await order(ada, code);
    expect(await standing(code)).toEqual({ taken: 1, reserved: 1, redeemed: 0 });
    await pay(checkoutUrl);
    await settle(t, 30);
    expect(await standing(code)).toEqual({ taken: 1, reserved: 0, redeemed: 1 });
    expect(await ada.order(orderId)).toMatchObject({
      state: 'active',
      total: { amount: '18.00' },
      discount: { kind: 'promotion', id: code, amount: { amount: '2.00' } },
      reward: { amount: '1.859400000000000000' },
    });
    expect(await chargesOf(t, ada)).toEqual([{ amount: 1800, refunded: 0, currency: 'usd' }]);
  });

  it('of an amount take it off in each currency that they name, and are no good in another', async () => {
    const code = await promotion({ amounts: [{ unit: 'CAD', amount: '5.00' }] });
    const ada = shopper(t);
    const inCad = { items: [data], currency: 'CAD' as const, promotionCode: code };
    expect(await ada.call('priceBasket', inCad)).toMatchObject({ dueNow: { unit: 'CAD', amount: '22.99' } });
    await expect(order(ada, code)).rejects.toMatchObject(unavailable);
  });

  it('that take everything off are had without a charge, and the order is delivered all the same', async () => {
    const code = await promotion({ basisPoints: 10_000 });
    const ada = shopper(t);
    const orderId = await buyWith(ada, code);
    expect(await ada.order(orderId)).toMatchObject({ state: 'active', total: { amount: '0.00' } });
    expect(await standing(code)).toEqual({ taken: 1, reserved: 0, redeemed: 1 });
  });

  it('are not used up by an order whose better discount is another', async () => {
    const code = await promotion();
    const ada = shopper(t);
    const items = ['network_vpn', 'network_security', 'network_priority'].map((productId) => ({ productId }));
    const { orderId } = await ada.call('startCheckout', { items, currency: 'USD', promotionCode: code });
    expect((await ada.order(orderId)).discount).toMatchObject({ kind: 'bundle' });
    expect(await standing(code)).toEqual({ taken: 0, reserved: 0, redeemed: 0 });
  });

  describe('the last redemption', () => {
    it('is had by exactly one of fifty who order at the same time', async () => {
      const code = await promotion({ maxRedemptions: 1 });
      const crowd = Array.from({ length: 50 }, () => shopper(t, 'crowd'));
      const tries = await Promise.allSettled(crowd.map((one) => order(one, code)));
      expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const refusals = tries.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
      for (const reason of refusals) expect(reason).toMatchObject(unavailable);
      expect(await standing(code)).toEqual({ taken: 1, reserved: 1, redeemed: 0 });
    });

    it('is had again by one of ten after the order that held it was cancelled', async () => {
      const code = await promotion({ maxRedemptions: 1 });
      const ada = shopper(t);
      const { orderId } = await order(ada, code);
      await expect(order(shopper(t), code)).rejects.toMatchObject(unavailable);
      await ada.call('cancelOrder', { orderId });
      expect(await standing(code)).toEqual({ taken: 0, reserved: 0, redeemed: 0 });
      const tries = await Promise.allSettled(Array.from({ length: 10 }, () => order(shopper(t), code)));
      expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });
  });

  it('that a person may use once are used once by ten orders of that person at once', async () => {
    const code = await promotion({ maxPerPerson: 1 });
    const ada = shopper(t);
    await ada.call('getAccount', {});
    await settle(t, 30);
    const tries = await Promise.allSettled(Array.from({ length: 10 }, () => order(ada, code)));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await standing(code)).toMatchObject({ taken: 1 });
    await expect(ada.call('priceBasket', wish(code))).rejects.toMatchObject(unavailable);
    expect((await shopper(t, 'bob').call('priceBasket', wish(code))).dueNow.amount).toBe('18.00');
  });

  it('are taken off the first payment only: renewals have the discount that comes again', async () => {
    const code = await promotion({ basisPoints: 5000 });
    const ada = shopper(t);
    const items = ['network_vpn', 'network_security', 'network_optimization'].map((productId) => ({ productId }));
    const { orderId, checkoutUrl } = await ada.call('startCheckout', { items, currency: 'USD', promotionCode: code });
    await pay(checkoutUrl);
    await settle(t, 30);
    expect((await ada.order(orderId)).total.amount).toBe('8.00');
    const customer = await ada.customerId();
    const [subscription] = (await t.stripe.list<Stripe.Subscription>('subscriptions')).filter(
      (one) => one.customer === customer,
    );
    for (const times of [1, 2]) {
      await t.stripe.renewSubscription(need(subscription).id);
      await settle(t, 30);
      const [renewal] = (await ada.call('listOrders', {})).orders;
      expect(need(renewal), String(times)).toMatchObject({
        total: { amount: '13.60' },
        discount: { kind: 'bundle', amount: { amount: '2.40' } },
      });
    }
    expect((await chargesOf(t, ada)).map(({ amount }) => amount)).toEqual([800, 1360, 1360]);
  });

  it('come back when the order expires unpaid', async () => {
    const code = await promotion({ maxRedemptions: 1 });
    await order(shopper(t), code);
    await letPass(t, 2 * 3600 + 60);
    expect(await standing(code)).toEqual({ taken: 0, reserved: 0, redeemed: 0 });
    expect((await shopper(t).call('priceBasket', wish(code))).dueNow.amount).toBe('18.00');
  });

  it('come back when the money goes back undelivered, and not when it goes back afterwards', async () => {
    const code = await promotion({ maxRedemptions: 1, maxPerPerson: 1 });
    const ada = shopper(t);
    await ada.call('getAccount', {});
    await settle(t, 30);
    const { orderId, checkoutUrl } = await order(ada, code);
    await pay(checkoutUrl);
    await t.control.addFault({ vendor: 'oxio', kind: 'status', status: 503, times: 1_000 });
    await settle(t, 30);
    await letPass(t, 30 * 60);
    await t.control.clearFaults();
    expect((await ada.order(orderId)).state).toBe('refunded');
    expect(await standing(code)).toEqual({ taken: 0, reserved: 0, redeemed: 0 });

    const again = await buyWith(ada, code);
    expect((await ada.order(again)).state).toBe('active');
    await operator.call('refundOrder', { orderId: again, reason: 'the member asked' });
    await settle(t, 30);
    expect((await ada.order(again)).state).toBe('refunded');
    expect(await standing(code)).toEqual({ taken: 1, reserved: 0, redeemed: 1 });
  });

  it('hold after a crash between the order and its payment page: the attempt goes on, the code is taken once', async () => {
    const code = await promotion({ maxRedemptions: 1, maxPerPerson: 1 });
    const ada = shopper(t);
    const as = { token: ada.token, key: 'key-of-a-cut-off-attempt' };
    const mortal = mortalProcess(t, 'startCheckout: before payments.createSession');
    await expect(call(mortal.begin('startCheckout'), 'startCheckout', wish(code), as)).rejects.toThrow('died');
    expect(await standing(code)).toEqual({ taken: 1, reserved: 1, redeemed: 0 });
    await t.advance(300);
    const { orderId, checkoutUrl } = await call(t, 'startCheckout', wish(code), as);
    expect(await standing(code)).toEqual({ taken: 1, reserved: 1, redeemed: 0 });
    await pay(checkoutUrl);
    await settle(t, 30);
    expect((await ada.order(orderId)).total.amount).toBe('18.00');
    expect(await standing(code)).toEqual({ taken: 1, reserved: 0, redeemed: 1 });
  });

  it('in a quote are taken when it is redeemed, and are refused then when they are gone', async () => {
    const code = await promotion({ maxRedemptions: 1 });
    const first = await call(t, 'createQuote', wish(code));
    const second = await call(t, 'createQuote', wish(code));
    expect(await standing(code)).toMatchObject({ taken: 0 });
    const ada = shopper(t);
    const { orderId } = await ada.call('startCheckout', { quote: first.quote });
    expect((await ada.order(orderId)).total.amount).toBe('18.00');
    const bob = shopper(t, 'bob');
    await expect(bob.call('startCheckout', { quote: second.quote })).rejects.toMatchObject(unavailable);
    const fresh = await bob.call('refreshQuote', { quote: second.quote });
    expect(fresh).toMatchObject({ promotionGone: true, price: { dueNow: { amount: '20.00' } } });
  });

  it('that end by plan are honoured in quotes of before; those that an operator ends are not', async () => {
    const endsAt = new Date(t.clock.now().getTime() + 10 * 60_000).toISOString();
    const [planned, stopped] = [await promotion({ endsAt }), await promotion()];
    const quotes = [await call(t, 'createQuote', wish(planned)), await call(t, 'createQuote', wish(stopped))];
    await operator.call('endPromotion', { code: stopped, reason: 'tried by a test' });
    await t.advance(15 * 60);
    const ada = shopper(t);
    for (const code of [planned, stopped]) {
      await expect(ada.call('priceBasket', wish(code))).rejects.toMatchObject(unavailable);
    }
    const { orderId } = await ada.call('startCheckout', { quote: need(quotes[0]).quote });
    expect((await ada.order(orderId)).total.amount).toBe('18.00');
    await expect(ada.call('startCheckout', { quote: need(quotes[1]).quote })).rejects.toMatchObject(unavailable);
  });

  it('answer in the same words whether a code is unknown, not begun, over, ended, used up or for other products', async () => {
    const start = new Date(t.clock.now().getTime() + 3_600_000).toISOString();
    const usedUp = await promotion({ maxRedemptions: 1 });
    await order(shopper(t), usedUp);
    const ended = await promotion();
    await operator.call('endPromotion', { code: ended, reason: 'tried by a test' });
    const bad = ['NOSUCHCODE', await promotion({ startsAt: start }), ended, usedUp];
    bad.push(await promotion({ productIds: ['network_vpn'] }));
    const ada = shopper(t);
    for (const code of bad) await expect(ada.call('priceBasket', wish(code)), code).rejects.toMatchObject(unavailable);
  });

  it('are not found by trying: ten wrong codes an hour, also all at once, and right ones are not counted', async () => {
    const code = await promotion();
    const ada = shopper(t);
    for (let times = 0; times < 15; times += 1) await ada.call('priceBasket', wish(code));
    const guess = (name: string) => ada.call('priceBasket', wish(name)).catch((error: { code: string }) => error.code);
    const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => guess(`GUESS-${String(index)}`)));
    expect(answers.filter((answer) => answer === 'promotion.unavailable')).toHaveLength(10);
    expect(answers.filter((answer) => answer === 'request.rate_limited')).toHaveLength(10);
    expect(await guess(code)).toBe('request.rate_limited');
    expect((await ada.call('priceBasket', { items: [data], currency: 'USD' })).dueNow.amount).toBe('20.00');
    await t.advance(3600);
    expect(await guess(code)).toMatchObject({ dueNow: { amount: '18.00' } });
  });

  describe('as operators make them', () => {
    it.each([
      ['neither a percentage nor amounts', {}, 'basisPoints'],
      ['both', { basisPoints: 100, amounts: [{ unit: 'USD', amount: '1.00' }] }, 'basisPoints'],
      ['nothing off', { amounts: [{ unit: 'USD', amount: '0.00' }] }, 'amounts.0.amount'],
      ['half a cent', { amounts: [{ unit: 'USD', amount: '0.005' }] }, 'amounts.0.amount'],
      ['a currency in which nothing is sold', { amounts: [{ unit: 'EUR', amount: '1.00' }] }, 'amounts.0.unit'],
      ['a currency twice', { amounts: ['1.00', '2.00'].map((amount) => ({ unit: 'USD', amount })) }, 'amounts.1.unit'],
      ['a product that is not in the catalogue', { basisPoints: 100, productIds: ['nothing'] }, 'productIds.0'],
      ['an end that is over', { basisPoints: 100, endsAt: '2020-01-01T00:00:00Z' }, 'endsAt'],
    ])('%s: bad input that names its field', async (_what, wrong, field) => {
      const made = operator.call('createPromotion', { code: 'WRONG', ...wrong } as never);
      await expect(made).rejects.toMatchObject({ code: 'request.invalid', fields: [{ field }] });
    });

    it('a code is made once, and what is done to it is in the audit log', async () => {
      const code = await promotion({ note: 'for the fair' });
      await expect(operator.call('createPromotion', { code, basisPoints: 1 })).rejects.toMatchObject({
        code: 'promotion.exists',
      });
      const ended = await operator.call('endPromotion', { code, reason: 'the fair is over' });
      expect(ended.endedAt).not.toBeNull();
      const { rows } = await t.db.query<{ action: string }>(
        'select action from audit_log where subject = $1 order by id',
        [code],
      );
      expect(rows.map(({ action }) => action)).toEqual(['promotion.created', 'promotion.ended']);
      await expect(operator.call('endPromotion', { code: 'NOSUCHCODE', reason: 'tried' })).rejects.toMatchObject({
        code: 'not_found',
      });
    });
  });
});
