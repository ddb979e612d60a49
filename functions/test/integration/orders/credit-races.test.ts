import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromDecimal, minor } from '../../../src/shared/money.ts';
import { verifyLedger } from '../../../src/store/ledger.ts';
import { holdForBatch } from '../../../src/store/reward-batches.ts';
import { pay, settle, shop, shopper, type Shop, type Shopper } from '../../support/shopping.ts';
import { earnTokens, miscreditedOrders, tokenAccounts } from '../../support/tokens.ts';

const five = fromDecimal('DOTM', '5');
const data = 'global_data_10gb';
/** Each way round has to come up now and then. */
const rounds = 6;

describe('tokens that two want at once', () => {
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
    await t.stop();
  });

  const checkout = (who: Shopper) =>
    who.call('startCheckout', {
      items: [{ productId: data }],
      currency: 'USD',
      credit: { unit: 'USD', amount: '5.00' },
    });

  it('are held by one of two checkouts, and the other is told that they are gone', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const ada = shopper(t);
      await earnTokens(t, ada, '9.99');
      const both = await Promise.allSettled([checkout(ada), checkout(ada)]);
      const refused = both.filter((one) => one.status === 'rejected').map((one): unknown => one.reason);
      expect(refused).toEqual([expect.objectContaining({ code: 'reward.insufficient' })]);
      expect(await tokenAccounts(t, ada)).toMatchObject({ vested: 4_990_000_000_000_000_000n, reserved: five });
    }
  });

  it('are held once for one intention that is sent twice at once', async () => {
    const ada = shopper(t);
    await earnTokens(t, ada, '10.00');
    const wish = {
      items: [{ productId: data }],
      currency: 'USD' as const,
      credit: { unit: 'USD' as const, amount: '5.00' },
    };
    const key = `key-${crypto.randomUUID()}`;
    const both = await Promise.allSettled([1, 2].map(() => ada.call('startCheckout', wish, key)));
    expect(both.some(({ status }) => status === 'fulfilled')).toBe(true);
    expect(await tokenAccounts(t, ada)).toMatchObject({ vested: five, reserved: five });
  });

  it('are held, or taken back by the refund of the order that brought them: then a note is left, and never a debt', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const ada = shopper(t);
      const earnedBy = await earnTokens(t, ada, '5.00');
      await operator.call('refundOrder', { orderId: earnedBy, reason: 'the member asked' });
      // One round each way for sure, then as it comes.
      if (round === 1) await settle(t, 30);
      const checkingOut = checkout(ada);
      if (round === 0) await checkingOut;
      const [begun] = await Promise.allSettled([checkingOut, settle(t, 30)]);
      if (round < 2) expect(begun.status).toBe(round === 0 ? 'fulfilled' : 'rejected');
      const { vested, reserved, note } = await tokenAccounts(t, ada);
      expect(vested).toBe(0n);
      if (begun.status === 'fulfilled') {
        expect({ reserved, note }).toEqual({ reserved: five, note: five });
        // Given up, the tokens go against the note.
        await ada.call('cancelOrder', { orderId: begun.value.orderId });
        expect(await tokenAccounts(t, ada)).toMatchObject({ vested: 0n, reserved: 0n, note: 0n });
      } else {
        expect(begun.reason).toMatchObject({ code: 'reward.insufficient' });
        expect({ reserved, note }).toEqual({ reserved: 0n, note: 0n });
      }
    }
  });

  it('go to a checkout or to a wallet, never to both', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const ada = shopper(t);
      await earnTokens(t, ada, '5.00');
      const memberId = await ada.memberId();
      const batchId = await batch();
      const payout = t.db.transaction((tx) =>
        holdForBatch(tx, batchId, [{ memberId, amount: minor('DOTM', five) }], t.clock.now()),
      );
      const both = await Promise.allSettled([payout, checkout(ada)]);
      const refused = both.filter((one) => one.status === 'rejected').map((one): unknown => one.reason);
      expect(refused).toEqual([expect.objectContaining({ code: 'reward.insufficient' })]);
      expect(await tokenAccounts(t, ada)).toMatchObject({ vested: 0n, reserved: five });
    }
  });

  it('of two payments of one order are spent once', async () => {
    const ada = shopper(t);
    await earnTokens(t, ada, '5.00');
    const { orderId, checkoutUrl } = await checkout(ada);
    await pay(checkoutUrl);
    await Promise.all([settle(t, 30), ada.call('cancelOrder', { orderId }).catch(() => undefined)]);
    await settle(t, 30);
    expect((await ada.order(orderId)).state).toBe('active');
    expect(await tokenAccounts(t, ada)).toMatchObject({ vested: 0n, reserved: 0n });
  });

  /** A batch of a payment round, as planning leaves it. */
  async function batch(): Promise<bigint> {
    const runId = `drn_${crypto.randomUUID()}`;
    const address = `0x${'ab'.repeat(20)}`;
    await t.db.query(
      `insert into distribution_run (id, key, state, chain_id, distributor, requested_by, created_at)
       values ($1, $1, 'awaiting_approval', 31337, $2, 'test', $3)`,
      [runId, address, t.clock.now()],
    );
    const { rows } = await t.db.query<{ id: bigint }>(
      `insert into distribution_batch (run_id, chain_id, distributor, entries, total_micro, words, entries_hash, from_block, state, created_at)
       values ($1, 31337, $2, 1, 5000000, $3, $3, 0, 'planned', $4) returning id`,
      [runId, address, `0x${'00'.repeat(32)}`, t.clock.now()],
    );
    return rows[0]!.id;
  }
});
