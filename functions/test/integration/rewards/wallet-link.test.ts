import { ParsedMessage } from '@spruceid/siwe-parser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tidyUp } from '../../../src/platform/sweep.ts';
import { api } from '../../../src/shared/api/index.ts';
import { chainMissing, startTestChain, type TestChain } from '../../support/chain.ts';
import { deployCode, walletCode } from '../../support/contract-wallets.ts';
import { historyOf, link, newKey, shopOn, signedMessage } from '../../support/linking.ts';
import { call, mailsOf, need, settle, shopper, type Shop, type Shopper } from '../../support/shopping.ts';

const walletMails = async (t: Shop, who: Shopper) =>
  (await mailsOf(t, who)).filter((kind) => kind.startsWith('wallet'));

describe.skipIf(chainMissing)('linking a wallet', () => {
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

  test('the message is ours to the letter: our address, the chain, a nonce, ten minutes, and nothing about the person', async () => {
    const ann = shopper(t, 'ann');
    const key = newKey();
    const given = await ann.call('startWalletLink', { address: key.address.toLowerCase() });
    const parsed = new ParsedMessage(given.message);
    expect(parsed).toMatchObject({
      domain: 'app.test',
      uri: 'https://app.test',
      address: key.address,
      chainId: chain.settings.chainId,
      nonce: given.nonce,
      expirationTime: given.expiresAt,
    });
    expect(Date.parse(given.expiresAt) - Date.parse(need(parsed.issuedAt))).toBe(600_000);
    expect(given.message).not.toContain(await ann.memberId());
    expect(given.message).not.toContain(ann.email);
    expect((await ann.call('startWalletLink', { address: key.address })).nonce).not.toBe(given.nonce);
  });

  test('the first wallet is used at once, shown with its checksum, told by mail and projected', async () => {
    const bob = shopper(t, 'bob');
    const key = newKey();
    expect((await bob.call('getRewards', {})).wallet).toBeNull();
    const wallet = need(await link(bob, key));
    expect(wallet).toMatchObject({ address: key.address, kind: 'account', previous: null });
    expect(wallet.usableFrom).toBe(wallet.linkedAt);
    expect((await bob.call('getRewards', {})).wallet).toEqual(wallet);
    await settle(t, 30);
    expect(await walletMails(t, bob)).toEqual(['wallet_linked']);
    const [found] = (await t.control.mail({ to: bob.email })).filter(({ subject }) => /wallet/.test(subject));
    const mail = await t.control.readMail(need(found).id);
    expect(mail.text).toContain(`${key.address.slice(0, 6)}…${key.address.slice(-4)}`);
    expect(JSON.stringify(mail)).not.toContain(key.address);
    expect(JSON.stringify(mail)).not.toContain(key.address.toLowerCase());
    expect(t.projected.read(`members/${bob.uid}/rewards/summary`)).toMatchObject({ wallet });
  });

  test('a contract wallet is linked by what its code says of the signature', async () => {
    const carl = shopper(t, 'carl');
    const owner = newKey();
    const address = await deployCode(chain, walletCode.ownedBy(owner.address));
    expect(await link(carl, owner, address)).toMatchObject({ kind: 'contract' });
    const dora = shopper(t, 'dora');
    const hostile = await deployCode(chain, walletCode.endless);
    await expect(link(dora, newKey(), hostile)).rejects.toMatchObject({ code: 'wallet.signature_invalid' });
    expect((await dora.call('getRewards', {})).wallet).toBeNull();
  });

  test.each([
    ['no address', 'hello', 'wallet.address_invalid'],
    ['an address that is too short', `0x${'ab'.repeat(19)}`, 'wallet.address_invalid'],
    ['a mistyped letter', '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD', 'wallet.checksum_wrong'],
    ['the zero address', `0x${'0'.repeat(40)}`, 'wallet.address_forbidden'],
    ['a precompiled contract', `0x${'1'.padStart(40, '0')}`, 'wallet.address_forbidden'],
    ['another', `0x${'100'.padStart(40, '0')}`, 'wallet.address_forbidden'],
  ])('%s is named and refused before anything is signed', async (_what, address, code) => {
    await expect(shopper(t, 'typo').call('startWalletLink', { address })).rejects.toMatchObject({
      code,
      fields: [{ field: 'address' }],
    });
  });

  test('neither the token nor the contract that pays can be linked', async () => {
    for (const address of [chain.settings.token, chain.settings.distributor.toUpperCase().replace('X', 'x')]) {
      const asked = shopper(t, 'odd').call('startWalletLink', { address });
      await expect(asked).rejects.toMatchObject({ code: 'wallet.address_forbidden' });
    }
  });

  test('a signature of another key is told apart from none, and the message can be signed again', async () => {
    const eve = shopper(t, 'eve');
    const [key, other] = [newKey(), newKey()];
    const { nonce, message, signature } = await signedMessage(eve, key);
    const confirm = (answer: string) => eve.call('confirmWalletLink', { nonce, signature: answer });
    await expect(confirm(await other.signMessage(message))).rejects.toMatchObject({ code: 'wallet.wrong_signer' });
    await expect(confirm(await key.signMessage(`${message}\n`))).rejects.toMatchObject({ code: 'wallet.wrong_signer' });
    await expect(confirm('0x')).rejects.toMatchObject({ code: 'wallet.signature_invalid' });
    await expect(confirm(`0x${'00'.repeat(32)}${'6492'.repeat(16)}`)).rejects.toMatchObject({
      code: 'wallet.not_deployed',
    });
    expect(await confirm(signature)).toMatchObject({ wallet: { address: key.address } });
  });

  test('a message links once; whoever repeats it is answered as before, as long as its wallet is the current one', async () => {
    const fay = shopper(t, 'fay');
    const { nonce, signature } = await signedMessage(fay, newKey());
    const first = await fay.call('confirmWalletLink', { nonce, signature }, 'key-of-fay');
    expect(await fay.call('confirmWalletLink', { nonce, signature }, 'key-of-fay')).toEqual(first);
    expect(await fay.call('confirmWalletLink', { nonce, signature })).toEqual(first);
    await fay.call('unlinkWallet', {});
    const again = fay.call('confirmWalletLink', { nonce, signature });
    await expect(again).rejects.toMatchObject({ code: 'wallet.challenge_used' });
  });

  test('a message that is ten minutes old is refused, and no sooner', async () => {
    const gil = shopper(t, 'gil');
    const [young, old] = [await signedMessage(gil, newKey()), await signedMessage(gil, newKey())];
    await t.advance(590);
    await gil.call('confirmWalletLink', { nonce: young.nonce, signature: young.signature });
    await t.advance(11);
    await expect(gil.call('confirmWalletLink', { nonce: old.nonce, signature: old.signature })).rejects.toMatchObject({
      code: 'wallet.challenge_expired',
    });
  });

  test('messages are forgotten a day after their end, signed or not', async () => {
    const gwen = shopper(t, 'gwen');
    const { nonce } = await signedMessage(gwen, newKey());
    const isKept = async () => (await t.db.query('select 1 from wallet_challenge where nonce = $1', [nonce])).rowCount;
    const later = (hours: number) => new Date(t.clock.now().getTime() + hours * 3_600_000);
    await tidyUp(t.db, later(24));
    expect(await isKept()).toBe(1);
    await tidyUp(t.db, later(25));
    expect(await isKept()).toBe(0);
  });

  test('a message of somebody else is answered as one that never was', async () => {
    const [hal, ida] = [shopper(t, 'hal'), shopper(t, 'ida')];
    const { nonce, signature } = await signedMessage(hal, newKey());
    const foreign = await ida.call('confirmWalletLink', { nonce, signature }).catch((error: unknown) => error);
    const missing = await ida
      .call('confirmWalletLink', { nonce: '0'.repeat(32), signature })
      .catch((error: unknown) => error);
    expect(foreign).toMatchObject({ code: 'not_found' });
    expect(foreign).toEqual(missing);
  });

  test('a message for another chain than rewards are paid on now is refused', async () => {
    const jan = shopper(t, 'jan');
    const { nonce, signature } = await signedMessage(jan, newKey());
    await t.db.query('update wallet_challenge set chain_id = 1 where nonce = $1', [nonce]);
    await expect(jan.call('confirmWalletLink', { nonce, signature })).rejects.toMatchObject({
      code: 'wallet.wrong_chain',
    });
  });

  test('that another account has an address is told only to who can sign for it', async () => {
    const [kim, lou] = [shopper(t, 'kim'), shopper(t, 'lou')];
    const key = newKey();
    await link(kim, key);
    const { nonce, message, signature } = await signedMessage(lou, key);
    const stranger = await newKey().signMessage(message);
    await expect(lou.call('confirmWalletLink', { nonce, signature: stranger })).rejects.toMatchObject({
      code: 'wallet.wrong_signer',
    });
    await expect(lou.call('confirmWalletLink', { nonce, signature })).rejects.toMatchObject({ code: 'wallet.taken' });
    expect((await lou.call('getRewards', {})).wallet).toBeNull();
    // Once it is free, the same message links it.
    await kim.call('unlinkWallet', {});
    expect(await lou.call('confirmWalletLink', { nonce, signature })).toMatchObject({
      wallet: { address: key.address },
    });
  });

  test('who has not verified the e-mail address, or signed in long ago, can’t begin', async () => {
    const mia = shopper(t, 'mia');
    const address = newKey().address;
    const old = t.people.tokenOf(mia.uid, new Date(t.clock.now().getTime() - 301_000));
    for (const [operation, input] of [
      ['startWalletLink', { address }],
      ['unlinkWallet', {}],
    ] as const) {
      await expect(call(t, operation, input as { address: string }, { token: old })).rejects.toMatchObject({
        code: 'auth.recent_sign_in_required',
      });
    }
    t.people.put({ uid: mia.uid, emailVerified: false });
    await expect(mia.call('startWalletLink', { address })).rejects.toMatchObject({ code: 'auth.email_unverified' });
  });

  test('while no chain is set up nothing can be linked, and rewards show no wallet', async () => {
    const off = { ...t, policy: { ...t.policy, chain: null } };
    const token = shopper(t, 'ned').token;
    await expect(call(off, 'startWalletLink', { address: newKey().address }, { token })).rejects.toMatchObject({
      code: 'chain.not_set_up',
    });
    expect((await call(off, 'getRewards', {}, { token })).wallet).toBeNull();
  });

  test('who asks or tries without end is held up', async () => {
    const ola = shopper(t, 'ola');
    const limit = need(api.startWalletLink.rateLimit).calls;
    for (let asked = 0; asked < limit; asked += 1) await ola.call('startWalletLink', { address: newKey().address });
    await expect(ola.call('startWalletLink', { address: newKey().address })).rejects.toMatchObject({
      code: 'request.rate_limited',
    });
    const guess = { nonce: '0'.repeat(32), signature: '0x' };
    for (let tries = 0; tries < need(api.confirmWalletLink.rateLimit).calls; tries += 1)
      await expect(ola.call('confirmWalletLink', guess)).rejects.toMatchObject({ code: 'not_found' });
    await expect(ola.call('confirmWalletLink', guess)).rejects.toMatchObject({ code: 'request.rate_limited' });
  });

  test('the export holds every wallet with its proof, and the erasure leaves no address behind', async () => {
    const pia = shopper(t, 'pia');
    const [first, second] = [newKey(), newKey()];
    const memberId = await pia.memberId();
    await link(pia, first);
    await link(pia, second);
    const open = await signedMessage(pia, newKey());
    const { data } = await pia.call('exportAccount', {});
    const text = JSON.stringify(data['wallets']).toLowerCase();
    for (const known of [first.address, second.address, open.nonce]) expect(text).toContain(known.toLowerCase());
    await pia.call('deleteAccount', { confirm: 'DELETE' });
    await settle(t, 3 * 3600);
    expect((await historyOf(t, memberId)).map(({ address, because }) => [address, because])).toEqual([
      [null, 'replaced'],
      [null, 'erased'],
    ]);
    const { rows } = await t.db.query('select 1 from wallet_challenge where member_id = $1', [memberId]);
    expect(rows).toEqual([]);
    // Its owner may link it to another account.
    expect(await link(shopper(t, 'pia2'), second)).toMatchObject({ address: second.address });
  });
});
