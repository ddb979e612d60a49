import { expect, it } from 'vitest';
import { minor } from '../../shared/money.ts';
import { rewardSetOff, rewardsPending, rewardsReserved, rewardsVested } from '../ledger/accounts.ts';
import type { Posting } from '../ledger/posting.ts';
import * as templates from '../ledger/reward-templates.ts';
import { rewardMovementSchema } from '../../shared/api/rewards.ts';
import { readMovement } from './read-movement.ts';

const at = new Date('2026-11-23T12:00:00Z');
const wei = (value: bigint) => minor('DOTM', value);
const share = { memberId: 'mem_a', amount: wei(5n) };
const reward = { ...share, rewardId: 'rwd_a', orderId: 'ord_a', total: wei(5n), at };

const postings: [string, Posting, bigint][] = [
  ['accrued', templates.rewardAccrued(reward), 0n],
  ['vested', templates.rewardVested(reward), 0n],
  ['reversed', templates.rewardReversed({ ...reward, fromVested: false }), 0n],
  ['reversed', templates.rewardReversed({ ...reward, fromVested: true, available: wei(2n) }), 3n],
  ['reversed', templates.rewardReversed({ ...reward, fromVested: true, available: wei(0n) }), 5n],
  ['set_off', templates.rewardSetOff(reward), 0n],
  ['lapsed', templates.rewardLapsed({ ...reward, fromVested: true }), 0n],
  ['payout_reserved', templates.rewardReserved({ batchId: 1n }, [share, { ...share, memberId: 'mem_b' }], at), 0n],
  ['payout_released', templates.rewardReleased({ batchId: 1n }, [share], at), 0n],
  ['payout_released', templates.rewardLeftOut(1n, share, at), 0n],
  ['paid', templates.rewardSent(1n, [share, { ...share, memberId: 'mem_b' }], at), 0n],
  ['credit_held', templates.rewardReserved({ orderId: 'ord_a' }, [share], at), 0n],
  ['credit_released', templates.rewardReleased({ orderId: 'ord_a' }, [share], at), 0n],
  ['spent', templates.rewardSpent('ord_a', share, at), 0n],
  ['credit_returned', templates.creditReturned(reward), 0n],
];

it.each(postings)('a transfer that is to be read as %s is, with what it moved', (kind, posting, noted) => {
  const on = (account: string) => posting.legs.find((leg) => leg.account === account)?.amount ?? 0n;
  const read = readMovement(posting.template, {
    isPayout: 'batchId' in posting.meta,
    pending: on(rewardsPending('mem_a')),
    vested: on(rewardsVested('mem_a')),
    reserved: on(rewardsReserved('mem_a')),
    note: on(rewardSetOff('mem_a')),
  });
  expect(read).toEqual({ kind, amount: 5n, noted });
});

it('every kind of movement has a transfer, and a transfer of something else is a fault', () => {
  expect(new Set(postings.map(([kind]) => kind))).toEqual(new Set(rewardMovementSchema.shape.kind.options));
  const none = { isPayout: false, pending: 0n, vested: 0n, reserved: 0n, note: 0n };
  expect(() => readMovement('paymentReceived', none)).toThrow(RangeError);
});
