import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CodedError } from '../../../src/shared/errors.ts';
import { pseudonymiseMember } from '../../../src/store/erasure.ts';
import { chainMissing, startTestChain, type TestChain } from '../../support/chain.ts';
import { historyOf, link, newKey, shopOn, signedMessage } from '../../support/linking.ts';
import { mortalProcess, ProcessDied } from '../../support/mortal.ts';
import { call, mailsOf, settle, shopper, type Shop, type Shopper } from '../../support/shopping.ts';

const rounds = 8;

describe.skipIf(chainMissing)('wallets that are linked at the same time', () => {
  let chain: TestChain;
  let t: Shop;
  beforeAll(async () => {
    chain = await startTestChain({ automine: true });
    t = await shopOn(chain);
  });
  afterAll(async () => {
    await t?.stop();
    await chain?.stop();
  });

  const confirm = (who: Shopper, { nonce, signature }: { nonce: string; signature: string }) =>
    who.call('confirmWalletLink', { nonce, signature }).then(
      () => 'linked',
      (error: unknown) => (error as CodedError).code,
    );
  const current = async (who: Shopper) =>
    (await historyOf(t, await who.memberId())).filter(({ because }) => because === null);

  test('of two members who prove one address at once, one gets it', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const people = [shopper(t, 'ann'), shopper(t, 'bob')] as const;
      const key = newKey();
      const proofs = await Promise.all(people.map((who) => signedMessage(who, key)));
      const outcomes = await Promise.all(people.map((who, at) => confirm(who, proofs[at]!)));
      expect([...outcomes].sort()).toEqual(['linked', 'wallet.taken']);
      for (const [at, who] of people.entries())
        expect(await current(who)).toHaveLength(outcomes[at] === 'linked' ? 1 : 0);
    }
  });

  test('two wallets that one member links at once leave one current, and the later one is a change that waits', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const cat = shopper(t, 'cat');
      const proofs = await Promise.all([signedMessage(cat, newKey()), signedMessage(cat, newKey())]);
      expect(await Promise.all(proofs.map((proof) => confirm(cat, proof)))).toEqual(['linked', 'linked']);
      const history = await historyOf(t, await cat.memberId());
      expect(history.map(({ because }) => because).sort()).toEqual([null, 'replaced'].sort());
      const [kept] = history.filter(({ because }) => because === null);
      expect(kept!.usable_from.getTime()).toBeGreaterThan(t.clock.now().getTime());
    }
  });

  test('one message that is confirmed several times at once links once and sends one mail', async () => {
    const dan = shopper(t, 'dan');
    const proof = await signedMessage(dan, newKey());
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => confirm(dan, proof)));
    expect(outcomes.sort()).toEqual(Array.from({ length: 6 }, () => 'linked'));
    expect(await historyOf(t, await dan.memberId())).toHaveLength(1);
    await settle(t, 30);
    expect((await mailsOf(t, dan)).filter((kind) => kind.startsWith('wallet'))).toEqual(['wallet_linked']);
  });

  test('two members who exchange their wallets at once end with one each, or keep what they have', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const [eva, fin] = [shopper(t, 'eva'), shopper(t, 'fin')];
      const [one, two] = [newKey(), newKey()];
      await link(eva, one);
      await link(fin, two);
      const proofs = [await signedMessage(eva, two), await signedMessage(fin, one)] as const;
      const outcomes = await Promise.all([confirm(eva, proofs[0]), confirm(fin, proofs[1])]);
      for (const outcome of outcomes) expect(['linked', 'wallet.taken']).toContain(outcome);
      const held = [...(await current(eva)), ...(await current(fin))].map(({ address }) => address);
      expect(held).toHaveLength(2);
      expect(new Set(held).size).toBe(2);
    }
  });

  test('a change that is stopped while somebody else proves the earlier address leaves it with one of them', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const [gus, hew] = [shopper(t, 'gus'), shopper(t, 'hew')];
      const first = newKey();
      await link(gus, first);
      await link(gus, newKey());
      const proof = await signedMessage(hew, first);
      const [, outcome] = await Promise.all([gus.call('cancelWalletChange', {}), confirm(hew, proof)]);
      const holders = [...(await current(gus)), ...(await current(hew))].filter(
        ({ address }) => address === first.address.toLowerCase(),
      );
      expect(holders).toHaveLength(1);
      expect(await current(hew)).toHaveLength(outcome === 'linked' ? 1 : 0);
    }
  });

  test('of a change that is stopped twice at once, one stop counts', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const ian = shopper(t, 'ian');
      await link(ian, newKey());
      await link(ian, newKey());
      const stops = await Promise.allSettled(Array.from({ length: 4 }, () => ian.call('cancelWalletChange', {})));
      expect(stops.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(await current(ian)).toHaveLength(1);
    }
  });

  test('a wallet that is linked while the account is erased leaves no address behind', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const joy = shopper(t, 'joy');
      const memberId = await joy.memberId();
      const proof = await signedMessage(joy, newKey());
      const erase = t.db.transaction((tx) => pseudonymiseMember(tx, memberId, joy.uid, t.clock.now()));
      const [outcome] = await Promise.all([confirm(joy, proof), erase]);
      expect(['linked', 'account.erased', 'not_found']).toContain(outcome);
      expect((await historyOf(t, memberId)).filter(({ address }) => address !== null)).toEqual([]);
    }
  });

  test('a process that dies at any step of a confirmation has linked the wallet whole or not at all', async () => {
    const whole = mortalProcess(t);
    const watched = shopper(t, 'watched');
    const proof = await signedMessage(watched, newKey());
    await call(
      whole.begin('confirm'),
      'confirmWalletLink',
      { nonce: proof.nonce, signature: proof.signature },
      { token: watched.token },
    );
    expect(whole.steps.length).toBeGreaterThan(10);
    for (const step of whole.steps) {
      const kit = shopper(t, 'kit');
      const { nonce, signature } = await signedMessage(kit, newKey());
      const process = mortalProcess(t, step);
      const dying = call(process.begin('confirm'), 'confirmWalletLink', { nonce, signature }, { token: kit.token });
      await expect(dying, step).rejects.toThrow(ProcessDied);
      const linked = await current(kit);
      const { rows } = await t.db.query<{ used: boolean; mails: bigint }>(
        `select used_at is not null as used, (select count(*) from mail where mail.member_id = c.member_id and kind = 'wallet_linked') as mails
         from wallet_challenge c where nonce = $1`,
        [nonce],
      );
      expect({ step, ...rows[0] }).toEqual({ step, used: linked.length === 1, mails: BigInt(linked.length) });
      expect(await confirm(kit, { nonce, signature }), step).toBe('linked');
      expect(await current(kit), step).toHaveLength(1);
    }
  });
});
