import { afterAll, beforeAll, expect, it } from 'vitest';
import { vestRewards } from '../../../src/features/rewards/vest-rewards.ts';
import { minor } from '../../../src/shared/money.ts';
import { holdForBatch, settleBatch } from '../../../src/store/reward-batches.ts';
import { mortalProcess } from '../../support/mortal.ts';
import { checkAllBooks, checkBooks, rewardWorld, totalsOf, type RewardWorld } from '../../support/reward-world.ts';

let world: RewardWorld;
beforeAll(async () => {
  world = await rewardWorld();
});
afterAll(async () => {
  await checkAllBooks(world);
  await world.stop();
});

/** A member with a note of 1 DOTM and rewards of 2.066 and 1.033 DOTM that are due: all that vesting does has to be done. */
async function dueMember(): Promise<string> {
  const memberId = await world.member();
  const refunded = await world.purchase(memberId, 2000n);
  world.day += 15;
  await world.vest();
  const batch = await world.batch();
  const amount = minor('DOTM', 10n ** 18n);
  await world.inTx((tx, now) => holdForBatch(tx, batch, [{ memberId, amount }], now));
  await world.inTx((tx, now) => settleBatch(tx, batch, now));
  await world.refund(refunded, 2000n);
  await world.purchase(memberId, 2000n);
  await world.purchase(memberId, 1000n);
  world.day += 15;
  return memberId;
}

const done = { pending: 0n, vested: 2_099_000_000_000_000_000n, paid: 10n ** 18n, note: 0n };

it('a sweep that dies at any step of vesting is followed by one that finishes, and nothing happens twice', async () => {
  const first = await dueMember();
  const walker = mortalProcess(world.services);
  await vestRewards(walker.begin('vest'));
  expect(await totalsOf(world, first)).toMatchObject(done);
  expect(walker.steps.length).toBeGreaterThan(10);
  for (const step of walker.steps) {
    const memberId = await dueMember();
    const mortal = mortalProcess(world.services, step);
    await vestRewards(mortal.begin('vest')).catch(() => undefined);
    expect(mortal.isDead, step).toBe(true);
    await checkBooks(world, memberId);
    await world.vest();
    expect(await totalsOf(world, memberId), step).toMatchObject(done);
    await checkBooks(world, memberId);
  }
});

it('a member whose rewards can’t vest is told to operators and keeps nobody else from theirs', async () => {
  const { db } = world.services;
  const [stuck, other] = [await world.member(), await world.member()];
  await world.purchase(stuck, 1000n);
  world.day += 1;
  await world.purchase(other, 1000n);
  world.day += 15;
  await db.query(`update reward set earned_wei = earned_wei * 3, amount_wei = amount_wei * 3 where member_id = $1`, [
    stuck,
  ]);
  await world.vest();
  expect(await totalsOf(world, other)).toMatchObject({ pending: 0n, vested: 1_033_000_000_000_000_000n });
  const { rows } = await db.query(`select subject from alert where kind = 'reward_stuck'`);
  expect(rows).toEqual([{ subject: stuck }]);
  await db.query(`update reward set earned_wei = earned_wei / 3, amount_wei = amount_wei / 3 where member_id = $1`, [
    stuck,
  ]);
  await world.vest();
  expect(await totalsOf(world, stuck)).toMatchObject({ vested: 1_033_000_000_000_000_000n });
});
