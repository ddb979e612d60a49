import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { advance } from '../../../src/features/rewards/distribution/advance.ts';
import { weiPerMicro } from '../../../src/domain/rewards/payout-batches.ts';
import { pseudonymiseMember } from '../../../src/store/erasure.ts';
import { batchesOfRun } from '../../../src/store/distribution-batches.ts';
import { findRun } from '../../../src/store/distributions.ts';
import { explainReward } from '../../../src/store/reward-explanations.ts';
import { listMovements } from '../../../src/store/reward-history.ts';
import { balanceOf, verifyLedger } from '../../../src/store/ledger.ts';
import { currentWallet, eraseWallets, insertWallet, markUnlinked } from '../../../src/store/wallets.ts';
import { chainMissing } from '../../support/chain.ts';
import { addressOf, seedPayees, type SeededPayee } from '../../support/payees.ts';
import { planRun } from '../../support/plan-run.ts';
import { payoutWorld, type PayoutWorld } from '../../proof/distribution/payout-world.ts';

const hour = 3_600_000;

describe.skipIf(chainMissing !== null)('a wallet that changes between the plan and the signature', () => {
  let world: PayoutWorld;
  let chainId: number;
  let people: SeededPayee[];
  let runId: string;
  /** Three members, two in a batch: ann and bob in the first, cat in the second. */
  beforeEach(async () => {
    world = await payoutWorld({ gasPerEntry: 8_000_000, confirmations: 2 });
    ({ chainId } = world.chain.settings);
    people = await seedPayees(world.services.db, 3, { chainId, now: world.services.clock.now() });
    runId = (await planRun(world.services, 'day')).id;
  });
  afterEach(() => world.stop());

  const nth = (index: number): SeededPayee => {
    const found = people[index];
    if (!found) throw new Error(`there is no member ${index}`);
    return found;
  };
  const due = ({ wei }: SeededPayee) => (wei / weiPerMicro) * weiPerMicro;
  const vested = ({ memberId }: SeededPayee) => balanceOf(world.services.db, `member/${memberId}/rewards_vested/DOTM`);
  const received = () => Promise.all(people.map(({ address }) => world.chain.balanceOf(address)));

  async function unlink({ memberId }: SeededPayee): Promise<void> {
    const { db, clock } = world.services;
    const wallet = await currentWallet(db, memberId, chainId);
    if (!wallet) throw new Error(`${memberId} has no wallet`);
    await db.transaction((tx) => markUnlinked(tx, wallet.id, 'member', clock.now()));
  }
  async function link({ memberId }: SeededPayee, name: string, usableFrom: Date): Promise<string> {
    const { db, clock } = world.services;
    const address = addressOf(name) as `0x${string}`;
    const proof = { message: 'message', signature: '0x00', kind: 'account', replaces: null } as const;
    await db.transaction((tx) =>
      insertWallet(tx, { ...proof, memberId, chainId, address, linkedAt: clock.now(), usableFrom }),
    );
    return address;
  }
  async function runToItsEnd(id = runId) {
    for (let rounds = 0; rounds < 8; rounds += 1) {
      const run = await advance(world.services, id);
      if (run.finishedAt !== null) return run;
      await world.chain.mine(2);
    }
    throw new Error('the run did not end');
  }

  it('takes its member out of the batch: the others are paid, and the tokens wait for the new wallet', async () => {
    const { db, clock } = world.services;
    const planned = await findRun(db, runId);
    await unlink(nth(0));
    const later = await link(nth(0), 'new wallet of ann', new Date(clock.now().getTime() + 48 * hour));

    expect(await runToItsEnd()).toMatchObject({
      state: 'done',
      recipients: 2,
      batches: 2,
      totalMicro: (planned?.totalMicro ?? 0n) - nth(0).wei / weiPerMicro,
      notes: { changedWallets: 1 },
    });
    expect(await received()).toEqual([0n, due(nth(1)), due(nth(2))]);
    expect(await vested(nth(0))).toBe(nth(0).wei);
    expect((await batchesOfRun(db, runId)).map(({ state, entries }) => ({ state, entries }))).toEqual([
      { state: 'confirmed', entries: 1 },
      { state: 'confirmed', entries: 1 },
    ]);

    world.pass(49 * 3600);
    await runToItsEnd((await planRun(world.services, 'two days on')).id);
    expect(await world.chain.balanceOf(later)).toBe(due(nth(0)));
    expect(await received()).toEqual([0n, due(nth(1)), due(nth(2))]);
    expect(await verifyLedger(db)).toEqual([]);
  });

  it('is shown to its member as given back, though the batch was paid to others', async () => {
    const { db } = world.services;
    await unlink(nth(0));
    await runToItsEnd();
    const { rows } = await db.query<{ id: string }>('select id from reward where member_id = $1', [nth(0).memberId]);
    for (const { id } of rows) {
      const { uses } = await explainReward(db, id, nth(0).memberId, '');
      expect(uses).toMatchObject([{ kind: 'payout', payout: { state: 'released', txHash: null, blockNumber: null } }]);
    }
    const page = { limit: 10, before: null, explorerUrl: '' };
    const movements = await listMovements(db, nth(0).memberId, page);
    expect(
      movements.map(({ movement }) => [movement.kind, movement.payout?.state ?? null, movement.payout?.txHash ?? null]),
    ).toEqual([
      ['payout_released', 'released', null],
      ['payout_reserved', 'released', null],
      ['vested', null, null],
    ]);
    const paid = (await listMovements(db, nth(1).memberId, page)).map(({ movement }) => movement.payout?.state);
    expect(paid).toEqual(['confirmed', 'confirmed', undefined]);
  });

  it('empties a batch of one, which is given back; a run that has nobody left has ended', async () => {
    const { db } = world.services;
    for (const person of people) await unlink(person);
    expect(await runToItsEnd()).toMatchObject({ state: 'done', recipients: 0, batches: 0, totalMicro: 0n });
    expect(await received()).toEqual([0n, 0n, 0n]);
    expect(await Promise.all(people.map(vested))).toEqual(people.map(({ wei }) => wei));
    expect((await batchesOfRun(db, runId)).map(({ state }) => state)).toEqual(['released', 'released']);
    expect(await verifyLedger(db)).toEqual([]);
  });

  it('comes too late when the batch was signed: what may be on the wire stays as it is', async () => {
    await advance(world.services, runId);
    for (const person of people) await unlink(person);
    expect(await runToItsEnd()).toMatchObject({ state: 'done', recipients: 3 });
    expect(await received()).toEqual(people.map(due));
  });

  it('changes nothing when the account was erased: what was on its way arrives', async () => {
    const { db, clock } = world.services;
    await db.transaction(async (tx) => {
      await eraseWallets(tx, nth(0).memberId, clock.now());
      await pseudonymiseMember(tx, nth(0).memberId, null, clock.now());
    });
    await runToItsEnd();
    expect(await received()).toEqual(people.map(due));
  });

  it('frees the tokens for a note first, when a refund came meanwhile', async () => {
    const { db, clock } = world.services;
    const { memberId } = nth(0);
    const [note, total] = [10n ** 15n, -(10n ** 15n)];
    await db.query('select ledger.post($1, $2, $3, $4, $5, $6)', [
      ...['note', 'rewardReversed', clock.now()],
      [`member/${memberId}/reward_set_off/DOTM`, 'platform/reward_set_off/DOTM'],
      ['DOTM/18', 'DOTM/18'],
      [String(note), String(total)],
    ]);
    await unlink(nth(0));
    await runToItsEnd();
    expect(await vested(nth(0))).toBe(nth(0).wei - note);
    expect(await balanceOf(db, `member/${memberId}/reward_set_off/DOTM`)).toBe(0n);
    expect(await verifyLedger(db)).toEqual([]);
  });
});
