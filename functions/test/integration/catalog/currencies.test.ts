import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findOrder } from '../../../src/store/orders.ts';
import { verifyLedger } from '../../../src/store/ledger.ts';
import { asCurrency } from '../../../src/shared/money.ts';
import { operator } from '../../support/operators.ts';
import { publishChange, withCurrency } from '../../support/catalog.ts';
import {
  booksOf,
  call,
  chargesOf,
  deadJobs,
  need,
  pay,
  settle,
  shop,
  shopper,
  type Shop,
} from '../../support/shopping.ts';

const eur = asCurrency('EUR');
const jpy = asCurrency('JPY');

describe('a currency is data: published in a new version', () => {
  let t: Shop;
  beforeAll(async () => {
    t = await shop();
    const token = operator(t, 'owner');
    await publishChange(t, token, (content) => withCurrency(content, 'EUR', '1.08'));
    await settle(t, 10);
  });
  afterAll(async () => {
    expect(await verifyLedger(t.db)).toEqual([]);
    expect(await deadJobs(t)).toEqual([]);
    await t.stop();
  });

  it('it is sold in: the order, the payment page, the money and the reward are in it', async () => {
    const ada = shopper(t);
    await ada.call('updateAccount', { currency: eur });
    const { orderId, checkoutUrl } = await ada.checkout('global_data_10gb', eur);
    const sessionId = need((await findOrder(t.db, orderId))?.checkoutSessionId);
    const session = await (await t.payments()).getSession(sessionId);
    expect(session).toMatchObject({ currency: 'EUR', total: 2000n });
    await pay(checkoutUrl);
    await settle(t, 30);
    const order = await ada.order(orderId);
    expect(order).toMatchObject({ state: 'active', total: { unit: 'EUR', amount: '20.00' } });
    // 20.00 x 10.33 % x 1.08
    expect(order.reward).toEqual({ unit: 'DOTM', amount: '2.231280000000000000' });
    expect(await chargesOf(t, ada)).toEqual([{ amount: 2000, refunded: 0, currency: 'eur' }]);
    expect(await booksOf(t, orderId)).toMatchObject({ 'revenue/EUR': '2000', 'stripe_clearing/EUR': '-2000' });
  });

  it('what it has no prices in is refused, naming the field', async () => {
    const ada = shopper(t);
    const refused = { code: 'request.invalid', fields: [{ field: 'currency' }] };
    await expect(ada.call('updateAccount', { currency: jpy })).rejects.toMatchObject(refused);
    await expect(ada.checkout('global_data_10gb', jpy)).rejects.toMatchObject(refused);
    expect((await ada.call('listOrders', {})).orders).toEqual([]);
  });

  it('an order keeps the reward rate of its own version, whatever is published before it is delivered', async () => {
    const ada = shopper(t);
    const { orderId, checkoutUrl } = await ada.checkout('global_data_10gb', eur);
    const token = operator(t, 'owner');
    await publishChange(t, token, (content) => ({
      ...content,
      currencies: content.currencies.map((sold) => (sold.code === 'EUR' ? { ...sold, rewardRate: '9' } : sold)),
    }));
    await pay(checkoutUrl);
    await settle(t, 30);
    expect((await ada.order(orderId)).reward?.amount).toBe('2.231280000000000000');
  });

  it('one that the payment provider counts otherwise than we do can not be published', async () => {
    const token = operator(t, 'owner');
    const published = publishChange(t, token, (content) => withCurrency(content, 'ISK', '0.007'));
    await expect(published).rejects.toMatchObject({
      fields: expect.arrayContaining([expect.objectContaining({ problem: 'currency_not_counted_alike' })]) as unknown[],
    });
    expect((await call(t, 'getCatalog', {})).currencies.map(({ code }) => code)).toEqual(['USD', 'CAD', 'EUR']);
  });
});
