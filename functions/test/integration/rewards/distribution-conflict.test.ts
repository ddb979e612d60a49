import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readOn } from '../../../src/features/rewards/chain-index/index-chain.ts';
import { advance } from '../../../src/features/rewards/distribution/advance.ts';
import type { Services } from '../../../src/platform/container.ts';
import { batchesOfRun } from '../../../src/store/distribution-batches.ts';
import { balanceOf, verifyLedger } from '../../../src/store/ledger.ts';
import { transactionsUnderWay } from '../../../src/store/chain-transactions.ts';
import type { ChainPort } from '../../../src/vendors/chain/port.ts';
import { anvilKeys, chainMissing, startTestChain, type TestChain } from '../../support/chain.ts';
import { mortalProcess } from '../../support/mortal.ts';
import { operator } from '../../support/operators.ts';
import { seedPayees, type SeededPayee } from '../../support/payees.ts';
import { planRun } from '../../support/plan-run.ts';
import { testServices, type TestServices } from '../../support/services.ts';
import { call } from '../../support/shopping.ts';

const dotm = 10n ** 18n;
const reason = 'the key was stolen, and is replaced';
const stranger = `0x${'77'.repeat(20)}`;
/** One entry as the contract takes it: 1 DOTM for `address`. */
const entryFor = (address: string) => (BigInt(address) << 96n) | 1_000_000n;

describe.skipIf(chainMissing !== null)('a batch in conflict', () => {
  let chain: TestChain;
  let t: TestServices;
  let payees: SeededPayee[];
  let runId: string;
  let batchId: string;

  beforeEach(async () => {
    chain = await startTestChain();
    t = Object.assign(await testServices({ seeded: true, policy: { chain: chain.settings } }), chain.services);
    const { chainId } = chain.settings;
    payees = await seedPayees(t.db, 3, { chainId, now: t.clock.now(), weiOf: () => [2n * dotm] });
    runId = (await planRun(t, 'today')).id;
    batchId = String((await batchesOfRun(t.db, runId))[0]?.id);
  });
  afterEach(async () => {
    await t.stop();
    await chain.stop();
  });

  /** Somebody with our key has used the number of the batch to pay `addresses`, and the run has seen it. */
  async function stolen(...addresses: string[]): Promise<void> {
    await chain.distributeAs(anvilKeys.operator, BigInt(batchId), addresses.map(entryFor));
    await chain.mine();
    expect((await advance(t, runId)).state).toBe('failed');
  }
  const release = (services: Services = t) =>
    call(services, 'releaseConflict', { batchId, reason }, { token: operator(t, 'finance') });
  const stateOf = async () => (await batchesOfRun(t.db, runId)).map(({ state }) => state);
  const sums = async (pocket: 'vested' | 'reserved') => {
    const each = payees.map(({ memberId }) => balanceOf(t.db, `member/${memberId}/rewards_${pocket}/DOTM`));
    return Promise.all(each);
  };
  /** What waits for a person, by the part of the house that has raised it. */
  const openAlerts = async (about: 'distribution' | 'chain' = 'distribution') => {
    const sql = 'select kind from alert where resolved_at is null and starts_with(kind, $1)';
    return (await t.db.query<{ kind: string }>(sql, [about])).rows;
  };
  const indexed = () => readOn(t, chain.settings, 1, async () => undefined);
  /** Nothing was given back, and operators still see the conflict. */
  async function expectKept(): Promise<void> {
    expect(await stateOf()).toEqual(['conflict']);
    expect(await sums('reserved')).toEqual([2n * dotm, 2n * dotm, 2n * dotm]);
    expect(await openAlerts()).toEqual([{ kind: 'distribution_conflict' }]);
  }
  async function payAgain(services: Services): Promise<void> {
    const next = (await planRun(services, 'tomorrow')).id;
    for (let rounds = 0; rounds < 10; rounds += 1) {
      if ((await advance(services, next)).state === 'done') break;
      await chain.mine();
    }
    for (const { address } of payees) expect(await chain.balanceOf(address)).toBe(2n * dotm);
    expect(await verifyLedger(t.db)).toEqual([]);
  }

  it('whose number has paid strangers is given back with a reason, once, and the next run pays its members', async () => {
    await stolen(stranger);
    const { run, batches } = await call(t, 'getDistribution', { runId }, { token: operator(t, 'finance') });
    expect({ state: run.state, mayRelease: batches[0]?.mayRelease }).toEqual({ state: 'failed', mayRelease: true });
    const seen = await call(t, 'getDistribution', { runId }, { token: operator(t, 'operations') });
    expect(seen.batches[0]?.mayRelease).toBe(false);

    const released = await release();
    expect(released).toMatchObject({
      ...{ id: runId, state: 'done', note: null, recipients: 0, total: { amount: '0.000000000000000000' } },
      batches: { conflict: 0, released: 1 },
    });
    const after = await call(t, 'getDistribution', { runId }, { token: operator(t, 'finance') });
    expect(after.batches[0]).toMatchObject({ state: 'released', releasedBecause: reason, mayRelease: false });
    expect(await sums('reserved')).toEqual([0n, 0n, 0n]);
    expect(await sums('vested')).toEqual([2n * dotm, 2n * dotm, 2n * dotm]);
    expect(await openAlerts()).toEqual([]);
    expect(await release()).toEqual(released);
    const { rows } = await t.db.query(`select actor, detail from audit_log where action = 'distribution.released'`);
    expect(rows).toEqual([{ actor: 'op-finance', detail: { reason, batchId, totalMicro: '6000000', members: 3 } }]);
    await payAgain(t);
  });

  it('is given back once by two people at the same moment', async () => {
    await stolen(stranger);
    const answers = await Promise.all(Array.from({ length: 4 }, () => release()));
    expect(new Set(answers.map(({ state }) => state))).toEqual(new Set(['done']));
    expect(await sums('vested')).toEqual([2n * dotm, 2n * dotm, 2n * dotm]);
    const { rowCount } = await t.db.query(`select 1 from audit_log where action = 'distribution.released'`);
    expect(rowCount).toBe(1);
  });

  it('whose number has paid one of its members is kept: giving it back would pay them twice', async () => {
    await stolen(stranger, payees[1]?.address ?? '');
    await expect(release()).rejects.toMatchObject({ code: 'distribution.members_paid' });
    await expectKept();
  });

  it('is kept as well where the member was paid to a wallet of theirs from before', async () => {
    await t.db.query(
      `insert into wallet (id, member_id, chain_id, address, kind, message, signature, linked_at, usable_from, unlinked_at, unlinked_because)
       select 'wal_' || substr(md5(id), 1, 26), member_id, chain_id, $2, kind, message, signature, linked_at, usable_from, linked_at, 'replaced'
       from wallet where member_id = $1`,
      [payees[2]?.memberId, stranger],
    );
    await stolen(stranger);
    await expect(release()).rejects.toMatchObject({ code: 'distribution.members_paid' });
    await expectKept();
  });

  it('that belongs to another distributor than is set is kept: nobody can ask that one', async () => {
    await stolen(stranger);
    const moved = { ...chain.settings, distributor: `0x${'d'.repeat(40)}` as const };
    const elsewhere = { ...t, policy: { ...t.policy, chain: moved } };
    await expect(release(elsewhere)).rejects.toMatchObject({ code: 'distribution.other_contract' });
    await expectKept();
  });

  it('is kept while the node is behind what was seen, or says not whom it has paid', async () => {
    await stolen(stranger);
    const through = (change: Partial<ChainPort>) => ({
      ...t,
      chain: async () => ({ ...chain.port, ...change }),
    });
    const behind = through({ isPaid: async () => false, logsOf: async () => [], readBlock: async () => null });
    await expect(release(behind)).rejects.toMatchObject({ code: 'distribution.may_be_paid' });
    await indexed();
    await expect(release(behind)).rejects.toMatchObject({ code: 'distribution.may_be_paid' });
    const readOther: ChainPort['readBlock'] = async (tag) => {
      const block = await chain.port.readBlock(tag);
      return block && { ...block, hash: `0x${'0'.repeat(64)}` };
    };
    await expect(release(through({ readBlock: readOther }))).rejects.toMatchObject({ code: 'vendor.unavailable' });
    await expect(release(through({ logsOf: async () => [] }))).rejects.toMatchObject({ code: 'vendor.unavailable' });
    await expectKept();
    expect(await release()).toMatchObject({ state: 'done' });
  });

  it('is kept when its payment was seen and a node that is asked later has no such payment, nor nonces to tell by', async () => {
    await stolen(stranger);
    await indexed();
    await t.db.query('delete from token_payout');
    await expect(release()).rejects.toMatchObject({ code: 'distribution.may_be_paid' });
    await expectKept();
  });

  it('is kept when another payment that our books have forgotten has gone to one of its members', async () => {
    await chain.distributeAs(anvilKeys.operator, 900n, [entryFor(payees[0]?.address ?? '')]);
    await chain.mine();
    await stolen(stranger);
    await expect(release()).rejects.toMatchObject({ code: 'distribution.members_paid' });
    await expectKept();
  });

  /** The node takes each of its transactions and the contract refuses it, until it has no nonce left to lose. */
  async function loseAllNonces(): Promise<void> {
    for (let round = 0; round < 5; round += 1) {
      await advance(t, runId);
      const held = await transactionsUnderWay(t.db, chain.settings.chainId);
      await chain.rpc('anvil_dropAllTransactions');
      await chain.pause();
      for (const { signed } of held) await chain.port.sendRaw(signed?.raw ?? '');
      await chain.mine();
      await advance(t, runId);
      await chain.unpause();
    }
    expect(await stateOf()).toEqual(['conflict']);
  }

  it('is kept when such a payment is in a block that is not settled, or that the index has not come to', async () => {
    await stolen(stranger);
    await indexed();
    const member = entryFor(payees[0]?.address ?? '');
    const patient = { ...t, policy: { ...t.policy, chain: { ...chain.settings, confirmations: 4 } } };
    await chain.distributeAs(anvilKeys.operator, 900n, [member]);
    await chain.mine();
    await expect(release(patient)).rejects.toMatchObject({ code: 'distribution.may_be_paid' });
    await chain.reorganise(1);
    await chain.mine(2_100);
    await chain.distributeAs(anvilKeys.operator, 901n, [member]);
    await chain.mine();
    await expect(release()).rejects.toMatchObject({ code: 'distribution.may_be_paid' });
    await expect(release()).rejects.toMatchObject({ code: 'distribution.members_paid' });
    await expectKept();
  });

  it('is kept while the index of the chain has an alert of its own', async () => {
    await stolen(stranger);
    await indexed();
    await t.db.query('update token_holder set balance_wei = balance_wei + 1');
    await chain.mine();
    await expect(release()).rejects.toMatchObject({ code: 'distribution.chain_unclear' });
    await expectKept();
    await t.db.query('update token_holder set balance_wei = balance_wei - 1');
    await chain.mine();
    expect(await release()).toMatchObject({ state: 'done' });
  });

  it('that lost all its nonces without being paid is given back when they are spent for good, and not before', async () => {
    await loseAllNonces();
    const patient = { ...chain.settings, confirmations: 50 };
    const waiting = { ...t, policy: { ...t.policy, chain: patient } };
    await expect(release(waiting)).rejects.toMatchObject({ code: 'distribution.may_be_paid' });
    await expectKept();
    // As when one of its transactions waits somewhere.
    await t.db.query('update distribution_transaction set nonce = nonce + 1000 where generation = 2');
    await expect(release()).rejects.toMatchObject({ code: 'distribution.may_be_paid' });
    await expectKept();
    await t.db.query('update distribution_transaction set nonce = nonce - 1000 where generation = 2');
    expect(await release()).toMatchObject({ state: 'done', batches: { released: 1 } });
    await payAgain(t);
  });

  it('that is paid as it was planned after all is settled, and nothing is given back', async () => {
    await loseAllNonces();
    const words = (await batchesOfRun(t.db, runId))[0]?.words ?? '';
    const entries = (words.slice(2).match(/.{64}/g) ?? []).map((word) => BigInt(`0x${word}`));
    await chain.distributeAs(anvilKeys.operator, BigInt(batchId), entries);
    await chain.mine();
    await indexed();
    const silent = { ...t, chain: async () => ({ ...chain.port, logsOf: async () => [] }) };
    await expect(release(silent)).rejects.toMatchObject({ code: 'vendor.unavailable' });
    expect(await release()).toMatchObject({ state: 'done', batches: { confirmed: 1, released: 0 } });
    const { rowCount } = await t.db.query(`select 1 from audit_log where action = 'distribution.settled'`);
    expect(rowCount).toBe(1);
    expect(await sums('reserved')).toEqual([0n, 0n, 0n]);
    expect(await sums('vested')).toEqual([0n, 0n, 0n]);
    expect(await openAlerts()).toEqual([]);
    await payAgain(t);
  });

  it('that was given back is somebody else’s payment when the chain pays it all the same, and operators are told', async () => {
    await loseAllNonces();
    const words = (await batchesOfRun(t.db, runId))[0]?.words ?? '';
    const entries = (words.slice(2).match(/.{64}/g) ?? []).map((word) => BigInt(`0x${word}`));
    await release();
    await chain.distributeAs(anvilKeys.operator, BigInt(batchId), entries);
    await chain.mine();
    await indexed();
    expect(await openAlerts('chain')).toEqual([{ kind: 'chain_foreign_payment' }]);
  });

  it('is found by its number however it is written', async () => {
    await stolen(stranger);
    await call(t, 'releaseConflict', { batchId: `000${batchId}`, reason }, { token: operator(t, 'finance') });
    expect(await openAlerts()).toEqual([]);
  });

  it('is all that can be given back, by who may, with a reason', async () => {
    await expect(release()).rejects.toMatchObject({ code: 'distribution.wrong_state' });
    const as = (role: 'support' | 'operations' | 'finance', change: object = {}) =>
      call(t, 'releaseConflict', { batchId, reason, ...change }, { token: operator(t, role) });
    await expect(as('finance', { batchId: '999' })).rejects.toMatchObject({ code: 'not_found' });
    await expect(as('finance', { batchId: '-1' })).rejects.toMatchObject({ code: 'request.invalid' });
    await expect(as('finance', { reason: ' ' })).rejects.toMatchObject({ code: 'request.invalid' });
    for (const role of ['support', 'operations'] as const) {
      await expect(as(role)).rejects.toMatchObject({ code: 'not_found' });
    }
    expect(await stateOf()).toEqual(['planned']);
  });

  it('is given back whole or not at all, at whatever step it dies', async () => {
    await stolen(stranger);
    const before = await sums('reserved');
    const told: string[] = [];
    for (let last = 0; !told.includes('all'); last += 1) {
      let passed = 0;
      const mortal = mortalProcess(t, () => passed++ === last);
      const outcome = await release(mortal.begin('release')).then(
        () => 'all',
        () => 'died',
      );
      const isReleased = (await stateOf())[0] === 'released';
      expect(await sums('reserved'), String(mortal.steps.at(-1))).toEqual(isReleased ? [0n, 0n, 0n] : before);
      told.push(outcome === 'all' || isReleased ? outcome : 'nothing');
    }
    expect(told.filter((each) => each === 'nothing').length).toBeGreaterThan(15);
    expect(told.filter((each) => each === 'died').length).toBeGreaterThan(0);
    expect(await sums('vested')).toEqual([2n * dotm, 2n * dotm, 2n * dotm]);
    expect(await openAlerts()).toEqual([]);
    expect(await verifyLedger(t.db)).toEqual([]);
  });
});
