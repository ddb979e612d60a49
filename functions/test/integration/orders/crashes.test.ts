import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyLedger } from '../../../src/store/ledger.ts';
import { mortalProcess, ProcessDied } from '../../support/mortal.ts';
import { call, chargesOf, deadJobs, letPass, need, settle, shop, shopper, type Shop } from '../../support/shopping.ts';

// Deaths after which everybody does their part are tried one by one in test/proof/crashes.test.ts; here somebody does not.
describe('a process that dies while a caller waits, and the caller never comes back', () => {
  let t: Shop;
  beforeAll(async () => {
    t = await shop();
    await settle(t);
  });
  afterAll(async () => {
    expect(await verifyLedger(t.db)).toEqual([]);
    expect(await deadJobs(t)).toEqual([]);
    await t.stop();
  });

  it.each(['before payments.createSession', 'after payments.createSession', 'before commit 3'])(
    'ends in nothing bought when it dies %s',
    async (step) => {
      const ada = shopper(t);
      const mortal = mortalProcess(t, `startCheckout: ${step}`);
      const wish = { items: [{ productId: 'global_data_10gb' }], currency: 'USD' as const };
      const cut = call(mortal.begin('startCheckout'), 'startCheckout', wish, { token: ada.token });
      await expect(cut).rejects.toThrow(ProcessDied);
      expect(mortal.isDead).toBe(true);
      await letPass(t, 2 * 3600 + 300);
      const [order] = (await ada.call('listOrders', {})).orders;
      expect(need(order).state).toBe('expired');
      expect(await chargesOf(t, ada)).toEqual([]);
    },
  );
});
