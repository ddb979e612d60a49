import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { differences } from '../reconciliation/support.ts';
import { verifyLedger } from '../../../src/store/ledger.ts';
import {
  booksOf,
  chargesOf,
  deadJobs,
  pay,
  settle,
  shop,
  shopper,
  type Shop,
  type Shopper,
} from '../../support/shopping.ts';
import { earnTokens, freeTokens, miscreditedOrders } from '../../support/tokens.ts';

const quebec = { country: 'CA', state: 'QC' };
const dotm = 10n ** 18n;

describe('credit where tax is added', () => {
  let t: Shop;
  let operator: Shopper;
  beforeAll(async () => {
    t = await shop({ taxes: true });
    operator = shopper(t, 'owner');
    t.people.put({ uid: operator.uid, role: 'owner' });
  });
  afterAll(async () => {
    await settle(t, 30);
    expect(await differences(t)).toEqual([]);
    expect(await verifyLedger(t.db)).toEqual([]);
    expect(await miscreditedOrders(t)).toEqual([]);
    expect(await deadJobs(t)).toEqual([]);
    await t.stop();
  });

  async function buy(who: Shopper, usd: string): Promise<string> {
    const { orderId, checkoutUrl } = await who.call('startCheckout', {
      items: [{ productId: 'global_data_10gb' }],
      currency: 'USD',
      credit: { unit: 'USD', amount: usd },
    });
    await pay(checkoutUrl, quebec);
    await settle(t, 30);
    return orderId;
  }

  it('tax is reckoned on what is paid with money, and what goes back takes its share of all three', async () => {
    const ada = shopper(t);
    await earnTokens(t, ada, '5.00');
    const orderId = await buy(ada, '5.00');
    // 14.975 % of 15.00.
    expect(await ada.order(orderId)).toMatchObject({ total: { amount: '17.25' }, tax: { amount: '2.25' } });
    expect((await chargesOf(t, ada)).at(-1)).toMatchObject({ amount: 1725 });
    expect(await booksOf(t, orderId)).toMatchObject({
      'revenue/USD': '1500',
      'sales_tax/USD': '225',
      // On 15.00, as the card paid them.
      'rewards_pending/DOTM': '1549500000000000000',
    });
    const refund = (usd: string) =>
      operator.call('refundOrder', { orderId, reason: 'asked', amount: { unit: 'USD', amount: usd } });
    await refund('5.75');
    await settle(t, 30);
    expect(await freeTokens(t, ada)).toBe((5n * dotm) / 3n);
    await refund('11.50');
    await settle(t, 30);
    expect(await freeTokens(t, ada)).toBe(5n * dotm);
    expect(await booksOf(t, orderId)).toEqual({});
  });

  it('what tokens pay whole has no tax to pay', async () => {
    const ada = shopper(t);
    await earnTokens(t, ada, '20.00');
    const orderId = await buy(ada, '20.00');
    expect(await ada.order(orderId)).toMatchObject({
      state: 'active',
      total: { amount: '0.00' },
      tax: { amount: '0.00' },
    });
    expect(await freeTokens(t, ada)).toBe(0n);
  });
});
