import { describe, expect, it } from 'vitest';
import { addAdvanceJob } from '../../../src/features/rewards/distribution/advance-job.ts';
import { advance } from '../../../src/features/rewards/distribution/advance.ts';
import { startRun } from '../../../src/features/rewards/distribution/start-run.ts';
import { findRun, recordApproval } from '../../../src/store/distributions.ts';
import { createLocalSigner } from '../../../src/vendors/chain/local-signer.ts';
import { anvilKeys, chainMissing } from '../../support/chain.ts';
import {
  type World,
  payingWorld,
  payeesOf,
  planned,
  statesOf,
  openAlerts,
  signedCount,
  untilRested,
} from './distribution-support.ts';

describe.skipIf(chainMissing !== null)('nothing is signed', () => {
  /** Advances a run that something stands against: it must stay planned, unsigned, with operators told. */
  async function expectBlocked(t: World, runId: string, saying: RegExp): Promise<void> {
    await advance(t, runId);
    expect(await statesOf(t, runId)).toEqual(['planned']);
    expect(await signedCount(t)).toBe(0n);
    expect(await openAlerts(t)).toEqual([expect.stringMatching(saying)]);
  }
  /** Once the cause is gone, the run goes on by itself and the alert is closed. */
  async function expectGoesOn(t: World, runId: string): Promise<void> {
    expect(await untilRested(t, runId)).toBe('done');
    expect(await openAlerts(t)).toEqual([]);
  }

  it('while the distributor is paused', async () => {
    const t = await payingWorld();
    await payeesOf(t, 2);
    const runId = await planned(t);
    await t.chainNode.pause();
    await expectBlocked(t, runId, /^distribution_blocked: .*paused/);
    await t.chainNode.unpause();
    await expectGoesOn(t, runId);
  });

  it('with a key that is not the operator', async () => {
    const t = await payingWorld();
    await payeesOf(t, 2);
    const runId = await planned(t);
    const stranger = createLocalSigner(anvilKeys.member);
    await expectBlocked(
      Object.assign(Object.create(t) as World, { rewardSigner: async () => stranger }),
      runId,
      /role of the operator/,
    );
    await expectGoesOn(t, runId);
  });

  it('above what the day has left, counting what is under way', async () => {
    const t = await payingWorld({ gasPerEntry: 8_000_000 }, { dailyLimitDotm: '7', entryCeilingDotm: '5' });
    await payeesOf(t, 4);
    const runId = await planned(t);
    await advance(t, runId);
    expect(await statesOf(t, runId)).toEqual(['signed', 'planned']);
    expect(await openAlerts(t)).toEqual([expect.stringMatching(/the day has 3000000 left/)]);
    await t.chainNode.mine();
    await t.chainNode.rpc('evm_increaseTime', [86_400]);
    await t.chainNode.mine();
    await expectGoesOn(t, runId);
  });

  it('above the budget of a run', async () => {
    const t = await payingWorld({ runBudgetMicro: 3_999_999n });
    await payeesOf(t, 2);
    const runId = await planned(t);
    await expectBlocked(t, runId, /REWARD_RUN_BUDGET_DOTM/);
  });

  it('while gas costs more than we pay', async () => {
    const t = await payingWorld({ maxFeeWei: 1_100_000_000n });
    await payeesOf(t, 2);
    const runId = await planned(t);
    await t.chainNode.rpc('anvil_setNextBlockBaseFeePerGas', ['0x174876e800']);
    await t.chainNode.mine();
    await expectBlocked(t, runId, /CHAIN_MAX_FEE_GWEI/);
  });

  it('while the key has no ether', async () => {
    const t = await payingWorld();
    await payeesOf(t, 2);
    const runId = await planned(t);
    const key = await t.chainNode.signer.address();
    await t.chainNode.rpc('anvil_setBalance', [key, '0x1']);
    await expectBlocked(t, runId, /to pay gas with/);
    await t.chainNode.rpc('anvil_setBalance', [key, '0xde0b6b3a7640000']);
    await expectGoesOn(t, runId);
  });

  it('when the contract itself would refuse the batch', async () => {
    const t = await payingWorld({}, { entryCeilingDotm: '50' });
    await payeesOf(t, 1, 20n);
    const runId = await planned(t);
    const { chainNode } = t;
    await chainNode.setLimits('100000', '10');
    await expectBlocked(t, runId, /would be refused: EntryAboveCeiling/);
    await chainNode.setLimits('100000', '50');
    await expectGoesOn(t, runId);
  });

  it('before a run that needs approval has it', async () => {
    const t = await payingWorld({ approvalAboveMicro: 3_999_999n });
    await payeesOf(t, 2);
    const runId = await planned(t);
    expect(await findRun(t.db, runId)).toMatchObject({ state: 'awaiting_approval', approvedBy: null });
    await expectBlocked(t, runId, /^distribution_approval: .* waits for approval/);
    await t.db.transaction(async (tx) => {
      await recordApproval(tx, runId, 'mem_operator', t.clock.now());
      await addAdvanceJob(tx, runId, 'approved', t.clock.now());
    });
    expect(await untilRested(t, runId)).toBe('done');
  });

  it('on another chain than the settings name', async () => {
    const t = await payingWorld({ chainId: 1 });
    const { createChainClient } = await import('../../../src/vendors/chain/client.ts');
    const wrong = createChainClient({ ...t.chainNode.settings, chainId: 1, rpcUrl: t.chainNode.rpcUrl });
    const lost = { ...t, chain: async () => wrong };
    const { id } = await startRun(t, { key: 'k', requestedBy: 'schedule' });
    await expect(advance(lost, id)).rejects.toMatchObject({ code: 'vendor.unavailable' });
  });
});
