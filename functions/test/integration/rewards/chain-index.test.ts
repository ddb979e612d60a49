import { Wallet } from 'ethers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DotmToken__factory } from '../../../../contracts/bindings/index.ts';
import { planChainIndex } from '../../../src/features/rewards/chain-index/index-chain.ts';
import type { Services } from '../../../src/platform/container.ts';
import { runJob } from '../../../src/platform/jobs.ts';
import { forgetIndex } from '../../../src/store/chain-index.ts';
import { topics } from '../../../src/topics.ts';
import { hashEntries, packEntries } from '../../../src/vendors/chain/contracts.ts';
import type { ChainPort } from '../../../src/vendors/chain/port.ts';
import { anvilKeys, chainMissing, startTestChain, type TestChain } from '../../support/chain.ts';
import { mortalProcess } from '../../support/mortal.ts';
import { drain, testServices, type TestServices } from '../../support/services.ts';
import { call } from '../../support/shopping.ts';

const indexTopic = { 'rewards.index_chain': topics['rewards.index_chain'] };
const periodSeconds = 180;

/** How we know of a batch: signed, signed with other entries, planned and never signed, planned again after its nonce was lost, given up. */
type Plan = 'ours' | 'other' | 'planned' | 'again' | 'released';

/** A wallet address that nobody else has. */
function someone(): string {
  return Wallet.createRandom().address.toLowerCase();
}

describe.skipIf(chainMissing !== null)('the index of the chain', () => {
  let t: TestServices;
  let chain: TestChain;
  let batches = 0n;

  beforeAll(async () => {
    chain = await startTestChain();
  });
  afterAll(async () => {
    await chain.stop();
  });
  // A database for each test; the chain goes on, and batch ids with it.
  beforeEach(async () => {
    t = Object.assign(await testServices({ policy: { chain: chain.settings } }), chain.services);
  });
  afterEach(async () => {
    await t.stop();
  });

  /** Pays a batch on chain. With `plan`, we know of it: as it is, or with other entries. */
  async function pay(amounts: Record<string, bigint>, plan: Plan | 'unknown' = 'ours'): Promise<bigint> {
    const entries = Object.entries(amounts).map(([address, amountMicro]) => ({ address, amountMicro }));
    const words = packEntries(entries);
    const id = batches;
    batches += 1n;
    if (plan !== 'unknown') await keepBatch(id, words, plan);
    const list = entries.map(({ address, amountMicro }) => (BigInt(address) << 96n) | amountMicro);
    await chain.distributeAs(anvilKeys.operator, id, list);
    await chain.mine();
    return id;
  }

  async function keepBatch(id: bigint, words: string, plan: Plan): Promise<void> {
    const now = t.clock.now();
    const run = `run-${String(id)}`;
    const { chainId, distributor } = chain.settings;
    await t.db.query(
      `insert into distribution_run (id, key, state, chain_id, distributor, requested_by, created_at, planned_at, approved_at, approved_by)
       values ($1, $1, 'sending', $2, $3, 'test', $4, $4, $4, 'policy')`,
      [run, chainId, distributor, now],
    );
    const state = plan === 'ours' || plan === 'other' ? 'signed' : plan === 'again' ? 'planned' : plan;
    await t.db.query(
      `insert into distribution_batch (id, run_id, chain_id, distributor, entries, total_micro, words, entries_hash, from_block, generation, state, created_at)
       values ($1, $2, $3, $4, 1, 1, $5, $6, 0, $7, $8, $9)`,
      [
        ...[id, run, chainId, distributor, words],
        ...[plan === 'other' ? hashEntries('0x00') : hashEntries(words), plan === 'again' ? 1 : 0, state, now],
      ],
    );
  }

  /** Looks at the chain once, as sweep and worker would. */
  async function look(services: Services = t): Promise<void> {
    await t.advance(periodSeconds);
    await planChainIndex(t);
    if (services === t) await drain(t, indexTopic, { forSeconds: 60 });
    else await runJob(services, topics, await openJob()).catch(() => undefined);
  }

  async function openJob(): Promise<string> {
    const { rows } = await t.db.query<{ id: string }>(
      `select id from outbox where topic = 'rewards.index_chain' and state = 'pending' order by id desc limit 1`,
    );
    const [row] = rows;
    if (!row) throw new Error('no look at the chain is planned');
    return row.id;
  }

  async function holders(): Promise<Record<string, bigint>> {
    const { rows } = await t.db.query<{ address: string; balance_wei: bigint }>(
      'select address, balance_wei from token_holder',
    );
    return Object.fromEntries(rows.map((row) => [row.address, row.balance_wei]));
  }

  async function alerts(): Promise<string[]> {
    const { rows } = await t.db.query<{ kind: string; subject: string }>(
      'select kind, subject from alert where resolved_at is null order by kind, subject',
    );
    return rows.map(({ kind, subject }) => `${kind} ${subject}`);
  }

  const micro = 10n ** 12n;
  const token = () => DotmToken__factory.connect(chain.settings.token, chain.provider);

  /** Every holder has on chain what the index says, and together they have all that there is. */
  async function expectAgreement(): Promise<void> {
    const held = await holders();
    for (const [address, balance] of Object.entries(held)) expect(await chain.balanceOf(address)).toBe(balance);
    const sum = Object.values(held).reduce((total, balance) => total + balance, 0n);
    expect(sum).toBe(await token().totalSupply());
    const { rows } = await t.db.query<{ holders: number; minted_wei: bigint }>(
      'select holders, minted_wei from chain_cursor',
    );
    expect(rows[0]).toEqual({ holders: Object.keys(held).length, minted_wei: sum });
  }

  it('knows holders, balances and payouts, also after members have sent tokens on', async () => {
    const [ada, grace, alan] = [someone(), someone(), someone()];
    const member = new Wallet(anvilKeys.member, chain.provider);
    const first = await pay({ [ada]: 5n, [grace]: 7n, [member.address.toLowerCase()]: 100n });
    await look();
    await expectAgreement();
    const sent = await token()
      .connect(member)
      .transfer(alan, 100n * micro, { maxFeePerGas: 90n * 10n ** 9n, gasLimit: 100_000n });
    await chain.mine();
    await sent.wait();
    const second = await pay({ [ada]: 1n });
    await look();
    await expectAgreement();
    expect(await holders()).toMatchObject({ [ada]: 6n * micro, [alan]: 100n * micro });
    expect(await holders()).not.toHaveProperty(member.address.toLowerCase());
    const shown = (await call(t, 'getToken', {})).token;
    expect(shown?.reading?.payouts.map(({ batchId, planned, members }) => [batchId, planned, members])).toEqual([
      [String(second), true, 1],
      [String(first), true, 3],
    ]);
    expect(shown).toMatchObject({ chainId: 31_337, explorerUrl: null, statement: null });
    expect(shown?.reading?.cap).toEqual({ unit: 'DOTM', amount: '10333333.000000000000000000' });
    expect(await alerts()).toEqual([]);
  });

  it('tells operators of payments that we did not plan, or planned otherwise, or had given up', async () => {
    // What earlier tests paid is not known to this database either.
    await t.db.query('insert into chain_cursor (chain_id, token, next_block) values ($1, $2, $3)', [
      chain.settings.chainId,
      chain.settings.token,
      (await chain.provider.getBlockNumber()) + 1,
    ]);
    await pay({ [someone()]: 1n });
    const strange = await pay({ [someone()]: 2n }, 'unknown');
    const other = await pay({ [someone()]: 3n }, 'other');
    const released = await pay({ [someone()]: 4n }, 'released');
    const planned = await pay({ [someone()]: 5n }, 'planned');
    // What was on the wire before it was planned again is still ours.
    await pay({ [someone()]: 6n }, 'again');
    await look();
    const foreign = (await alerts()).filter((alert) => alert.startsWith('chain_foreign_payment'));
    expect(foreign).toEqual(
      [strange, other, released, planned].map((id) => `chain_foreign_payment batch ${id}`).sort(),
    );
    // It began in the middle: what was minted before is missing, and is seen to be.
    expect(await alerts()).toContain('chain_supply_differs chain 31337');
    await t.db.transaction((tx) => forgetIndex(tx, chain.settings));
    await look();
    expect((await alerts()).filter((alert) => alert.startsWith('chain_supply'))).toEqual([]);
    await expectAgreement();
  });

  it('tells operators of tokens that were minted past the distributor', async () => {
    await look();
    const admin = new Wallet(anvilKeys.admin, chain.provider);
    const fees = { maxFeePerGas: 90n * 10n ** 9n, gasLimit: 200_000n };
    const role = await token().MINTER_ROLE();
    await token().connect(admin).grantRole(role, admin.address, fees);
    await chain.mine();
    await token()
      .connect(admin)
      .mintBatch([(BigInt(someone()) << 96n) | 9n], fees);
    await chain.mine();
    await token().connect(admin).revokeRole(role, admin.address, fees);
    await chain.mine();
    await look();
    expect((await alerts()).filter((alert) => alert.startsWith('chain_foreign_payment mint '))).toHaveLength(1);
    await expectAgreement();
  });

  it('counts every block once, wherever a worker dies', async () => {
    await look();
    await pay({ [someone()]: 11n });
    const whole = mortalProcess(t);
    await look(whole.begin('look'));
    await expectAgreement();
    const steps = whole.steps;
    expect(steps.length).toBeGreaterThan(15);
    for (const [i, step] of steps.entries()) {
      await pay({ [someone()]: BigInt(i + 1) });
      const mortal = mortalProcess(t, step);
      await look(mortal.begin('look'));
      expect(mortal.isDead, step).toBe(true);
      await t.advance(600);
      await look();
      await expectAgreement();
    }
    expect((await call(t, 'getToken', {})).token?.reading?.payouts).toHaveLength(Math.min(50, Number(batches)));
  });

  it('counts every block once when two workers read at the same time', async () => {
    for (let i = 0; i < 5; i += 1) await pay({ [someone()]: 10n, [someone()]: 20n });
    await t.advance(periodSeconds);
    await planChainIndex(t);
    const first = await openJob();
    await t.advance(periodSeconds);
    await planChainIndex(t);
    const second = await openJob();
    // Both have read the cursor and the blocks before either writes.
    let waiting = 0;
    let open = (): void => undefined;
    const both = new Promise<void>((resolve) => (open = resolve));
    const together: Services = {
      ...t,
      chain: async () => ({
        ...chain.port,
        logsOf: async (filter) => {
          const logs = await chain.port.logsOf(filter);
          waiting += 1;
          if (waiting >= 2) open();
          await both;
          return logs;
        },
      }),
    };
    await Promise.all([runJob(together, topics, first), runJob(together, topics, second)]);
    const { rows } = await t.db.query<{ state: string }>(
      `select state from outbox where topic = 'rewards.index_chain'`,
    );
    expect(rows.map(({ state }) => state)).toEqual(['done', 'done']);
    await expectAgreement();
  });

  it('stands still and tells operators when the chain takes back what was settled', async () => {
    await pay({ [someone()]: 1n });
    await look();
    const before = await holders();
    await chain.reorganise(1);
    await chain.mine(1);
    await chain.rpc('evm_setNextBlockTimestamp', [Math.floor(Date.now() / 1000) + 100_000]);
    await chain.mine(2);
    await look();
    expect(await alerts()).toContain('chain_reorganised chain 31337');
    expect(await holders()).toEqual(before);
    await t.db.transaction((tx) => forgetIndex(tx, chain.settings));
    await look();
    await expectAgreement();
  });

  it('waits for blocks to be settled, and for a node that is behind', async () => {
    const settings = { ...chain.settings, confirmations: 3 };
    const careful: TestServices = { ...t, policy: { ...t.policy, chain: settings } };
    await look(careful);
    const newest = someone();
    await pay({ [newest]: 1n });
    await look(careful);
    expect(await holders()).not.toHaveProperty(newest);
    await chain.mine(2);
    await look(careful);
    expect(await holders()).toHaveProperty(newest);
    const at = await chain.provider.getBlockNumber();
    const behind: ChainPort = {
      ...chain.port,
      readBlock: (tag) => chain.port.readBlock(tag === 'latest' ? at - 4 : tag),
    };
    await look({ ...careful, chain: async () => behind });
    expect((await alerts()).filter((alert) => !alert.startsWith('chain_foreign'))).toEqual([]);
  });
});

describe('without a chain', () => {
  it('there is no token to show, and nothing is planned', async () => {
    const t = await testServices();
    try {
      expect(await call(t, 'getToken', {})).toEqual({ token: null });
      await planChainIndex(t);
      const { rowCount } = await t.db.query(`select 1 from outbox where topic like 'rewards.%'`);
      expect(rowCount).toBe(0);
    } finally {
      await t.stop();
    }
  });
});
