import type { Stripe } from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { differences } from '../reconciliation/support.ts';
import { verifyLedger } from '../../../src/store/ledger.ts';
import {
  alertsAbout,
  booksOf,
  chargesOf,
  deadJobs,
  letPass,
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
import { earnTokens, freeTokens, miscreditedOrders, tokenAccounts } from '../../support/tokens.ts';

const dotm = 10n ** 18n;
const data = 'global_data_10gb';

describe('credit at checkout', () => {
  let t: Shop;
  let operator: Shopper;
  beforeAll(async () => {
    t = await shop();
    operator = shopper(t, 'finance');
    t.people.put({ uid: operator.uid, role: 'finance' });
    await settle(t);
  });
  afterAll(async () => {
    expect(await verifyLedger(t.db)).toEqual([]);
    expect(await miscreditedOrders(t)).toEqual([]);
    // The carrier refused what was to fail.
    expect((await deadJobs(t)).filter((job) => !job.startsWith('order.fulfil: vendor.refused'))).toEqual([]);
    await t.stop();
  });

  async function owner(tokens: string): Promise<Shopper> {
    const ada = shopper(t);
    await earnTokens(t, ada, tokens);
    return ada;
  }

  const checkout = (who: Shopper, amount: string, productId = data, unit: 'USD' | 'CAD' = 'USD') =>
    who.call('startCheckout', { items: [{ productId }], currency: unit, credit: { unit, amount } });

  async function buy(who: Shopper, amount: string, productId = data): Promise<string> {
    const { orderId, checkoutUrl } = await checkout(who, amount, productId);
    await pay(checkoutUrl);
    await settle(t, 30);
    return orderId;
  }

  const giveBack = (orderId: string, usd?: string) =>
    operator.call('refundOrder', {
      orderId,
      reason: 'the member asked',
      ...(usd === undefined ? {} : { amount: { unit: 'USD' as const, amount: usd } }),
    });

  async function expectShown(who: Shopper, orderId: string): Promise<void> {
    expect(t.projected.read(`members/${who.uid}/orders/${orderId}`)).toEqual(await who.order(orderId));
  }

  it('a part paid with tokens is held while the page is open, charged to nobody, spent with the payment, and earns nothing', async () => {
    const ada = await owner('12.34');
    const { orderId, checkoutUrl } = await checkout(ada, '5.00');
    await settle(t);
    expect(await tokenAccounts(t, ada)).toMatchObject({ vested: 7_340_000_000_000_000_000n, reserved: 5n * dotm });
    expect(await ada.order(orderId)).toMatchObject({
      state: 'created',
      total: { unit: 'USD', amount: '15.00' },
      credit: {
        amount: { unit: 'USD', amount: '5.00' },
        tokens: { unit: 'DOTM', amount: '5.000000000000000000' },
        returned: { unit: 'DOTM', amount: '0.000000000000000000' },
      },
    });
    await pay(checkoutUrl);
    await settle(t, 30);
    expect(await ada.order(orderId)).toMatchObject({ state: 'active', total: { unit: 'USD', amount: '15.00' } });
    expect((await chargesOf(t, ada)).at(-1)).toEqual({ amount: 1500, refunded: 0, currency: 'usd' });
    expect(await booksOf(t, orderId)).toEqual({
      'revenue/USD': '1500',
      'stripe_clearing/USD': '-1500',
      // 10.33 % of the 15.00 that were paid with money.
      'rewards_pending/DOTM': '1549500000000000000',
      'reward_issuance/DOTM': '-1549500000000000000',
      'rewards_vested/DOTM': '-5000000000000000000',
      'rewards_spent/DOTM': '5000000000000000000',
      'data/BYTE': '10000000000',
      'data_stock/BYTE': '-10000000000',
    });
    expect(await timelineOf(ada, orderId)).toEqual(expect.arrayContaining(['paid', 'credit_used']));
    expect(await freeTokens(t, ada)).toBe(7_340_000_000_000_000_000n);
    await expectShown(ada, orderId);
  });

  it('what tokens cost and what they buy is the published rate of the currency, to the wei and the cent', async () => {
    const ada = await owner('8.00');
    const { orderId, checkoutUrl } = await checkout(ada, '10.01', data, 'CAD');
    await pay(checkoutUrl);
    await settle(t, 30);
    expect(await ada.order(orderId)).toMatchObject({
      total: { unit: 'CAD', amount: '17.98' },
      credit: { tokens: { amount: '7.307300000000000000' } },
    });
    expect((await chargesOf(t, ada)).at(-1)).toEqual({ amount: 1798, refunded: 0, currency: 'cad' });
    expect(await freeTokens(t, ada)).toBe(692_700_000_000_000_000n);
  });

  it('tokens can pay all of it: no card is charged, it is delivered, and earns nothing', async () => {
    const ada = await owner('20.00');
    const before = await chargesOf(t, ada);
    const orderId = await buy(ada, '20.00');
    expect(await ada.order(orderId)).toMatchObject({ state: 'active', total: { amount: '0.00' }, reward: null });
    expect(await chargesOf(t, ada)).toEqual(before);
    expect(await booksOf(t, orderId)).toEqual({
      'rewards_vested/DOTM': '-20000000000000000000',
      'rewards_spent/DOTM': '20000000000000000000',
      'data/BYTE': '10000000000',
      'data_stock/BYTE': '-10000000000',
    });
    const number = orderId.slice(-8).toUpperCase();
    const receipt = (await t.control.mail({ to: ada.email })).find(({ subject }) => subject.includes(number));
    expect((await t.control.readMail(need(receipt).id)).text).toContain('Paid with 20');
  });

  it.each(['expires', 'is cancelled'])('an order that %s lets its tokens go', async (how) => {
    const ada = await owner('6.00');
    const { orderId } = await checkout(ada, '6.00');
    expect(await freeTokens(t, ada)).toBe(0n);
    if (how === 'expires') await letPass(t, 2 * 3600 + 300);
    else await ada.call('cancelOrder', { orderId });
    expect(await ada.order(orderId)).toMatchObject({
      state: 'expired',
      credit: { tokens: { amount: '6.000000000000000000' }, returned: { amount: '6.000000000000000000' } },
    });
    expect(await freeTokens(t, ada)).toBe(6n * dotm);
    expect(await timelineOf(ada, orderId)).toContain('credit_returned');
    const again = await buy(ada, '6.00');
    expect(await ada.order(again)).toMatchObject({ state: 'active', total: { amount: '14.00' } });
    expect(await freeTokens(t, ada)).toBe(0n);
  });

  it('a payment that the bank takes back lets the tokens go', async () => {
    const ada = await owner('6.00');
    const { orderId, checkoutUrl } = await checkout(ada, '6.00');
    await pay(checkoutUrl, { method: 'bank_debit' });
    await settle(t, 30);
    expect(await tokenAccounts(t, ada)).toMatchObject({ vested: 0n, reserved: 6n * dotm });
    const { rows } = await t.db.query<{ id: string }>('select checkout_session_id as id from orders where id = $1', [
      orderId,
    ]);
    await t.stripe.settleSession(need(rows[0]).id, 'fail');
    await settle(t, 30);
    expect((await ada.order(orderId)).state).toBe('expired');
    expect(await freeTokens(t, ada)).toBe(6n * dotm);
  });

  it('thirds of the money bring back thirds of the tokens, rounded down, and the last one the rest', async () => {
    const ada = await owner('5.00');
    const orderId = await buy(ada, '5.00');
    const steps: bigint[] = [];
    for (const part of ['5.00', '5.00', '5.00']) {
      await giveBack(orderId, part);
      await settle(t, 30);
      steps.push(await freeTokens(t, ada));
      await expectShown(ada, orderId);
    }
    expect(steps).toEqual([1_666_666_666_666_666_666n, 3_333_333_333_333_333_333n, 5n * dotm]);
    expect(await ada.order(orderId)).toMatchObject({
      state: 'refunded',
      credit: { returned: { amount: '5.000000000000000000' } },
    });
    expect((await timelineOf(ada, orderId)).filter((kind) => kind === 'credit_returned')).toHaveLength(3);
    expect(await booksOf(t, orderId)).toEqual({});
  });

  it('what can’t be delivered gives back the money and the tokens', async () => {
    const ada = await owner('5.00');
    await t.control.setOxio({ refuseSubscriptions: {} });
    const orderId = await buy(ada, '5.00');
    await t.control.setOxio({ refuseSubscriptions: null });
    expect(await ada.order(orderId)).toMatchObject({ state: 'refunded', refunded: { amount: '15.00' } });
    expect(await freeTokens(t, ada)).toBe(5n * dotm);
    expect(await booksOf(t, orderId)).toEqual({});
  });

  it('what can’t be delivered and was paid with tokens alone ends refunded, with all of them back and nobody stepping in', async () => {
    const ada = await owner('20.00');
    await t.control.setOxio({ refuseSubscriptions: {} });
    const orderId = await buy(ada, '20.00');
    await t.control.setOxio({ refuseSubscriptions: null });
    expect(await ada.order(orderId)).toMatchObject({
      state: 'refunded',
      credit: { returned: { amount: '20.000000000000000000' } },
    });
    expect(await freeTokens(t, ada)).toBe(20n * dotm);
    expect(await booksOf(t, orderId)).toEqual({});
    expect(await alertsAbout(t, orderId)).toEqual([]);
    expect(await mailsOf(t, ada)).toContain('order_refunded');
    await expectShown(ada, orderId);
  });

  it('an operator gives back an order that was paid with tokens alone, once', async () => {
    const ada = await owner('20.00');
    const orderId = await buy(ada, '20.00');
    await expect(giveBack(orderId, '1.00')).rejects.toMatchObject({ code: 'order.not_refundable' });
    await giveBack(orderId);
    await giveBack(orderId);
    await settle(t, 30);
    expect((await ada.order(orderId)).state).toBe('refunded');
    expect(await freeTokens(t, ada)).toBe(20n * dotm);
  });

  it('a dispute that is lost gives the tokens back, one that is won leaves them spent', async () => {
    for (const outcome of ['lost', 'won'] as const) {
      const ada = await owner('5.00');
      const orderId = await buy(ada, '5.00');
      const customer = await ada.customerId();
      const charge = need((await t.stripe.list<Stripe.Charge>('charges')).find((made) => made.customer === customer));
      const dispute = await t.stripe.openDispute({ charge: charge.id });
      await settle(t, 30);
      await t.stripe.closeDispute(dispute.id, outcome);
      await settle(t, 30);
      expect(await freeTokens(t, ada)).toBe(outcome === 'lost' ? 5n * dotm : 0n);
      expect((await ada.order(orderId)).state).toBe(outcome === 'lost' ? 'refunded' : 'active');
    }
  });

  it('a payment that can’t be kept lets the tokens go and gives the money back', async () => {
    const ada = await owner('20.00');
    const first = await checkout(ada, '4.00', 'basic_membership');
    const second = await checkout(ada, '4.00', 'basic_membership');
    await pay(first.checkoutUrl);
    await settle(t, 30);
    await pay(second.checkoutUrl);
    await settle(t, 30);
    expect((await ada.order(second.orderId)).state).toBe('refunded');
    expect(await tokenAccounts(t, ada)).toMatchObject({ vested: 16n * dotm, reserved: 0n });
  });

  it('a membership that tokens pay all of begins with a card for its renewals, and ends with the order', async () => {
    const ada = await owner('48.00');
    const first = await checkout(ada, '24.00', 'basic_membership');
    const second = await checkout(ada, '24.00', 'basic_membership');
    await pay(first.checkoutUrl);
    await settle(t, 30);
    expect((await ada.order(first.orderId)).state).toBe('active');
    const [running] = (await ada.call('getAccount', {})).subscriptions;
    expect(running).toMatchObject({ productId: 'basic_membership', status: 'active' });
    // The member has it already, so what the second page began is called off, although no money came with it.
    await pay(second.checkoutUrl);
    await settle(t, 30);
    expect((await ada.order(second.orderId)).state).toBe('refunded');
    expect(await freeTokens(t, ada)).toBe(24n * dotm);
    const customer = await ada.customerId();
    const states = (await t.stripe.list<Stripe.Subscription>('subscriptions'))
      .filter((made) => made.customer === customer)
      .map(({ status }) => status);
    expect(states.sort()).toEqual(['active', 'canceled']);
  });

  it('a renewal is charged in full: credit is taken off once', async () => {
    const ada = await owner('10.00');
    await buy(ada, '10.00', 'basic_membership');
    const customer = await ada.customerId();
    const subscription = need(
      (await t.stripe.list<Stripe.Subscription>('subscriptions')).find((made) => made.customer === customer),
    );
    await t.stripe.renewSubscription(subscription.id);
    await settle(t, 30);
    expect((await chargesOf(t, ada)).slice(-2).map(({ amount }) => amount)).toEqual([1400, 2400]);
    const [renewal] = (await ada.call('listOrders', {})).orders;
    expect(need(renewal)).toMatchObject({ total: { amount: '24.00' }, credit: null });
  });

  it('credit comes on top of a discount, and each item has its share of both', async () => {
    const ada = await owner('10.00');
    const features = ['network_security', 'network_vpn', 'network_priority'].map((productId) => ({ productId }));
    const { orderId, checkoutUrl } = await ada.call('startCheckout', {
      items: features,
      currency: 'USD',
      credit: { unit: 'USD', amount: '3.33' },
    });
    await pay(checkoutUrl);
    await settle(t, 30);
    // 19.00 less 15 % less 3.33.
    expect(await ada.order(orderId)).toMatchObject({ state: 'active', total: { amount: '12.82' } });
    expect((await chargesOf(t, ada)).at(-1)).toMatchObject({ amount: 1282 });
    const { rows } = await t.db.query<{ credit: bigint; paid: bigint }>(
      `select credit_minor as credit, unit_minor * quantity - discount_minor - credit_minor as paid from order_item
       where order_id = $1`,
      [orderId],
    );
    expect(rows.reduce((sum, row) => sum + row.credit, 0n)).toBe(333n);
    expect(rows.reduce((sum, row) => sum + row.paid, 0n)).toBe(1282n);
    // The bundle's 15 % are taken off the renewals all the same.
    const customer = await ada.customerId();
    const subscription = need(
      (await t.stripe.list<Stripe.Subscription>('subscriptions')).find((made) => made.customer === customer),
    );
    await t.stripe.renewSubscription(subscription.id);
    await settle(t, 30);
    expect((await chargesOf(t, ada)).at(-1)).toMatchObject({ amount: 1615 });
  });

  it('a preview says what a checkout then does, to the wei', async () => {
    const ada = await owner('12.34');
    const { quote } = await ada.call('createQuote', {
      items: [{ productId: data, cycle: 'one_time' }],
      currency: 'USD',
    });
    expect(await ada.call('previewCredit', { quote })).toMatchObject({
      rate: '1',
      free: { unit: 'DOTM', amount: '12.340000000000000000' },
      held: { amount: '0.000000000000000000' },
      worth: { unit: 'USD', amount: '12.34' },
      due: { amount: '20.00' },
      most: { amount: '12.34' },
      mostInPart: { amount: '12.34' },
      smallestCharge: { amount: '0.50' },
      credit: { amount: '0.00' },
      left: { amount: '20.00' },
      reward: { amount: '2.066000000000000000' },
    });
    const credit = { unit: 'USD', amount: '5.00' } as const;
    const shown = await ada.call('previewCredit', { quote, credit });
    expect(shown).toMatchObject({
      credit,
      tokens: { amount: '5.000000000000000000' },
      left: { amount: '15.00' },
      reward: { amount: '1.549500000000000000' },
    });
    const { orderId, checkoutUrl } = await ada.call('startCheckout', { quote, credit });
    expect(await ada.call('previewCredit', { quote })).toMatchObject({
      free: { amount: '7.340000000000000000' },
      held: shown.tokens,
    });
    await pay(checkoutUrl);
    await settle(t, 30);
    const order = await ada.order(orderId);
    expect({ total: order.total, tokens: order.credit?.tokens, reward: order.reward }).toEqual({
      total: shown.left,
      tokens: shown.tokens,
      reward: shown.reward,
    });
  });

  it('a preview refuses what the checkout would refuse', async () => {
    const ada = await owner('4.99');
    const { quote } = await ada.call('createQuote', {
      items: [{ productId: data, cycle: 'one_time' }],
      currency: 'USD',
    });
    const preview = (unit: 'USD' | 'CAD', amount: string) =>
      ada.call('previewCredit', { quote, credit: { unit, amount } });
    await expect(preview('USD', '5.00')).rejects.toMatchObject({
      code: 'reward.insufficient',
      fields: [{ field: 'credit.amount' }],
    });
    await expect(preview('CAD', '1.00')).rejects.toMatchObject({
      code: 'request.invalid',
      fields: [{ field: 'credit.unit' }],
    });
    const [head, body, seal] = quote.split('.');
    const forged = [head, body, seal?.replace(/^./, (letter) => (letter === 'A' ? 'B' : 'A'))].join('.');
    await expect(ada.call('previewCredit', { quote: forged })).rejects.toMatchObject({ code: 'quote.altered' });
    await letPass(t, 3600);
    await expect(ada.call('previewCredit', { quote })).rejects.toMatchObject({ code: 'quote.expired' });
  });

  it.each([
    ['nothing', { unit: 'USD', amount: '0.00' }, 'request.invalid', 'credit.amount', 'above zero'],
    ['less than nothing', { unit: 'USD', amount: '-1.00' }, 'request.invalid', 'credit.amount', 'above zero'],
    ['more than is due', { unit: 'USD', amount: '20.01' }, 'request.invalid', 'credit.amount', 'above the 20.00 USD'],
    ['another currency', { unit: 'CAD', amount: '5.00' }, 'request.invalid', 'credit.unit', 'USD'],
    ['parts of a cent', { unit: 'USD', amount: '5.001' }, 'request.invalid', 'credit.amount', 'decimals'],
    [
      'a rest that can’t be charged',
      { unit: 'USD', amount: '19.80' },
      'request.invalid',
      'credit.amount',
      '19.50 USD at most, or all 20.00 USD',
    ],
  ] as const)('refuses %s, naming the field, and holds nothing', async (_what, credit, code, field, says) => {
    const ada = await owner('50.00');
    const asked = ada.call('startCheckout', { items: [{ productId: data }], currency: 'USD', credit });
    await expect(asked).rejects.toMatchObject({
      code,
      fields: [{ field, problem: expect.stringContaining(says) as string }],
    });
    expect(await freeTokens(t, ada)).toBe(50n * dotm);
  });

  it('refuses more than the member has free, saying how much there is', async () => {
    const ada = await owner('4.99');
    await expect(checkout(ada, '5.00')).rejects.toMatchObject({
      code: 'reward.insufficient',
      fields: [{ field: 'credit.amount', problem: expect.stringContaining('4.99 USD at most') as string }],
    });
    expect(await freeTokens(t, ada)).toBe(4_990_000_000_000_000_000n);
  });

  it('leaves nothing for the reconciliation to find', async () => {
    await settle(t, 30);
    expect(await differences(t)).toEqual([]);
  });
});
