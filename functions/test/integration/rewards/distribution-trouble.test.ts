import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Wallet } from 'ethers';
import { advance } from '../../../src/features/rewards/distribution/advance.ts';
import { mostUnderWay } from '../../../src/features/rewards/distribution/sign-batches.ts';
import { stuckSeconds } from '../../../src/features/rewards/distribution/nurse-transactions.ts';
import { batchesOfRun } from '../../../src/store/distribution-batches.ts';
import { findRun } from '../../../src/store/distributions.ts';
import { transactionsUnderWay } from '../../../src/store/chain-transactions.ts';
import { createLocalSigner } from '../../../src/vendors/chain/local-signer.ts';
import { anvilKeys, chainMissing } from '../../support/chain.ts';
import { mortalProcess } from '../../support/mortal.ts';
import { seedPayees, type SeededPayee } from '../../support/payees.ts';
import { planRun } from '../../support/plan-run.ts';
import { expectAllPaidOnce } from '../../proof/distribution/payout-books.ts';
import { payoutWorld, type PayoutWorld } from '../../proof/distribution/payout-world.ts';

/** Two members, a batch for each. */
const gasPerEntry = 16_000_000;

describe.skipIf(chainMissing !== null)('a payment that', () => {
  let world: PayoutWorld;
  let payees: SeededPayee[];
  let runId: string;
  beforeEach(async () => {
    world = await payoutWorld({ gasPerEntry, confirmations: 2 });
    const { services, chain } = world;
    payees = await seedPayees(services.db, 2, { chainId: chain.settings.chainId, now: services.clock.now() });
    runId = (await planRun(services, 'day')).id;
  });
  afterEach(() => world.stop());

  const tick = () => advance(world.services, runId);
  const underWay = () => transactionsUnderWay(world.services.db, world.chain.settings.chainId);
  const setGas = async (gwei: bigint) => {
    await world.chain.rpc('anvil_setNextBlockBaseFeePerGas', [`0x${(gwei * 10n ** 9n).toString(16)}`]);
    await world.chain.mine();
  };

  /** Everything is well from now on: the run must end, with everybody paid once. */
  async function expectToEndWell(): Promise<void> {
    for (let rounds = 0; rounds < 12; rounds += 1) {
      if ((await tick()).state === 'done') break;
      world.pass(stuckSeconds + 1);
      await world.chain.mine(2);
    }
    await expectAllPaidOnce(world.services.db, world.chain, payees);
  }

  it('the node has forgotten is sent again, the very same bytes', async () => {
    await tick();
    const before = await underWay();
    await world.chain.rpc('anvil_dropAllTransactions');
    world.pass(stuckSeconds + 1);
    await tick();
    expect((await underWay()).map(({ signed }) => signed?.hash)).toEqual(before.map(({ signed }) => signed?.hash));
    await expectToEndWell();
  });

  it('the node has forgotten and whose key has no ether left is told to operators, and is sent when it has some again', async () => {
    await tick();
    const key = await world.chain.signer.address();
    await world.chain.rpc('anvil_dropAllTransactions');
    await world.chain.rpc('anvil_setBalance', [key, '0x1']);
    world.pass(stuckSeconds + 1);
    await tick();
    const open = () => world.services.db.query<{ kind: string }>('select kind from alert where resolved_at is null');
    expect((await open()).rows).toEqual([{ kind: 'distribution_unsendable' }]);
    await world.chain.rpc('anvil_setBalance', [key, '0xde0b6b3a7640000']);
    await tick();
    expect((await open()).rows).toEqual([]);
    await expectToEndWell();
  });

  it('offers too little gets a successor with its nonce and better fees, which is stored before it is sent', async () => {
    await tick();
    await setGas(20n);
    world.pass(stuckSeconds + 1);
    const mortal = mortalProcess(world.services, (step) => step.includes('before chain.sendRaw'));
    await expect(advance(mortal.begin('round'), runId)).rejects.toThrow('died');
    const [newest, first] = await underWay();
    expect(newest).toMatchObject({ nonce: first?.nonce, attempt: 1, sentAt: null });
    expect(newest?.signed?.maxFeeWei).toBeGreaterThanOrEqual(20n * 10n ** 9n);
    await expectToEndWell();
  });

  it('would cost more than the ceiling is not raised any further: operators are told, and it is paid when gas is cheap', async () => {
    await tick();
    await setGas(100n);
    world.pass(stuckSeconds + 1);
    await tick();
    const { rows } = await world.services.db.query<{ kind: string }>(
      `select distinct kind from alert where resolved_at is null`,
    );
    expect(rows).toEqual([{ kind: 'distribution_stuck' }]);
    expect((await underWay()).every(({ attempt }) => attempt === 0)).toBe(true);
    await setGas(1n);
    await expectToEndWell();
    const { rows: left } = await world.services.db.query(`select kind from alert where resolved_at is null`);
    expect(left).toEqual([]);
  });

  it('was in a block that is taken back is not believed, and is sent again', async () => {
    await tick();
    await world.chain.mine();
    await tick();
    expect((await batchesOfRun(world.services.db, runId)).map(({ state }) => state)).toEqual(['signed', 'signed']);
    await world.chain.reorganise(1);
    await world.chain.rpc('evm_increaseTime', [5]);
    await world.chain.mine(2);
    expect((await tick()).state).toBe('sending');
    await expectToEndWell();
  });

  it('lost its nonce to somebody else is made again with another one, under the same number', async () => {
    await tick();
    await world.chain.rpc('anvil_dropAllTransactions');
    const wallet = new Wallet(anvilKeys.operator);
    const raw = await wallet.signTransaction({
      ...{ type: 2, chainId: world.chain.settings.chainId, nonce: 0, to: wallet.address, gasLimit: 21_000n },
      ...{ maxFeePerGas: 90n * 10n ** 9n, maxPriorityFeePerGas: 50n * 10n ** 9n },
    });
    await world.chain.port.sendRaw(raw);
    await world.chain.mine(2);
    await tick();
    const batches = await batchesOfRun(world.services.db, runId);
    expect(batches.map(({ generation }) => generation)).toEqual([1, 0]);
    expect((await underWay()).map(({ nonce }) => nonce).toSorted()).toEqual([1, 2]);
    await expectToEndWell();
  });

  it('failed in its block is made again with another nonce, once what it failed for is gone', async () => {
    await tick();
    // The pause comes into the block before ours.
    const held = await underWay();
    await world.chain.rpc('anvil_dropAllTransactions');
    await world.chain.pause();
    for (const { signed } of held) await world.chain.port.sendRaw(signed?.raw ?? '');
    await world.chain.mine(2);
    await tick();
    expect((await batchesOfRun(world.services.db, runId)).map(({ state }) => state)).toEqual(['planned', 'planned']);
    await world.chain.unpause();
    await expectToEndWell();
  });

  it('waits behind a nonce that nobody has gets that nonce itself', async () => {
    await tick();
    // As after a restore: the first nonce is in nobody's hands any more.
    await world.chain.rpc('anvil_dropAllTransactions');
    await world.services.db.query('update distribution_transaction set nonce = nonce + 1');
    const signer = world.chain.signer;
    for (const { batchId, nonce } of await underWay()) {
      const batch = (await batchesOfRun(world.services.db, runId)).find(({ id }) => id === batchId);
      const { signOne } = await import('../../../src/features/rewards/distribution/sign-batches.ts');
      const fees = { maxFeeWei: 30n * 10n ** 9n, tipWei: 10n ** 9n };
      const chain = { settings: { ...world.chain.settings, gasPerEntry }, port: world.chain.port };
      const signed = await signOne(world.services, chain, signer, { batchId: batch?.id ?? -1n, nonce }, fees);
      await world.services.db.query(
        'update distribution_transaction set hash = $2, raw = $3 where batch_id = $1 and raw is not null',
        [batchId, signed?.hash, signed?.raw],
      );
    }
    world.pass(stuckSeconds + 1);
    await tick();
    expect((await batchesOfRun(world.services.db, runId)).map(({ generation }) => generation)).toEqual([0, 1]);
    await expectToEndWell();
  });

  it('was signed by a key that we have changed since is paid all the same; what had only a nonce gets another', async () => {
    const { services, chain } = world;
    const mortal = mortalProcess(services, (step) => step.includes('before rewardSigner.signTransaction'));
    await expect(advance(mortal.begin('round'), runId)).rejects.toThrow('died');
    expect((await underWay()).map(({ signed }) => signed)).toEqual([null]);
    const other = createLocalSigner(anvilKeys.member);
    await chain.grantOperator(await other.address());
    const changed = { ...services, rewardSigner: async () => other };
    await advance(changed, runId);
    await chain.mine(2);
    await advance(changed, runId);
    expect(await findRun(services.db, runId)).toMatchObject({ state: 'done' });
    await expectAllPaidOnce(services.db, chain, payees);
  });

  it('was given a nonce and no bytes by a worker that died is signed with that nonce by the next', async () => {
    const mortal = mortalProcess(world.services, (step) => step.includes('after rewardSigner.signTransaction'));
    await expect(advance(mortal.begin('round'), runId)).rejects.toThrow('died');
    const [open] = await underWay();
    expect(open).toMatchObject({ nonce: 0, signed: null });
    await tick();
    expect((await underWay()).map(({ nonce }) => nonce)).toEqual([0, 1]);
    await expectToEndWell();
  });

  it('two workers sign at the same time is stored once, and only what is stored is sent', async () => {
    expect(mostUnderWay).toBeGreaterThan(2);
    await Promise.all([tick(), tick(), tick()]);
    const { rows } = await world.services.db.query<{ nonces: bigint; transactions: bigint }>(
      'select count(distinct nonce) as nonces, count(*) as transactions from distribution_transaction',
    );
    expect(rows).toEqual([{ nonces: 2n, transactions: 2n }]);
    await expectToEndWell();
  });
});

describe.skipIf(chainMissing !== null)('a batch that takes more gas than CHAIN_GAS_PER_ENTRY says', () => {
  let world: PayoutWorld;
  beforeEach(async () => {
    world = await payoutWorld({ gasPerEntry: 1_000, confirmations: 2 });
  });
  afterEach(() => world.stop());

  it.each([
    ['whoever signs the nonce of a dead worker', 'died'],
    ['a successor with better fees', 'dear'],
  ] as const)('gets as much as the node has counted, also from %s', async (_, how) => {
    const { services, chain } = world;
    const payees = await seedPayees(services.db, 30, { chainId: chain.settings.chainId, now: services.clock.now() });
    const runId = (await planRun(services, 'day')).id;
    if (how === 'died') {
      const mortal = mortalProcess(services, (step) => step.includes('before rewardSigner.signTransaction'));
      await expect(advance(mortal.begin('round'), runId)).rejects.toThrow('died');
    } else {
      await advance(services, runId);
      await chain.rpc('anvil_setNextBlockBaseFeePerGas', ['0x4a817c800']);
      await chain.mine();
      world.pass(stuckSeconds + 1);
    }
    await advance(services, runId);
    await chain.mine(2);
    expect(await advance(services, runId)).toMatchObject({ state: 'done' });
    const [batch] = await batchesOfRun(services.db, runId);
    expect(batch).toMatchObject({ state: 'confirmed', generation: 0 });
    await expectAllPaidOnce(services.db, chain, payees);
  });
});
