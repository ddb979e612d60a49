import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chainMissing, startTestChain, type TestChain } from '../../support/chain.ts';
import { historyOf, link, newKey, shopOn, signedMessage } from '../../support/linking.ts';
import { call, mailsOf, need, settle, shopper, type Shop, type Shopper } from '../../support/shopping.ts';

const hour = 3600;
const walletMails = async (t: Shop, who: Shopper) =>
  (await mailsOf(t, who)).filter((kind) => kind.startsWith('wallet'));

describe.skipIf(chainMissing)('changing a wallet', () => {
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

  const walletOf = async (who: Shopper) => (await who.call('getRewards', {})).wallet;
  /** Time may have passed since the person signed in. */
  const again = (who: Shopper): Shopper => {
    const token = t.people.tokenOf(who.uid);
    return {
      ...who,
      token,
      call: (name, input, key) => call(t, name, input, { token, ...(key === undefined ? {} : { key }) }),
    };
  };

  test('another wallet waits for 48 hours, is told by mail with the way to stop it, and keeps the first as history', async () => {
    const ann = shopper(t, 'ann');
    const [first, second] = [newKey(), newKey()];
    await link(ann, first);
    const wallet = need(await link(ann, second));
    expect(wallet).toMatchObject({ address: second.address, previous: first.address });
    expect(Date.parse(wallet.usableFrom) - Date.parse(wallet.linkedAt)).toBe(48 * hour * 1000);
    await settle(t, 30);
    expect(await walletMails(t, ann)).toEqual(['wallet_changed', 'wallet_linked']);
    const summary = need((await t.control.mail({ to: ann.email })).find(({ subject }) => /was changed/.test(subject)));
    const { text } = await t.control.readMail(summary.id);
    expect(text).toContain('https://app.test/rewards#wallet');
    for (const { address } of [first, second]) expect(text).toContain(`${address.slice(0, 6)}…${address.slice(-4)}`);
    expect((await historyOf(t, await ann.memberId())).map(({ address, because }) => [address, because])).toEqual([
      [first.address.toLowerCase(), 'replaced'],
      [second.address.toLowerCase(), null],
    ]);
    await t.advance(48 * hour);
    expect(await walletOf(ann)).toMatchObject({ address: second.address, previous: null });
  });

  test('a change that is stopped brings the wallet before it back, usable at once', async () => {
    const bob = shopper(t, 'bob');
    const [first, second] = [newKey(), newKey()];
    await link(bob, first);
    await link(bob, second);
    const { wallet } = await bob.call('cancelWalletChange', {});
    expect(wallet).toMatchObject({ address: first.address, previous: null });
    expect(need(wallet).usableFrom).toBe(need(wallet).linkedAt);
    await settle(t, 30);
    expect(await walletMails(t, bob)).toEqual(['wallet_change_stopped', 'wallet_changed', 'wallet_linked']);
    expect((await historyOf(t, await bob.memberId())).map(({ because }) => because)).toEqual([
      'replaced',
      'cancelled',
      null,
    ]);
    await expect(bob.call('cancelWalletChange', {})).rejects.toMatchObject({ code: 'wallet.no_change' });
  });

  test('a change can be stopped by a session of yesterday, but not after the cooling-off time', async () => {
    const cat = shopper(t, 'cat');
    const first = newKey();
    await link(cat, first);
    await link(cat, newKey());
    await t.advance(47 * hour);
    expect((await cat.call('cancelWalletChange', {})).wallet).toMatchObject({ address: first.address });
    await link(again(cat), newKey());
    await t.advance(48 * hour);
    await expect(cat.call('cancelWalletChange', {})).rejects.toMatchObject({ code: 'wallet.no_change' });
  });

  test('a change of a change leads back to the wallet that rewards went to, not to one that never counted', async () => {
    const dan = shopper(t, 'dan');
    const [first, second, third] = [newKey(), newKey(), newKey()];
    await link(dan, first);
    await link(dan, second);
    expect(await link(dan, third)).toMatchObject({ address: third.address, previous: first.address });
    expect((await dan.call('cancelWalletChange', {})).wallet).toMatchObject({ address: first.address });
  });

  test('the first wallet cannot be stopped: it is unlinked', async () => {
    const eli = shopper(t, 'eli');
    await link(eli, newKey());
    await expect(eli.call('cancelWalletChange', {})).rejects.toMatchObject({ code: 'wallet.no_change' });
  });

  test('unlinking is told by mail, is done once however often it is asked, and what is linked next has to wait', async () => {
    const fay = shopper(t, 'fay');
    const key = newKey();
    await link(fay, key);
    expect(await fay.call('unlinkWallet', {})).toEqual({ wallet: null });
    expect(await fay.call('unlinkWallet', {})).toEqual({ wallet: null });
    expect(await walletOf(fay)).toBeNull();
    const wallet = need(await link(fay, key));
    expect(Date.parse(wallet.usableFrom) - Date.parse(wallet.linkedAt)).toBe(48 * hour * 1000);
    expect(wallet.previous).toBeNull();
    await settle(t, 30);
    expect(await walletMails(t, fay)).toEqual(['wallet_changed', 'wallet_linked', 'wallet_unlinked']);
    // Stopped, there is nothing to go back to: who stole the account could have unlinked first.
    expect((await fay.call('cancelWalletChange', {})).wallet).toBeNull();
    expect(await walletOf(fay)).toBeNull();
  });

  test('where somebody else has proved the earlier address meanwhile, a stopped change leaves none', async () => {
    const [gus, hew] = [shopper(t, 'gus'), shopper(t, 'hew')];
    const first = newKey();
    await link(gus, first);
    await link(gus, newKey());
    await link(hew, first);
    expect((await walletOf(gus))?.previous).toBeNull();
    expect((await gus.call('cancelWalletChange', {})).wallet).toBeNull();
    expect(await walletOf(hew)).toMatchObject({ address: first.address });
    await settle(t, 30);
    const summary = need((await t.control.mail({ to: gus.email })).find(({ subject }) => /is stopped/.test(subject)));
    expect((await t.control.readMail(summary.id)).text).toContain('No wallet is linked now');
  });

  test('the current wallet is not linked again, and proving it twice does not move its dates', async () => {
    const ian = shopper(t, 'ian');
    const key = newKey();
    const [one, two] = [await signedMessage(ian, key), await signedMessage(ian, key)];
    const { wallet } = await ian.call('confirmWalletLink', { nonce: one.nonce, signature: one.signature });
    expect(await ian.call('confirmWalletLink', { nonce: two.nonce, signature: two.signature })).toEqual({ wallet });
    await expect(ian.call('startWalletLink', { address: key.address })).rejects.toMatchObject({
      code: 'wallet.already_linked',
    });
    expect(await historyOf(t, await ian.memberId())).toHaveLength(1);
  });

  test('every step stands in the audit log, without an address', async () => {
    const joe = shopper(t, 'joe');
    const keys = [newKey(), newKey()] as const;
    await link(joe, keys[0]);
    await link(joe, keys[1]);
    await joe.call('cancelWalletChange', {});
    await joe.call('unlinkWallet', {});
    const memberId = await joe.memberId();
    const { rows } = await t.db.query<{ action: string; detail: object }>(
      'select action, detail from audit_log where subject = $1 order by at, id',
      [memberId],
    );
    expect(rows.map(({ action }) => action)).toEqual([
      'wallet.linked',
      'wallet.changed',
      'wallet.change_stopped',
      'wallet.unlinked',
    ]);
    const text = JSON.stringify(rows).toLowerCase();
    for (const { address } of keys) expect(text).not.toContain(address.toLowerCase().slice(2));
  });
});
