import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accrueRewards } from '../../../src/features/orders/accrue-reward.ts';
import { minor } from '../../../src/shared/money.ts';
import { findOrder } from '../../../src/store/orders.ts';
import { holdForBatch, releaseBatch, settleBatch } from '../../../src/store/reward-batches.ts';
import { explainReward } from '../../../src/store/reward-explanations.ts';
import { listMovements, viewChart } from '../../../src/store/reward-history.ts';
import { lapseRewards } from '../../../src/store/reward-notes.ts';
import { viewRewards } from '../../../src/store/reward-views.ts';
import { freeOf, holdForOrder, releaseHold, returnCredit, settleHold } from '../../../src/store/reward-uses.ts';
import { checkAllBooks, checkBooks, rewardWorld, totalsOf, type RewardWorld } from '../../support/reward-world.ts';

let world: RewardWorld;
beforeAll(async () => {
  world = await rewardWorld();
});
afterAll(async () => {
  await checkAllBooks(world);
  await world.stop();
});

const dotm = (whole: number) => minor('DOTM', BigInt(Math.round(whole * 1e6)) * 10n ** 12n);
const tokens = (amount: string) => ({ unit: 'DOTM', amount });

/** A member whose purchase of 20.00 has vested: 2.066 DOTM. */
async function vestedMember(): Promise<{ memberId: string; orderId: string }> {
  const memberId = await world.member();
  const orderId = await world.purchase(memberId, 2000n);
  world.day += 15;
  await world.vest();
  return { memberId, orderId };
}

async function erase(memberId: string): Promise<void> {
  await world.inTx(async (tx, now) => {
    await tx.query('update member set uid = null, email = null, email_verified = false, erased_at = $2 where id = $1', [
      memberId,
      now,
    ]);
    await lapseRewards(tx, memberId, now);
  });
}

describe('what a purchase earns', () => {
  it('is pending for the refund window and the member’s for good after it', async () => {
    const memberId = await world.member();
    await world.purchase(memberId, 2000n);
    expect(await totalsOf(world, memberId)).toMatchObject({ pending: dotm(2.066), vested: 0n });
    world.day += 13;
    await world.vest();
    expect(await totalsOf(world, memberId)).toMatchObject({ pending: dotm(2.066), vested: 0n });
    world.day += 1;
    await world.vest();
    expect(await totalsOf(world, memberId)).toMatchObject({ pending: 0n, vested: dotm(2.066) });
    await checkBooks(world, memberId);
  });

  it('is noted once, however often the delivery is tried', async () => {
    const memberId = await world.member();
    const orderId = await world.purchase(memberId, 2000n);
    for (let tries = 0; tries < 3; tries += 1) {
      await world.inTx(async (tx, now) => {
        const order = await findOrder(tx, orderId);
        if (order) await accrueRewards(tx, world.services, order, now);
      });
    }
    expect((await totalsOf(world, memberId)).pending).toBe(dotm(2.066));
  });

  it('is no more in a day than the cap; what is above it is shown and not earned', async () => {
    const memberId = await world.member();
    await world.purchase(memberId, 400_000n);
    await world.purchase(memberId, 400_000n);
    await world.purchase(memberId, 1000n);
    expect((await totalsOf(world, memberId)).pending).toBe(dotm(500));
    const { rewards } = await viewRewards(world.services.db, memberId);
    expect(rewards.map(({ earned, accrued }) => [earned.amount, accrued.amount])).toEqual([
      ['1.033000000000000000', '0.000000000000000000'],
      ['413.200000000000000000', '86.800000000000000000'],
      ['413.200000000000000000', '413.200000000000000000'],
    ]);
    world.day += 1;
    await world.purchase(memberId, 2000n);
    expect((await totalsOf(world, memberId)).pending).toBe(dotm(502.066));
    await checkBooks(world, memberId);
    world.day += 15;
    await world.vest();
    expect((await totalsOf(world, memberId)).vested).toBe(dotm(502.066));
    await checkBooks(world, memberId);
  });

  it('is for what was paid, not for what a renewal cost of which the provider still owed a part', async () => {
    const memberId = await world.member();
    const orderId = await world.purchase(memberId, 1000n, 2400n);
    expect((await totalsOf(world, memberId)).pending).toBe(dotm(1.033));
    const { rewards } = await viewRewards(world.services.db, memberId);
    expect(rewards.map(({ paid }) => paid)).toEqual([{ unit: 'USD', amount: '10.00' }]);
    await world.refund(orderId, 500n);
    expect((await totalsOf(world, memberId)).pending).toBe(dotm(0.5165));
    await checkBooks(world, memberId);
  });

  it('leaves room in the day again when it was taken back', async () => {
    const memberId = await world.member();
    const orderId = await world.purchase(memberId, 500_000n);
    await world.refund(orderId, 500_000n);
    await world.purchase(memberId, 500_000n);
    expect((await totalsOf(world, memberId)).pending).toBe(dotm(500));
    await checkBooks(world, memberId);
  });

  it('is awaited on no day when the cap took all of it', async () => {
    const memberId = await world.member();
    const orderId = await world.purchase(memberId, 500_000n);
    await world.purchase(memberId, 1000n);
    await world.refund(orderId, 500_000n);
    expect(await viewRewards(world.services.db, memberId)).toMatchObject({
      pending: { amount: '0.000000000000000000' },
      nextVestingAt: null,
    });
  });
});

describe('a refund', () => {
  it('takes its share of a pending reward, and of a vested one', async () => {
    const { memberId, orderId } = await vestedMember();
    await world.refund(orderId, 500n);
    expect(await totalsOf(world, memberId)).toMatchObject({ vested: dotm(1.5495), reversed: dotm(0.5165), note: 0n });
    await checkBooks(world, memberId);
  });

  it('of what was paid out is a note, which later rewards pay off before anything else, and never a debt', async () => {
    const { memberId, orderId } = await vestedMember();
    const batch = await world.batch();
    await world.inTx((tx, now) => holdForBatch(tx, batch, [{ memberId, amount: dotm(2) }], now));
    await world.inTx((tx, now) => settleBatch(tx, batch, now));
    await world.refund(orderId, 2000n);
    expect(await totalsOf(world, memberId)).toMatchObject({ vested: 0n, paid: dotm(2), note: dotm(2) });
    await world.purchase(memberId, 1000n);
    world.day += 15;
    await world.vest();
    expect(await totalsOf(world, memberId)).toMatchObject({ vested: 0n, note: dotm(0.967) });
    await world.purchase(memberId, 1000n);
    world.day += 15;
    await world.vest();
    expect(await totalsOf(world, memberId)).toMatchObject({ vested: dotm(0.066), note: 0n, paid: dotm(2) });
    await checkBooks(world, memberId);
  });

  it('of what is on its way is a note; when the batch is given up, what comes back pays it off at once', async () => {
    const { memberId, orderId } = await vestedMember();
    const batch = await world.batch();
    await world.inTx((tx, now) => holdForBatch(tx, batch, [{ memberId, amount: dotm(2) }], now));
    await world.refund(orderId, 2000n);
    expect(await totalsOf(world, memberId)).toMatchObject({ reserved: dotm(2), note: dotm(2), vested: 0n });
    await world.inTx((tx, now) => releaseBatch(tx, batch, now));
    expect(await totalsOf(world, memberId)).toMatchObject({
      reserved: 0n,
      note: 0n,
      vested: 0n,
      reversed: dotm(2.066),
    });
    await checkBooks(world, memberId);
  });

  it('of what is in use is paid off at once by other tokens that are free, and by a hold that is let go', async () => {
    const { memberId, orderId } = await vestedMember();
    const second = await world.purchase(memberId, 1000n);
    world.day += 15;
    await world.vest();
    const credited = await world.openOrder(memberId);
    await world.inTx((tx, now) => holdForOrder(tx, memberId, credited, dotm(2.566), now));
    await world.refund(orderId, 2000n);
    expect(await totalsOf(world, memberId)).toMatchObject({ vested: 0n, reserved: dotm(2.566), note: dotm(1.533) });
    await world.inTx((tx, now) => releaseHold(tx, credited, now));
    expect(await totalsOf(world, memberId)).toMatchObject({ vested: dotm(1.033), reserved: 0n, note: 0n });
    await world.refund(second, 1000n);
    expect(await totalsOf(world, memberId)).toMatchObject({ vested: 0n, note: 0n, reversed: dotm(3.099) });
    await checkBooks(world, memberId);
  });

  it('of an order that was paid with credit brings the credit back in any steps, the last taken first', async () => {
    const { memberId } = await vestedMember();
    await world.purchase(memberId, 1000n);
    world.day += 15;
    await world.vest();
    const orderId = await world.openOrder(memberId);
    await world.inTx((tx, now) => holdForOrder(tx, memberId, orderId, dotm(3), now));
    await expect(world.inTx((tx, now) => returnCredit(tx, orderId, dotm(4), now))).rejects.toThrow(RangeError);
    await world.inTx((tx, now) => settleHold(tx, orderId, now));
    for (const total of [1, 1, 2.5]) await world.inTx((tx, now) => returnCredit(tx, orderId, dotm(total), now));
    expect(await totalsOf(world, memberId)).toMatchObject({ spent: dotm(0.5), vested: dotm(2.599) });
    await checkBooks(world, memberId);
  });
});

describe('a batch that was given up', () => {
  it('pays nobody any more, and one that was paid gives nothing back', async () => {
    const { memberId } = await vestedMember();
    const [lost, paid] = [await world.batch(), await world.batch()];
    const shares = [{ memberId, amount: dotm(1) }];
    for (const batch of [lost, paid]) await world.inTx((tx, now) => holdForBatch(tx, batch, shares, now));
    expect(await world.inTx((tx, now) => releaseBatch(tx, lost, now))).toEqual(shares);
    expect(await world.inTx((tx, now) => settleBatch(tx, lost, now))).toEqual([]);
    expect(await world.inTx((tx, now) => settleBatch(tx, paid, now))).toEqual(shares);
    expect(await world.inTx((tx, now) => releaseBatch(tx, paid, now))).toEqual([]);
    expect(await totalsOf(world, memberId)).toMatchObject({ paid: dotm(1), reserved: 0n, vested: dotm(1.066) });
    await checkBooks(world, memberId);
  });
});

describe('what is held for an order', () => {
  it('is never more than is free, and nothing happens then', async () => {
    const { memberId } = await vestedMember();
    const orderId = await world.openOrder(memberId);
    const refused = world.inTx((tx, now) => holdForOrder(tx, memberId, orderId, dotm(2.1), now));
    await expect(refused).rejects.toMatchObject({ code: 'reward.insufficient' });
    expect(await freeOf(world.services.db, memberId)).toBe(dotm(2.066));
  });

  it('is held once, and another amount for the same order is a fault', async () => {
    const { memberId } = await vestedMember();
    const orderId = await world.openOrder(memberId);
    for (let tries = 0; tries < 2; tries += 1) {
      await world.inTx((tx, now) => holdForOrder(tx, memberId, orderId, dotm(1), now));
    }
    expect(await totalsOf(world, memberId)).toMatchObject({ reserved: dotm(1), vested: dotm(1.066) });
    await expect(world.inTx((tx, now) => holdForOrder(tx, memberId, orderId, dotm(2), now))).rejects.toThrow(/held/);
  });
});

describe('an account that is erased', () => {
  it('leaves nothing promised that nobody can claim; what is on its way arrives', async () => {
    const { memberId, orderId } = await vestedMember();
    await world.purchase(memberId, 1000n);
    const batch = await world.batch();
    await world.inTx((tx, now) => holdForBatch(tx, batch, [{ memberId, amount: dotm(1) }], now));
    await erase(memberId);
    expect(await totalsOf(world, memberId)).toMatchObject({ pending: 0n, vested: 0n, reserved: dotm(1) });
    await world.inTx((tx, now) => settleBatch(tx, batch, now));
    // The bank takes the money back months later: there is nobody to take tokens from.
    await world.refund(orderId, 2000n);
    expect(await totalsOf(world, memberId)).toMatchObject({ paid: dotm(1), note: 0n, reversed: dotm(2.099) });
    await checkBooks(world, memberId);
  });

  it('loses what comes back to it later, and earns nothing more', async () => {
    const { memberId } = await vestedMember();
    const batch = await world.batch();
    await world.inTx((tx, now) => holdForBatch(tx, batch, [{ memberId, amount: dotm(1) }], now));
    await erase(memberId);
    await world.inTx((tx, now) => releaseBatch(tx, batch, now));
    await world.purchase(memberId, 1000n);
    expect(await totalsOf(world, memberId)).toMatchObject({ pending: 0n, vested: 0n, reserved: 0n });
    await checkBooks(world, memberId);
  });
});

describe('what a member is told', () => {
  it('explains every number of a reward, from the price to what a refund would take back', async () => {
    const { memberId, orderId } = await vestedMember();
    const batch = await world.batch();
    await world.inTx((tx, now) => holdForBatch(tx, batch, [{ memberId, amount: dotm(1.5) }], now));
    await world.refund(orderId, 500n);
    const { db } = world.services;
    const { rewards } = await viewRewards(db, memberId);
    const told = await explainReward(db, rewards[0]!.id, memberId, 'https://explorer.test');
    expect(told).toMatchObject({
      reward: {
        paid: { unit: 'USD', amount: '20.00' },
        basisPoints: 1033,
        rate: '1',
        earned: tokens('2.066000000000000000'),
      },
      order: { id: orderId, charged: { amount: '20.00' }, refunded: { amount: '5.00' } },
      product: { id: 'global_data_10gb', quantity: 1 },
      cappedOff: tokens('0.000000000000000000'),
      reversals: [{ amount: tokens('0.516500000000000000'), noted: tokens('0.000000000000000000') }],
      uses: [
        {
          kind: 'payout',
          state: 'held',
          amount: tokens('1.500000000000000000'),
          payout: { batchId: String(batch), state: 'planned' },
        },
      ],
      ifRefunded: { amount: tokens('1.549500000000000000'), noted: tokens('1.500000000000000000') },
    });
    // And so it goes.
    await world.refund(orderId, 2000n);
    expect(await totalsOf(world, memberId)).toMatchObject({ note: dotm(1.5), vested: 0n });
    const after = await explainReward(db, rewards[0]!.id, memberId, '');
    expect(after.ifRefunded).toBeNull();
    expect(after.reversals.map(({ noted }) => noted.amount)).toEqual(['0.000000000000000000', '1.500000000000000000']);
  });

  it('says of somebody else’s reward what it says of none', async () => {
    const { memberId } = await vestedMember();
    const { rewards } = await viewRewards(world.services.db, memberId);
    const other = await world.member();
    await expect(explainReward(world.services.db, rewards[0]!.id, other, '')).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('lists everything that moved, page by page, and a payout with where it is on chain', async () => {
    const { memberId, orderId } = await vestedMember();
    const other = await vestedMember();
    const batch = await world.batch();
    const shares = [memberId, other.memberId].map((id) => ({ memberId: id, amount: dotm(1) }));
    await world.inTx((tx, now) => holdForBatch(tx, batch, shares, now));
    await world.inTx((tx, now) => settleBatch(tx, batch, now));
    const hash = `0x${'a'.repeat(64)}`;
    await world.services.db.query(
      `update distribution_batch set state = 'confirmed', tx_hash = $2, block_number = 77, block_hash = $2, block_at = $3, confirmed_at = $3 where id = $1`,
      [batch, hash, world.services.clock.now()],
    );
    await world.refund(orderId, 2000n);
    const { db } = world.services;
    const explorerUrl = 'https://explorer.test';
    const first = await listMovements(db, memberId, { limit: 3, before: null, explorerUrl });
    const rest = await listMovements(db, memberId, { limit: 9, before: first.at(-1)!.number, explorerUrl });
    const all = [...first, ...rest].map(({ movement }) => movement);
    expect(all.map(({ kind, amount, noted }) => [kind, amount.amount.slice(0, 5), noted.amount.slice(0, 5)])).toEqual([
      ['reversed', '2.066', '1.000'],
      ['paid', '1.000', '0.000'],
      ['payout_reserved', '1.000', '0.000'],
      ['vested', '2.066', '0.000'],
      ['accrued', '2.066', '0.000'],
    ]);
    expect(all[1]?.payout).toEqual({
      batchId: String(batch),
      state: 'confirmed',
      txHash: hash,
      blockNumber: 77,
      blockAt: expect.any(String) as string,
      explorerUrl: `https://explorer.test/tx/${hash}`,
    });
    expect(all.map((each) => each.orderId)).toEqual([orderId, null, null, null, orderId]);
    const chart = await viewChart(db, memberId);
    expect(chart.map(({ pending, vested, paid }) => [pending, vested, paid].map((each) => each.slice(0, 5)))).toEqual([
      ['2.066', '0.000', '0.000'],
      ['0.000', '2.066', '0.000'],
      ['0.000', '0.000', '1.000'],
    ]);
  });
});
