import { describe, expect, it } from 'vitest';
import { advance } from '../../../src/features/rewards/distribution/advance.ts';
import { distributeRewards } from '../../../src/features/rewards/distribution/distribute-rewards.ts';
import { startRun } from '../../../src/features/rewards/distribution/start-run.ts';
import { batchesOfRun, entriesOfBatch } from '../../../src/store/distribution-batches.ts';
import { readWaiting } from '../../../src/store/distribution-payees.ts';
import { findRun } from '../../../src/store/distributions.ts';
import { balanceOf, verifyLedger } from '../../../src/store/ledger.ts';
import { topics } from '../../../src/topics.ts';
import { anvilKeys, chainMissing } from '../../support/chain.ts';
import { seedPayees } from '../../support/payees.ts';
import { planRun } from '../../support/plan-run.ts';
import { drain, testServices } from '../../support/services.ts';
import {
  micro,
  dotm,
  payingWorld,
  payeesOf,
  planned,
  statesOf,
  openAlerts,
  signedCount,
  untilRested,
} from './distribution-support.ts';

describe.skipIf(chainMissing !== null)('a payment round', () => {
  it('pays every member what they have in whole micro-DOTM, once, and chain, books and mails say so', async () => {
    const t = await payingWorld();
    const payees = await seedPayees(t.db, 5, { chainId: t.chainNode.settings.chainId, now: t.clock.now() });
    const runId = await planned(t);
    expect(await findRun(t.db, runId)).toMatchObject({
      state: 'sending',
      approvedBy: 'policy',
      recipients: 5,
      batches: 1,
    });
    expect(await untilRested(t, runId)).toBe('done');
    for (const { memberId, address, wei } of payees) {
      const paid = (wei / micro) * micro;
      expect(await t.chainNode.balanceOf(address)).toBe(paid);
      expect(await balanceOf(t.db, `member/${memberId}/rewards_vested/DOTM`)).toBe(wei - paid);
      expect(await balanceOf(t.db, `member/${memberId}/rewards_reserved/DOTM`)).toBe(0n);
    }
    expect(await verifyLedger(t.db)).toEqual([]);
    await drain(t, topics);
    const { rows } = await t.db.query(`select id from mail where kind = 'rewards_paid' and sent_at is not null`);
    expect(rows).toHaveLength(5);
  });

  it('goes on when the day has room again, though what was mined before is not final yet', async () => {
    const settings = { gasPerEntry: 8_000_000, confirmations: 50 };
    const t = await payingWorld(settings, { dailyLimitDotm: '7', entryCeilingDotm: '5' });
    await payeesOf(t, 4);
    const runId = await planned(t);
    await advance(t, runId);
    await t.chainNode.mine();
    // Half a day gives back 3.5: with the 3 that were left that is room for the 4 of the second batch, and not for the first one again.
    await t.chainNode.rpc('evm_increaseTime', [43_200]);
    await t.chainNode.mine();
    await advance(t, runId);
    expect(await statesOf(t, runId)).toEqual(['signed', 'signed']);
    expect(await openAlerts(t)).toEqual([]);
    await t.chainNode.mine(50);
    expect(await untilRested(t, runId)).toBe('done');
  });

  it('is planned once for each key, however often it is asked for', async () => {
    const t = await payingWorld();
    await payeesOf(t, 3);
    const runs = await Promise.all([1, 2, 3].map(() => planRun(t, 'k')));
    expect(new Set(runs.map(({ id }) => id)).size).toBe(1);
    const { rows } = await t.db.query<{ entries: bigint }>('select count(*) as entries from distribution_entry');
    expect(rows[0]?.entries).toBe(3n);
  });

  it('takes nobody twice when two runs are planned at once', async () => {
    const t = await payingWorld();
    await payeesOf(t, 40);
    await Promise.all(['a', 'b'].map((key) => planRun(t, key)));
    const { rows } = await t.db.query<{ members: bigint; entries: bigint }>(
      'select count(distinct member_id) as members, count(*) as entries from distribution_entry',
    );
    expect(rows[0]?.entries).toBe(rows[0]?.members);
  });

  it('runs by itself as a job, from the schedule to the end, and comes back for each block', async () => {
    const t = await payingWorld();
    await payeesOf(t, 2);
    await distributeRewards(t);
    await distributeRewards(t);
    const chainTopics = { 'distribution.advance': topics['distribution.advance'] };
    await drain(t, chainTopics);
    await t.chainNode.mine();
    await drain(t, chainTopics, { forSeconds: 15 });
    const { rows } = await t.db.query<{ state: string }>('select state from distribution_run');
    expect(rows).toEqual([{ state: 'done' }]);
  });

  it('a run with nobody to pay is done at once', async () => {
    const t = await payingWorld();
    expect(await planRun(t, 'k')).toMatchObject({
      state: 'done',
      batches: 0,
    });
  });

  it('without a chain nothing happens, and who asks is told', async () => {
    const t = await testServices({ seeded: true });
    try {
      await distributeRewards(t);
      await expect(startRun(t, { key: 'k', requestedBy: 'schedule' })).rejects.toMatchObject({
        code: 'chain.not_set_up',
      });
    } finally {
      await t.stop();
    }
  });
});

describe.skipIf(chainMissing !== null)('who is paid', () => {
  it('only members with a wallet that is usable now, and without a note; the others wait and are counted', async () => {
    const t = await payingWorld();
    await payeesOf(t, 5);
    const member = (index: number) => `mem_payee_00000${index}`;
    await t.db.query(`delete from wallet where member_id = $1`, [member(0)]);
    const later = new Date(t.clock.now().getTime() + 3_600_000);
    await t.db.query(`update wallet set usable_from = $2 where member_id = $1`, [member(1), later]);
    await t.db.query(`select ledger.post('n', 'rewardReversed', now(), $1, $2, $3)`, [
      [`member/${member(2)}/reward_set_off/DOTM`, 'platform/reward_set_off/DOTM'],
      ['DOTM/18', 'DOTM/18'],
      ['5', '-5'],
    ]);
    await t.db.query(
      `update member set erased_at = now(), uid = null, email = null, display_name = null where id = $1`,
      [member(3)],
    );
    const run = await planRun(t, 'k');
    expect(run.recipients).toBe(1);
    expect(await readWaiting(t.db, { chainId: run.chainId, now: t.clock.now() })).toEqual({
      noWallet: { members: 1, wei: 2n * dotm },
      cooling: { members: 1, wei: 2n * dotm },
      note: { members: 1, wei: 2n * dotm },
      belowOneMicro: { members: 0, wei: 0n },
    });
    const [batch] = await batchesOfRun(t.db, run.id);
    expect((await entriesOfBatch(t.db, batch?.id ?? -1n)).map(({ memberId }) => memberId)).toEqual([member(4)]);
  });

  it('what is below one micro-DOTM waits with the member', async () => {
    const t = await payingWorld();
    const { chainId } = t.chainNode.settings;
    const [payee] = await seedPayees(t.db, 1, { chainId, now: t.clock.now(), weiOf: () => [micro - 1n] });
    expect(await planRun(t, 'k')).toMatchObject({ state: 'done', recipients: 0 });
    expect(await balanceOf(t.db, `member/${payee?.memberId}/rewards_vested/DOTM`)).toBe(micro - 1n);
  });

  it('small parts of several rewards are paid together', async () => {
    const t = await payingWorld();
    const { chainId } = t.chainNode.settings;
    const [payee] = await seedPayees(t.db, 1, {
      chainId,
      now: t.clock.now(),
      weiOf: () => [micro / 2n, micro / 2n, 7n],
    });
    await untilRested(t, await planned(t));
    expect(await t.chainNode.balanceOf(payee?.address ?? '')).toBe(micro);
  });

  it('nobody gets more than the ceiling of an entry in one run; the rest comes with the next', async () => {
    const t = await payingWorld({}, { entryCeilingDotm: '50' });
    const [payee] = await payeesOf(t, 1, 70n);
    await untilRested(t, await planned(t));
    expect(await t.chainNode.balanceOf(payee?.address ?? '')).toBe(50n * dotm);
    const next = await planRun(t, 'tomorrow');
    await untilRested(t, next.id);
    expect(await t.chainNode.balanceOf(payee?.address ?? '')).toBe(70n * dotm);
    expect(await verifyLedger(t.db)).toEqual([]);
  });

  it('an address that is a contract of ours is left out and reported, and the others are paid', async () => {
    const t = await payingWorld();
    const payees = await payeesOf(t, 3);
    await t.db.query('update wallet set address = $2 where member_id = $1', [
      payees[1]?.memberId,
      t.chainNode.settings.token,
    ]);
    const run = await planRun(t, 'k');
    expect(run).toMatchObject({ recipients: 2, notes: { badAddresses: [payees[1]?.memberId] } });
    expect(await untilRested(t, run.id)).toBe('done');
    expect(await t.chainNode.balanceOf(payees[2]?.address ?? '')).toBe(2n * dotm);
  });

  it('a member whose tokens somebody else is moving is passed over until the next run', async () => {
    const t = await payingWorld();
    const payees = await payeesOf(t, 2);
    await t.db.transaction(async (tx) => {
      await tx.query('select id from member where id = $1 for no key update', [payees[0]?.memberId]);
      expect(await planRun(t, 'k')).toMatchObject({ recipients: 1 });
    });
    expect(await planRun(t, 'next')).toMatchObject({ recipients: 1 });
  });
});

describe.skipIf(chainMissing !== null)('what the chain tells', () => {
  it('a payment under our number with another hash is a conflict, even before we have signed: told at once and never settled', async () => {
    const t = await payingWorld();
    const [payee] = await payeesOf(t, 2);
    const runId = await planned(t);
    const [batch] = await batchesOfRun(t.db, runId);
    const thief = (BigInt(`0x${'77'.repeat(20)}`) << 96n) | 1_000_000n;
    await t.chainNode.distributeAs(anvilKeys.operator, batch?.id ?? -1n, [thief]);
    await t.chainNode.mine();
    expect((await advance(t, runId)).state).toBe('failed');
    expect(await statesOf(t, runId)).toEqual(['conflict']);
    expect(await openAlerts(t)).toEqual([expect.stringMatching(/^distribution_conflict: .*other hands/)]);
    expect(await signedCount(t)).toBe(0n);
    expect(await t.chainNode.balanceOf(payee?.address ?? '')).toBe(0n);
    // What it held stays held: a person decides.
    expect(await balanceOf(t.db, `member/${payee?.memberId}/rewards_reserved/DOTM`)).toBe(2n * dotm);
  });

  it('a payment that came before our batch was planned under its number is found as well', async () => {
    const t = await payingWorld();
    await payeesOf(t, 2);
    const thief = (BigInt(`0x${'77'.repeat(20)}`) << 96n) | 1_000_000n;
    await t.chainNode.distributeAs(anvilKeys.operator, 0n, [thief]);
    await t.chainNode.mine(3);
    const runId = await planned(t);
    expect((await advance(t, runId)).state).toBe('failed');
    expect(await statesOf(t, runId)).toEqual(['conflict']);
    expect(await openAlerts(t)).toEqual([expect.stringMatching(/^distribution_conflict/)]);
  });

  it('is believed only from the depth that counts as settled', async () => {
    const t = await payingWorld({ confirmations: 4 });
    await payeesOf(t, 1);
    const runId = await planned(t);
    await advance(t, runId);
    await t.chainNode.mine(3);
    await advance(t, runId);
    expect(await statesOf(t, runId)).toEqual(['signed']);
    await t.chainNode.mine(1);
    await advance(t, runId);
    expect(await statesOf(t, runId)).toEqual(['confirmed']);
  });

  it('a signer whose number ran ahead of the chain, with nothing under way, is set right', async () => {
    const t = await payingWorld();
    await payeesOf(t, 1);
    await t.db.query('insert into chain_signer (chain_id, address, next_nonce) values ($1, $2, 41)', [
      t.chainNode.settings.chainId,
      await t.chainNode.signer.address(),
    ]);
    expect(await untilRested(t, await planned(t))).toBe('done');
    const { rows } = await t.db.query('select next_nonce from chain_signer');
    expect(rows).toEqual([{ next_nonce: 1n }]);
  });

  it('at most 16 batches are under way', async () => {
    const t = await payingWorld({ gasPerEntry: 16_000_000 });
    await payeesOf(t, 20);
    const runId = await planned(t);
    await Promise.all([advance(t, runId), advance(t, runId)]);
    expect((await statesOf(t, runId)).filter((state) => state === 'signed')).toHaveLength(16);
    expect(await untilRested(t, runId)).toBe('done');
  });
});
