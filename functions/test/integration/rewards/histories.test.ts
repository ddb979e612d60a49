import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { minor, type Amount } from '../../../src/shared/money.ts';
import { verifyLedger } from '../../../src/store/ledger.ts';
import { holdForBatch, releaseBatch, settleBatch } from '../../../src/store/reward-batches.ts';
import { lapseRewards } from '../../../src/store/reward-notes.ts';
import {
  freeOf,
  holdForOrder,
  readOrderCredit,
  releaseHold,
  returnCredit,
  settleHold,
} from '../../../src/store/reward-uses.ts';
import { checkAllBooks, checkBooks, rewardWorld, totalsOf, type RewardWorld } from '../../support/reward-world.ts';

/** Each history is a member of its own; `npm run prove` style patience comes from PROOF=full. */
const histories = process.env['PROOF'] === 'full' ? 400 : 30;

let world: RewardWorld;
beforeAll(async () => {
  world = await rewardWorld({ rewards: { dailyCapDotm: '60' } });
});
afterAll(async () => {
  await world.stop();
});

type Deed =
  | { deed: 'purchase'; cents: bigint }
  | { deed: 'refund'; pick: number; percent: bigint }
  | { deed: 'wait'; days: number }
  | { deed: 'vest' }
  | { deed: 'hold' | 'payOut'; percent: bigint }
  | { deed: 'settle' | 'release' | 'settleBatch' | 'releaseBatch'; pick: number }
  | { deed: 'return'; pick: number; percent: bigint }
  | { deed: 'erase' };

/** Counted from the newest: what happened last is what the next thing is mostly about. */
const pick = fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(20) });
const percent = fc.oneof(fc.constant(100n), fc.bigInt({ min: 1n, max: 100n }));
const deeds: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 15,
    arbitrary: fc.record({ deed: fc.constant('purchase' as const), cents: fc.bigInt({ min: 1n, max: 60_000n }) }),
  },
  { weight: 30, arbitrary: fc.record({ deed: fc.constant('refund' as const), pick, percent }) },
  { weight: 10, arbitrary: fc.record({ deed: fc.constant('wait' as const), days: fc.integer({ min: 1, max: 20 }) }) },
  { weight: 15, arbitrary: fc.constant({ deed: 'vest' as const }) },
  { weight: 40, arbitrary: fc.record({ deed: fc.constantFrom('hold' as const, 'payOut' as const), percent }) },
  {
    weight: 50,
    arbitrary: fc.record({
      deed: fc.constantFrom('settle' as const, 'release' as const, 'settleBatch' as const, 'releaseBatch' as const),
      pick,
    }),
  },
  { weight: 15, arbitrary: fc.record({ deed: fc.constant('return' as const), pick, percent }) },
  { weight: 1, arbitrary: fc.constant({ deed: 'erase' as const }) },
);

const begin: Deed[] = [
  { deed: 'purchase', cents: 20_000n },
  { deed: 'purchase', cents: 2_000n },
  { deed: 'wait', days: 15 },
  { deed: 'vest' },
];

/** What a history has made so far, so that later deeds find something to work on. */
class History {
  readonly bought: { id: string; cents: bigint }[] = [];
  readonly credited: string[] = [];
  readonly batches: bigint[] = [];
  readonly memberId: string;
  constructor(memberId: string) {
    this.memberId = memberId;
  }
}

function at<T>(list: readonly T[], index: number): T | undefined {
  return list.at(-1 - (index % Math.max(1, list.length)));
}

async function part(memberId: string, share: bigint): Promise<Amount<'DOTM'>> {
  const free = await freeOf(world.services.db, memberId);
  return minor('DOTM', (free * share) / 100n);
}

async function carryOut(history: History, deed: Deed): Promise<void> {
  const { memberId } = history;
  switch (deed.deed) {
    case 'purchase':
      history.bought.push({ id: await world.purchase(memberId, deed.cents), cents: deed.cents });
      return;
    case 'refund': {
      const order = at(history.bought, deed.pick);
      if (order) await world.refund(order.id, (order.cents * deed.percent) / 100n);
      return;
    }
    case 'wait':
      world.day += deed.days;
      return;
    case 'vest':
      await world.vest();
      return;
    case 'hold': {
      const amount = await part(memberId, deed.percent);
      if (amount === 0n) return;
      const orderId = await world.openOrder(memberId);
      await world.inTx((tx, now) => holdForOrder(tx, memberId, orderId, amount, now));
      history.credited.push(orderId);
      return;
    }
    case 'payOut': {
      const amount = await part(memberId, deed.percent);
      if (amount === 0n) return;
      const batchId = await world.batch();
      await world.inTx((tx, now) => holdForBatch(tx, batchId, [{ memberId, amount }], now));
      history.batches.push(batchId);
      return;
    }
    case 'settle':
    case 'release': {
      const orderId = at(history.credited, deed.pick);
      const deal = deed.deed === 'settle' ? settleHold : releaseHold;
      if (orderId !== undefined) await world.inTx((tx, now) => deal(tx, orderId, now));
      return;
    }
    case 'settleBatch':
    case 'releaseBatch': {
      const batchId = at(history.batches, deed.pick);
      const deal = deed.deed === 'settleBatch' ? settleBatch : releaseBatch;
      if (batchId !== undefined) await world.inTx((tx, now) => deal(tx, batchId, now));
      return;
    }
    case 'return': {
      const orderId = at(history.credited, deed.pick);
      const credit = orderId === undefined ? null : await readOrderCredit(world.services.db, orderId);
      if (orderId === undefined || credit === null || credit.held > 0n) return;
      const total = minor('DOTM', ((credit.spent + credit.returned) * deed.percent) / 100n);
      await world.inTx((tx, now) => returnCredit(tx, orderId, total, now));
      return;
    }
    case 'erase':
      await world.inTx(async (tx, now) => {
        await tx.query(
          'update member set uid = null, email = null, email_verified = false, erased_at = $2 where id = $1 and erased_at is null',
          [memberId, now],
        );
        await lapseRewards(tx, memberId, now);
      });
  }
}

it('whatever is bought, refunded, vested, held, spent, paid, returned and erased: every token is in one place, and never below nothing', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(deeds, { minLength: 5, maxLength: 40, size: 'max' }), async (history) => {
      const made = new History(await world.member());
      // With something to use from the beginning, else most of a short history would be about nothing.
      for (const deed of begin) await carryOut(made, deed);
      let erased = false;
      for (const deed of history) {
        await carryOut(made, deed);
        // What was done once changes nothing when it is done again.
        if (deed.deed !== 'purchase' && deed.deed !== 'hold' && deed.deed !== 'payOut') {
          const before = await totalsOf(world, made.memberId);
          if (deed.deed !== 'wait') await carryOut(made, deed);
          if (deed.deed === 'refund' || deed.deed === 'vest' || deed.deed === 'erase') {
            expect(await totalsOf(world, made.memberId)).toEqual(before);
          }
        }
        await checkBooks(world, made.memberId);
        erased ||= deed.deed === 'erase';
        // Nothing is promised to an erased account, whatever comes back to it.
        if (erased) expect(await totalsOf(world, made.memberId)).toMatchObject({ pending: 0n, vested: 0n });
      }
    }),
    { numRuns: histories, endOnFailure: true },
  );
  await checkAllBooks(world);
  expect(await verifyLedger(world.services.db)).toEqual([]);
}, 600_000);
