import { afterAll, beforeAll, expect, it } from 'vitest';
import { runJob } from '../../../src/platform/jobs.ts';
import { minor, type Amount } from '../../../src/shared/money.ts';
import { holdForBatch, releaseBatch, settleBatch } from '../../../src/store/reward-batches.ts';
import { freeOf, holdForOrder, releaseHold, returnCredit, settleHold } from '../../../src/store/reward-uses.ts';
import { topics } from '../../../src/topics.ts';
import { checkAllBooks, checkBooks, rewardWorld, totalsOf, type RewardWorld } from '../../support/reward-world.ts';

/** Each race is run so often, so that each side comes first now and then. */
const rounds = 8;

let world: RewardWorld;
beforeAll(async () => {
  world = await rewardWorld({ connections: 8 });
});
afterAll(async () => {
  await checkAllBooks(world);
  await world.stop();
});

async function vestedMember(): Promise<{ memberId: string; orderId: string; free: Amount<'DOTM'> }> {
  const memberId = await world.member();
  const orderId = await world.purchase(memberId, 2000n);
  world.day += 15;
  await world.vest();
  return { memberId, orderId, free: await freeOf(world.services.db, memberId) };
}

const hold = (memberId: string, orderId: string, amount: Amount<'DOTM'>) =>
  world.inTx((tx, now) => holdForOrder(tx, memberId, orderId, amount, now));

const count = (results: PromiseSettledResult<unknown>[], status: 'fulfilled' | 'rejected') =>
  results.filter((result) => result.status === status).length;

it('refunds of one order at the same time take back what their sum takes back, each token once', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const memberId = await world.member();
    const orderId = await world.purchase(memberId, 2000n);
    await Promise.all([500n, 1000n, 1500n, 1500n].map((cents) => world.refund(orderId, cents)));
    expect(await totalsOf(world, memberId)).toMatchObject({ pending: 516_500_000_000_000_000n });
    await checkBooks(world, memberId);
  }
});

it('two orders that want the same tokens: one gets them, the other is told', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const { memberId, free } = await vestedMember();
    const orders = await Promise.all([1, 2].map(() => world.openOrder(memberId)));
    const amount = minor('DOTM', (free * 6n) / 10n);
    const results = await Promise.allSettled(orders.map((orderId) => hold(memberId, orderId, amount)));
    expect([count(results, 'fulfilled'), count(results, 'rejected')]).toEqual([1, 1]);
    expect(results.find((result) => result.status === 'rejected')?.reason).toMatchObject({
      code: 'reward.insufficient',
    });
    await checkBooks(world, memberId);
  }
});

it('an order that asks twice at the same time holds once', async () => {
  const { memberId, free } = await vestedMember();
  const orderId = await world.openOrder(memberId);
  await Promise.all([1, 2, 3].map(() => hold(memberId, orderId, free)));
  expect(await totalsOf(world, memberId)).toMatchObject({ reserved: free, vested: 0n });
});

it('a refund against a hold: the tokens are held and noted, or taken back and not held', async () => {
  for (let round = 0; round < rounds * 2; round += 1) {
    const { memberId, orderId, free } = await vestedMember();
    const credited = await world.openOrder(memberId);
    const deeds = [() => world.refund(orderId, 2000n), () => hold(memberId, credited, free)];
    const results = await Promise.allSettled((round % 2 ? deeds : deeds.toReversed()).map((deed) => deed()));
    const { reserved, note, vested } = await totalsOf(world, memberId);
    const held = count(results, 'rejected') === 0;
    expect([reserved, note, vested]).toEqual(held ? [free, free, 0n] : [0n, 0n, 0n]);
    await checkBooks(world, memberId);
  }
});

it('a payout against an order: one has the tokens', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const { memberId, free } = await vestedMember();
    const orderId = await world.openOrder(memberId);
    const batch = await world.batch();
    const results = await Promise.allSettled([
      world.inTx((tx, now) => holdForBatch(tx, batch, [{ memberId, amount: free }], now)),
      hold(memberId, orderId, free),
    ]);
    expect(count(results, 'fulfilled')).toBe(1);
    expect(await totalsOf(world, memberId)).toMatchObject({ reserved: free, vested: 0n });
    await checkBooks(world, memberId);
  }
});

it('two batches with the same members in another order do not block each other', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const members = [await vestedMember(), await vestedMember(), await vestedMember()];
    const shares = members.map(({ memberId, free }) => ({ memberId, amount: minor('DOTM', free / 3n) }));
    const batches = [await world.batch(), await world.batch()];
    await Promise.all(
      batches.map((batch, index) =>
        world.inTx((tx, now) => holdForBatch(tx, batch, index ? shares : shares.toReversed(), now)),
      ),
    );
    await Promise.all([
      world.inTx((tx, now) => settleBatch(tx, batches[0]!, now)),
      world.inTx((tx, now) => releaseBatch(tx, batches[1]!, now)),
    ]);
    for (const { memberId } of members) await checkBooks(world, memberId);
  }
});

it('a refund at the moment of vesting takes its share, before it or after it', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const memberId = await world.member();
    const orderId = await world.purchase(memberId, 2000n);
    world.day += 15;
    await Promise.all([world.vest(), world.refund(orderId, 500n)]);
    await world.vest();
    expect(await totalsOf(world, memberId)).toMatchObject({ pending: 0n, vested: 1_549_500_000_000_000_000n });
    await checkBooks(world, memberId);
  }
});

it('sweeps at the same time vest each reward once, and none is left', async () => {
  const members = await Promise.all(Array.from({ length: 12 }, () => world.member()));
  for (const memberId of members) {
    await world.purchase(memberId, 2000n);
    await world.purchase(memberId, 1000n);
  }
  world.day += 15;
  const counts = await Promise.all([1, 2, 3].map(() => world.vest()));
  const rest = await world.vest();
  expect(counts.reduce((sum, each) => sum + each, rest)).toBe(24);
  for (const memberId of members) {
    expect(await totalsOf(world, memberId)).toMatchObject({ pending: 0n, vested: 3_099_000_000_000_000_000n });
  }
});

it('settling, releasing and returning at the same time end in one of them', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const { memberId, free } = await vestedMember();
    const orderId = await world.openOrder(memberId);
    await hold(memberId, orderId, free);
    await Promise.allSettled([
      world.inTx((tx, now) => settleHold(tx, orderId, now)),
      world.inTx((tx, now) => releaseHold(tx, orderId, now)),
      world.inTx((tx, now) => settleHold(tx, orderId, now)),
    ]);
    const { spent, vested, reserved } = await totalsOf(world, memberId);
    expect(reserved).toBe(0n);
    expect([spent, vested]).toContain(free);
    if (spent === free) {
      const half = minor('DOTM', free / 2n);
      await Promise.all([1, 2].map(() => world.inTx((tx, now) => returnCredit(tx, orderId, half, now))));
      expect(await totalsOf(world, memberId)).toMatchObject({ vested: half });
    }
    await checkBooks(world, memberId);
  }
});

it('purchases at the same moment come to the cap of the day together, and not above it', async () => {
  for (let round = 0; round < 3; round += 1) {
    const memberId = await world.member();
    await Promise.all([1, 2, 3, 4].map(() => world.purchase(memberId, 200_000n)));
    expect((await totalsOf(world, memberId)).pending).toBe(500n * 10n ** 18n);
    await checkBooks(world, memberId);
  }
});

it('the last founding member is one person, however many come at the same moment, and each looks twice', async () => {
  const few = await rewardWorld({ connections: 8, rewards: { foundingMembers: 2 } });
  try {
    const members = await Promise.all(Array.from({ length: 5 }, () => few.member()));
    for (const memberId of members) await few.purchase(memberId, 2000n);
    const { rows } = await few.services.db.query<{ id: string }>(
      `select id from outbox where topic = 'reward.one_offs'`,
    );
    expect(rows).toHaveLength(5);
    await Promise.all([...rows, ...rows].map(({ id }) => runJob(few.services, topics, id)));
    const totals = await Promise.all(members.map((memberId) => totalsOf(few, memberId)));
    expect(totals.filter(({ pending = 0n }) => pending > 100n * 10n ** 18n)).toHaveLength(2);
    for (const memberId of members) await checkBooks(few, memberId);
    await checkAllBooks(few);
  } finally {
    await few.stop();
  }
});
