import { describe, expect, test } from 'vitest';
import { basketPath, readBasket } from './basket-address.ts';

const read = (path: string) => readBasket(new URL(path, 'https://app.test').searchParams, 'USD');

describe('the address of a basket', () => {
  test('is read as it was written', () => {
    const basket = {
      items: [
        { productId: 'network_vpn', cycle: 'monthly' as const, quantity: 1 },
        { productId: 'global_data_10gb', cycle: 'one_time' as const, quantity: 3 },
      ],
      currency: 'CAD' as const,
      code: 'WELCOME-26',
    };
    expect(read(basketPath(basket))).toEqual(basket);
    expect(read(basketPath({ ...basket, code: null }))).toEqual({ ...basket, code: null });
  });

  test('without a currency, or with a word for one, is in the one of this device', () => {
    expect(read('/checkout?items=network_vpn.annual')?.currency).toBe('USD');
    expect(read('/checkout?items=network_vpn.annual&currency=dollars')?.currency).toBe('USD');
  });

  test.each([
    '/checkout',
    '/checkout?items=',
    '/checkout?items=network_vpn',
    '/checkout?items=network_vpn.weekly',
    '/checkout?items=network_vpn.monthly,',
    '/checkout?items=network_vpn.monthly.0',
    '/checkout?items=network_vpn.monthly.11',
    '/checkout?items=network_vpn.monthly.1.1',
    '/checkout?items=../account.monthly',
  ])('%s names no basket', (path) => {
    expect(read(path)).toBeNull();
  });
});
