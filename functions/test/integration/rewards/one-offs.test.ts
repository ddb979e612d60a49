import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { vestRewards } from '../../../src/features/rewards/vest-rewards.ts';
import { readMisstatedRewards } from '../../../src/store/reward-checks.ts';
import { verifyLedger } from '../../../src/store/ledger.ts';
import {
  booksOf,
  letPass,
  pay,
  settle,
  shop,
  shopper,
  timelineOf,
  type Shop,
  type Shopper,
} from '../../support/shopping.ts';

const day = 86_400;

let t: Shop;
let operator: Shopper;
beforeEach(async () => {
  t = await shop({
    rewards: { dailyCapDotm: '500', foundingMemberDotm: '100', foundingMembers: 2, newMemberDotm: '1' },
  });
  operator = shopper(t, 'finance');
  t.people.put({ uid: operator.uid, role: 'finance' });
});
afterEach(async () => {
  expect(await readMisstatedRewards(t.db, '', 10)).toEqual([]);
  expect(await verifyLedger(t.db)).toEqual([]);
  await t.stop();
});

async function kindsOf(who: Shopper): Promise<string[]> {
  const { rewards } = await who.call('getRewards', {});
  return rewards.map(({ kind, state, amount }) => `${kind} ${state} ${amount.amount.replace(/\.?0+$/, '')}`).sort();
}

async function vest(): Promise<void> {
  await vestRewards(t);
  await settle(t);
}

async function giveBack(orderId: string, usd?: string): Promise<void> {
  const amount = usd === undefined ? {} : { amount: { unit: 'USD' as const, amount: usd } };
  await operator.call('refundOrder', { orderId, reason: 'the member asked', ...amount });
  await settle(t, 30);
}

describe('a reward that comes once', () => {
  it('is a founding member’s after the first delivery, and a new member’s after the first vesting', async () => {
    const ada = shopper(t);
    const orderId = await ada.buy('global_data_10gb');
    expect(await kindsOf(ada)).toEqual(['founding_member pending 100', 'purchase pending 2.066']);
    expect(await timelineOf(ada, orderId)).toContain('reward_accrued');
    await letPass(t, 15 * day);
    await vest();
    expect(await kindsOf(ada)).toEqual(['founding_member vested 100', 'new_member vested 1', 'purchase vested 2.066']);
    await ada.buy('global_data_10gb');
    await letPass(t, 15 * day);
    await vest();
    expect(await kindsOf(ada)).toHaveLength(4);
    expect(await ada.call('getRewards', {})).toMatchObject({ vested: { amount: '105.132000000000000000' } });
    expect(t.projected.read(`members/${ada.uid}/rewards/summary`)).toEqual(await ada.call('getRewards', {}));
  });

  it('is for so many founding members and no more, also when they come at the same moment', async () => {
    const people = [shopper(t), shopper(t), shopper(t), shopper(t)];
    for (const one of people) await one.buy('global_data_10gb');
    const kinds = (await Promise.all(people.map(kindsOf))).flat();
    expect(kinds.filter((kind) => kind.startsWith('founding_member'))).toHaveLength(2);
  });

  it('goes back with the whole order and not with a part, and its place is free again', async () => {
    const [ada, bob, eve] = [shopper(t), shopper(t), shopper(t)];
    const orderId = await ada.buy('global_data_10gb');
    await bob.buy('global_data_10gb');
    await giveBack(orderId, '5.00');
    expect(await kindsOf(ada)).toEqual(['founding_member pending 100', 'purchase pending 1.5495']);
    await giveBack(orderId);
    expect(await kindsOf(ada)).toEqual(['founding_member reversed 0', 'purchase reversed 0']);
    expect(await booksOf(t, orderId)).toEqual({});
    await eve.buy('global_data_10gb');
    expect(await kindsOf(eve)).toContain('founding_member pending 100');
    await ada.buy('global_data_10gb');
    expect(await kindsOf(ada)).not.toContain('founding_member pending 100');
  });

  it('stays with who has paid for another order, when the one that brought it is refunded', async () => {
    const ada = shopper(t);
    const first = await ada.buy('global_data_10gb');
    await ada.buy('global_data_10gb');
    await giveBack(first);
    expect(await kindsOf(ada)).toEqual([
      'founding_member pending 100',
      'founding_member reversed 0',
      'purchase pending 2.066',
      'purchase reversed 0',
    ]);
    await letPass(t, 15 * day);
    await vest();
    const newMember = (await ada.call('getRewards', {})).rewards.find(({ kind }) => kind === 'new_member');
    const second = await ada.buy('global_data_10gb');
    await letPass(t, 15 * day);
    await vest();
    await giveBack(newMember!.orderId);
    expect(await kindsOf(ada)).toContain('new_member vested 1');
    expect((await ada.call('getRewards', {})).rewards).toContainEqual(
      expect.objectContaining({ kind: 'new_member', orderId: second }),
    );
  });

  it('that was in use when it was taken back does not come again to another account, and to its own pays off the note', async () => {
    const ada = shopper(t);
    const first = await ada.buy('global_data_10gb');
    await letPass(t, 15 * day);
    await vest();
    const { checkoutUrl } = await ada.call('startCheckout', {
      items: [{ productId: 'global_data_10gb' }],
      currency: 'USD',
      credit: { unit: 'USD', amount: '20.00' },
    });
    await pay(checkoutUrl);
    await settle(t, 30);
    await giveBack(first);
    expect(await ada.call('getRewards', {})).toMatchObject({ note: { amount: '20.000000000000000000' } });
    const again = shopper(t, 'again');
    t.people.put({ uid: again.uid, email: ada.email.replace('@', '+again@') });
    await again.buy('global_data_10gb');
    expect(await kindsOf(again)).toEqual(['purchase pending 2.066']);
    await ada.buy('global_data_10gb');
    expect(await kindsOf(ada)).toContain('founding_member pending 100');
    await letPass(t, 15 * day);
    await vest();
    expect(await ada.call('getRewards', {})).toMatchObject({
      note: { amount: '0.000000000000000000' },
      vested: { amount: '82.066000000000000000' },
    });
  });

  it('waits for a verified address, and comes when it is', async () => {
    const ada = shopper(t);
    t.people.put({ uid: ada.uid, emailVerified: false });
    await ada.buy('global_data_10gb');
    await letPass(t, 15 * day);
    await vest();
    expect(await kindsOf(ada)).toEqual(['purchase vested 2.066']);
    t.people.put({ uid: ada.uid, emailVerified: true });
    await ada.call('getAccount', {});
    await settle(t);
    expect(await kindsOf(ada)).toEqual(['founding_member pending 100', 'new_member vested 1', 'purchase vested 2.066']);
  });

  it('is one of each for a person, whatever stands behind a plus sign of the address', async () => {
    const ada = shopper(t);
    await ada.buy('global_data_10gb');
    const again = shopper(t, 'again');
    const [name, host] = ada.email.split('@');
    t.people.put({ uid: again.uid, email: `${name!.toUpperCase()}+more@${host!}` });
    await again.buy('global_data_10gb');
    await letPass(t, 15 * day);
    await vest();
    expect(await kindsOf(ada)).toHaveLength(3);
    expect(await kindsOf(again)).toEqual(['purchase vested 2.066']);
  });

  it('does not come a second time to who deletes the account and signs up again', async () => {
    const ada = shopper(t);
    await ada.buy('global_data_10gb');
    await ada.call('deleteAccount', { confirm: 'DELETE' });
    await settle(t, 7200);
    const { rows } = await t.db.query(`select kind, state from reward where state <> 'reversed'`);
    expect(rows).toEqual([]);
    const back = shopper(t, 'back');
    t.people.put({ uid: back.uid, email: ada.email });
    await back.buy('global_data_10gb');
    expect(await kindsOf(back)).toEqual(['purchase pending 2.066']);
  });
});

it('a reward is explained to its owner, and to everybody else it does not exist', async () => {
  const [ada, eve] = [shopper(t), shopper(t)];
  const orderId = await ada.buy('global_data_10gb');
  const [reward] = (await ada.call('getRewards', {})).rewards.filter(({ kind }) => kind === 'purchase');
  const told = await ada.call('explainReward', { rewardId: reward!.id });
  expect(told).toMatchObject({ reward, order: { id: orderId }, ifRefunded: { amount: reward!.amount } });
  await expect(eve.call('explainReward', { rewardId: reward!.id })).rejects.toMatchObject({ code: 'not_found' });
  const { movements } = await ada.call('listRewardMovements', {});
  expect(movements.map(({ kind, orderId: of }) => [kind, of])).toEqual([
    ['accrued', orderId],
    ['accrued', orderId],
  ]);
  expect((await eve.call('listRewardMovements', {})).movements).toEqual([]);
});
