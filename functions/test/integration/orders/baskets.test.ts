import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { raisePrices } from '../../support/republish.ts';
import {
  chargesOf,
  letPass,
  need,
  pay,
  settle,
  shop,
  shopper,
  type Shop,
  type Shopper,
} from '../../support/shopping.ts';

describe('what a basket may hold', () => {
  let t: Shop;
  beforeAll(async () => {
    t = await shop();
  });
  afterAll(() => t.stop());

  /** Refused with `code`, and neither an order nor a session was made. */
  async function expectRefused(who: Shopper, items: object[], currency: string, code: string, field?: string) {
    const before = await t.stripe.list('sessions');
    const refusal = who.call('startCheckout', { items, currency } as never);
    await expect(refusal).rejects.toMatchObject({
      code,
      ...(field === undefined
        ? {}
        : { fields: expect.arrayContaining([expect.objectContaining({ field })]) as unknown }),
    });
    expect((await who.call('listOrders', {})).orders).toEqual([]);
    expect(await t.stripe.list('sessions')).toHaveLength(before.length);
  }

  it.each([
    [
      'months and years together',
      [{ productId: 'basic_membership' }, { productId: 'network_vpn' }],
      'order.mixed_billing',
    ],
    ['an unknown product', [{ productId: 'moon_data' }], 'catalog.product_unavailable'],
    ['a product that is sold elsewhere', [{ productId: 'metal_card' }], 'catalog.product_unavailable'],
    ['a free feature', [{ productId: 'wifi_calling' }], 'catalog.product_unavailable'],
  ])('%s: refused with a code of its own, and nothing is written', async (_what, items, code) => {
    await expectRefused(shopper(t), items, 'USD', code);
  });

  it.each([
    ['no items', [], 'USD', 'items'],
    [
      'a product twice',
      [{ productId: 'global_data_10gb' }, { productId: 'global_data_10gb' }],
      'USD',
      'items.1.productId',
    ],
    ['a quantity of zero', [{ productId: 'global_data_10gb', quantity: 0 }], 'USD', 'items.0.quantity'],
    ['eleven', [{ productId: 'global_data_10gb', quantity: 11 }], 'USD', 'items.0.quantity'],
    ['half a product', [{ productId: 'global_data_10gb', quantity: 0.5 }], 'USD', 'items.0.quantity'],
    ['a price of one’s own', [{ productId: 'global_data_10gb', unitPrice: '0.01' }], 'USD', 'items.0.unitPrice'],
    ['two of what a person may have once', [{ productId: 'esim_starter', quantity: 2 }], 'USD', 'items.0.quantity'],
    ['two memberships of a kind', [{ productId: 'basic_membership', quantity: 2 }], 'USD', 'items.0.quantity'],
    ['another currency', [{ productId: 'global_data_10gb' }], 'EUR', 'currency'],
  ])('%s: bad input that names its field, and nothing is written', async (_what, items, currency, field) => {
    await expectRefused(shopper(t), items, currency, 'request.invalid', field);
  });

  it('what a person may have once is refused while an order holds it and allowed again when that order expires', async () => {
    const ada = shopper(t);
    const { orderId } = await ada.checkout('esim_starter');
    await expect(ada.checkout('esim_starter')).rejects.toMatchObject({ code: 'order.once_per_person' });
    await expect(
      ada.checkout([{ productId: 'global_data_10gb' }, { productId: 'esim_starter' }]),
    ).rejects.toMatchObject({
      code: 'order.once_per_person',
    });
    expect((await ada.call('listOrders', {})).orders).toHaveLength(1);
    await letPass(t, 2 * 3600 + 60);
    expect((await ada.order(orderId)).state).toBe('expired');
    const again = await ada.buy('esim_starter');
    expect((await ada.order(again)).state).toBe('active');
    await expect(ada.checkout('esim_starter')).rejects.toMatchObject({ code: 'order.once_per_person' });
  });

  it('what a person may have once may be had again after a cancelled order and after the whole was given back', async () => {
    const ada = shopper(t);
    const operator = shopper(t, 'finance');
    t.people.put({ uid: operator.uid, role: 'finance' });
    const { orderId } = await ada.checkout('esim_starter');
    await ada.call('cancelOrder', { orderId });
    const bought = await ada.buy('esim_starter');
    await operator.call('refundOrder', { orderId: bought, reason: 'part', amount: { unit: 'USD', amount: '0.50' } });
    await settle(t, 30);
    await expect(ada.checkout('esim_starter')).rejects.toMatchObject({ code: 'order.once_per_person' });
    await operator.call('refundOrder', { orderId: bought, reason: 'the rest' });
    await settle(t, 30);
    const again = await ada.buy('esim_starter');
    expect((await ada.order(again)).state).toBe('active');
  });

  it('two checkouts at once of what a person may have once make one order', async () => {
    const ada = shopper(t);
    await ada.call('getAccount', {});
    await settle(t, 30);
    const tries = await Promise.allSettled([1, 2, 3, 4].map(() => ada.checkout('esim_starter')));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await ada.call('listOrders', {})).orders).toHaveLength(1);
  });

  it('what one person has does not keep another from it', async () => {
    const [ada, bob] = [shopper(t), shopper(t, 'bob')];
    await ada.buy('esim_starter');
    const bobs = await bob.buy('esim_starter');
    expect((await bob.order(bobs)).state).toBe('active');
  });

  it('the price is the catalogue’s of the day of the order, whatever is published before it is paid', async () => {
    const ada = shopper(t);
    const { orderId, checkoutUrl } = await ada.checkout('global_data_10gb');
    await raisePrices(t, 500n);
    await pay(checkoutUrl);
    await settle(t, 30);
    expect(await ada.order(orderId)).toMatchObject({ state: 'active', total: { amount: '20.00' } });
    const later = await ada.buy('global_data_10gb');
    expect(await ada.order(later)).toMatchObject({ state: 'active', total: { amount: '25.00' } });
    expect((await chargesOf(t, ada)).map(({ amount }) => amount)).toEqual([2000, 2500]);
    expect(need((await ada.call('getCatalog', {})).version)).toBe(2);
  });
});
