import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reversalOf } from '../../../src/domain/ledger/posting.ts';
import { paymentReceived } from '../../../src/domain/ledger/templates.ts';
import { minor } from '../../../src/shared/money.ts';
import { balanceOf, entriesOf, post, reverse, verifyLedger } from '../../../src/store/ledger.ts';
import { foldEntries, legs, openLedger, type LedgerWorld } from './support.ts';

let world: LedgerWorld;

beforeAll(async () => {
  world = await openLedger();
});

afterAll(async () => {
  expect(await verifyLedger(world.db)).toEqual([]);
  await world.close();
});

const clearing = 'platform/stripe_clearing/USD';
const eventAt = new Date('2026-03-02T00:00:00Z');

async function countTransfers(): Promise<bigint | undefined> {
  const { rows } = await world.db.query<{ count: bigint }>('select count(*) as count from ledger.transfers');
  return rows[0]?.count;
}

describe('one key, one transfer', () => {
  it('the same posting again writes nothing and answers from the first time, also when its time differs', async () => {
    const payment = {
      orderId: 'ord_same',
      memberId: 'mem_same',
      amount: minor('USD', 2000n),
      currency: 'USD',
      at: eventAt,
    } as const;
    const first = await world.post(paymentReceived(payment));
    const before = await countTransfers();
    const again = await world.post(paymentReceived({ ...payment, at: new Date('2026-03-03T00:00:00Z') }));
    expect(first.replayed).toBe(false);
    expect(again).toEqual({ transferId: first.transferId, replayed: true });
    expect(await countTransfers()).toBe(before);
    expect(await balanceOf(world.db, 'member/mem_same/funds/USD')).toBe(2000n);
  });

  it.each([
    ['amount', legs('ord_other/test', { 'member/mem_o/funds/USD': 6n, [clearing]: -6n })],
    ['account', legs('ord_other/test', { 'member/mem_p/funds/USD': 5n, [clearing]: -5n })],
    ['template', legs('ord_other/test', { 'member/mem_o/funds/USD': 5n, [clearing]: -5n }, 'other')],
    [
      'meta',
      { ...legs('ord_other/test', { 'member/mem_o/funds/USD': 5n, [clearing]: -5n }), meta: { orderId: 'ord_x' } },
    ],
  ])('the same key with another %s is refused', async (_what, posting) => {
    await world.post(legs('ord_other/test', { 'member/mem_o/funds/USD': 5n, [clearing]: -5n }));
    await expect(world.post(posting)).rejects.toMatchObject({ code: 'ledger.key_reused' });
    expect(await balanceOf(world.db, 'member/mem_o/funds/USD')).toBe(5n);
  });
});

it('an account below its minimum is refused and nothing of the posting stays', async () => {
  await world.post(legs('ord_low/test', { 'member/mem_low/funds/USD': 100n, [clearing]: -100n }));
  const spend = legs('ord_low/spend', { 'member/mem_low/funds/USD': -101n, 'platform/revenue/USD': 101n });
  await expect(world.post(spend)).rejects.toMatchObject({ code: 'ledger.insufficient_funds' });
  expect(await balanceOf(world.db, 'member/mem_low/funds/USD')).toBe(100n);
  expect(await entriesOf(world.db, 'ord_low')).toHaveLength(2);
});

it('tokens beyond what a 64-bit number holds keep every digit', async () => {
  const cap = 10_333_333n * 10n ** 18n + 1n;
  await world.post(
    legs('rwd_big/test', { 'member/mem_big/rewards_pending/DOTM': cap, 'platform/reward_issuance/DOTM': -cap }),
  );
  expect(await balanceOf(world.db, 'member/mem_big/rewards_pending/DOTM')).toBe(cap);
  expect(await balanceOf(world.db, 'platform/reward_issuance/DOTM')).toBe(-cap);
});

it('one posting may move several units, each summing to zero', async () => {
  const posting = legs('ord_multi/test', {
    'member/mem_multi/funds/USD': 5n,
    [clearing]: -5n,
    'line/lin_multi/data/BYTE': 1000n,
    'platform/data_stock/BYTE': -1000n,
  });
  await world.post(posting);
  expect(await balanceOf(world.db, 'line/lin_multi/data/BYTE')).toBe(1000n);
  const entries = await entriesOf(world.db, 'ord_multi');
  expect(entries.map(({ account, amount }) => [account, amount])).toEqual(
    posting.legs.map(({ account, amount }) => [account, amount]),
  );
});

it('entries of a subject are its own and not those of one whose id begins alike', async () => {
  await world.post(legs('ord_1/test', { 'member/mem_e/funds/USD': 1n, [clearing]: -1n }));
  await world.post(legs('ord_12/test', { 'member/mem_e/funds/USD': 2n, [clearing]: -2n }));
  const entries = await entriesOf(world.db, 'ord_1');
  expect(entries.map(({ amount, balanceAfter }) => [amount, balanceAfter])).toEqual([
    [1n, 1n],
    [-1n, null],
  ]);
});

describe('reversal', () => {
  it('is exact, the same as the domain computes it, and happens once', async () => {
    const original = legs('ord_rev/test', {
      'member/mem_rev/funds/USD': 70n,
      'platform/revenue/USD': 30n,
      [clearing]: -100n,
    });
    const { transferId } = await world.post(original);
    const reversal = { transferId, key: 'ord_rev/undo', eventAt, meta: { reason: 'test' } };
    const first = await world.db.transaction((tx) => reverse(tx, reversal));
    const again = await world.db.transaction((tx) => reverse(tx, reversal));
    expect(again).toEqual({ transferId: first.transferId, replayed: true });

    const written = (await entriesOf(world.db, 'ord_rev')).filter((entry) => entry.transferId === first.transferId);
    const expected = reversalOf(original, eventAt);
    expect(written.map(({ account, amount }) => [account, amount])).toEqual(
      expected.legs.map(({ account, amount }) => [account, amount]),
    );
    expect(written[0]?.template).toBe(expected.template);
    expect(await balanceOf(world.db, 'member/mem_rev/funds/USD')).toBe(0n);

    await expect(world.db.transaction((tx) => reverse(tx, { ...reversal, key: 'ord_rev/undo_again' }))).rejects.toThrow(
      /transfers_reverses/,
    );
    const undoUndo = { transferId: first.transferId, key: 'ord_rev/redo', eventAt, meta: {} };
    await expect(world.db.transaction((tx) => reverse(tx, undoUndo))).rejects.toMatchObject({ code: 'LG005' });
  });

  it('of money that is already spent is refused', async () => {
    const { transferId } = await world.post(
      legs('ord_spent/test', { 'member/mem_spent/funds/USD': 50n, [clearing]: -50n }),
    );
    await world.post(legs('ord_spent/spend', { 'member/mem_spent/funds/USD': -50n, 'platform/revenue/USD': 50n }));
    const undo = { transferId, key: 'ord_spent/undo', eventAt, meta: {} };
    await expect(world.db.transaction((tx) => reverse(tx, undo))).rejects.toMatchObject({
      code: 'ledger.insufficient_funds',
    });
  });

  it('of a transfer that does not exist is refused', async () => {
    const undo = { transferId: 'tfr_0000000000999999', key: 'ord_none/undo', eventAt, meta: {} };
    await expect(world.db.transaction((tx) => reverse(tx, undo))).rejects.toMatchObject({ code: 'LG005' });
  });
});

it('a transaction that is rolled back leaves neither transfer nor key', async () => {
  const posting = legs('ord_back/test', { 'member/mem_back/funds/USD': 5n, [clearing]: -5n });
  const attempt = world.db.transaction(async (tx) => {
    await post(tx, posting);
    throw new Error('the state change failed');
  });
  await expect(attempt).rejects.toThrow('the state change failed');
  expect(await balanceOf(world.db, 'member/mem_back/funds/USD')).toBe(0n);
  expect((await world.post(posting)).replayed).toBe(false);
});

it('after a restore from a logical dump nothing is posted until everything is folded anew', async () => {
  const restored = await openLedger();
  try {
    await restored.post(legs('ord_old/test', { 'member/mem_r/funds/USD': 100n, [clearing]: -100n }));
    await foldEntries(restored.db, 1);
    await restored.post(legs('ord_tail/test', { 'member/mem_r/funds/USD': 11n, [clearing]: -11n }));
    // What a dump restored into a new server looks like: entries and folds name transactions that are far ahead.
    await restored.db.query('alter table ledger.entries disable trigger user');
    await restored.db.query('alter table ledger.accounts disable trigger user');
    await restored.db.query('update ledger.entries set position = position + 1000000 where balance_after is null');
    await restored.db.query(
      "update ledger.accounts set folded_below = folded_below + 1000000 where kind = 'deferred' and folded_below > 0",
    );
    await restored.db.query('alter table ledger.entries enable trigger user');
    await restored.db.query('alter table ledger.accounts enable trigger user');
    expect(await balanceOf(restored.db, clearing)).toBe(-111n);

    const next = legs('ord_new/test', { 'member/mem_r/funds/USD': 7n, [clearing]: -7n });
    await expect(restored.post(next)).rejects.toMatchObject({ code: 'LG006' });
    await restored.db.query('select ledger.refold()');
    expect(await balanceOf(restored.db, clearing)).toBe(-111n);
    await restored.post(next);
    expect(await balanceOf(restored.db, clearing)).toBe(-118n);
    await foldEntries(restored.db, 1);
    expect(await balanceOf(restored.db, clearing)).toBe(-118n);
    expect(await verifyLedger(restored.db)).toEqual([]);
  } finally {
    await restored.close();
  }
});
