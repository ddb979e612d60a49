import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyLedger, balanceOf } from '../../../src/store/ledger.ts';
import { call, pay, settle, shop } from '../../support/shopping.ts';
import type { TestServices } from '../../support/services.ts';

describe('buying an eSIM', () => {
  let services: TestServices;
  beforeAll(async () => {
    services = await shop();
  });
  afterAll(() => services.stop());

  it('leads from sign-up over the payment page to one released eSIM, one charge, one mail and a pending reward', async () => {
    services.people.put({ uid: 'ada', email: 'ada@example.com' });
    const token = services.people.tokenOf('ada');
    const { orderId, checkoutUrl } = await call(
      services,
      'startCheckout',
      { items: [{ productId: 'global_data_10gb' }], currency: 'USD' },
      { token },
    );
    const paid = await pay(checkoutUrl);
    expect(paid.location).toContain(`/orders/${orderId}?checkout=done`);
    await settle(services, 30);

    const order = await call(services, 'getOrder', { orderId }, { token });
    expect(order.state).toBe('active');
    expect(order.timeline.map((event) => event.kind)).toEqual(
      expect.arrayContaining(['created', 'checkout_opened', 'paid', 'provisioning_started', 'line_created', 'plan_added', 'released']),
    );
    expect(order.reward).toEqual({ unit: 'DOTM', amount: '2.066000000000000000' });

    const { lines } = await call(services, 'listLines', {}, { token });
    expect(lines).toHaveLength(1);
    expect(lines[0]?.activation?.lpa).toMatch(/^LPA:1\$/);
    expect(lines[0]?.dataRemaining).toEqual({ unit: 'BYTE', amount: '10000000000' });

    const rewards = await call(services, 'getRewards', {}, { token });
    expect(rewards.pending.amount).toBe('2.066000000000000000');

    expect(await services.control.oxioLines()).toHaveLength(1);
    const mails = await services.control.mail({ to: 'ada@example.com' });
    expect(mails.length).toBe(3);
    expect(await verifyLedger(services.db)).toEqual([]);
    expect(await balanceOf(services.db, 'platform/revenue/USD')).toBe(2000n);
  });
});
