import { concat, Signature, Wallet } from 'ethers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CodedError } from '../../../src/shared/errors.ts';
import { createChainClient } from '../../../src/vendors/chain/client.ts';
import type { Hex } from '../../../src/vendors/chain/port.ts';
import { verifySignature } from '../../../src/vendors/chain/verify-signature.ts';
import { chainMissing, startTestChain, type TestChain } from '../../support/chain.ts';
import { delegate, deployCode, walletCode } from '../../support/contract-wallets.ts';

const message = 'app.test wants you to sign in with your Ethereum account:\nand so on';

describe.skipIf(chainMissing)('a signature', () => {
  let chain: TestChain;
  beforeAll(async () => {
    chain = await startTestChain({ automine: true });
  });
  afterAll(() => chain?.stop());

  const lower = (address: string) => address.toLowerCase() as Hex;
  const judge = (address: Hex, signature: string, text = message) =>
    verifySignature(chain.port, { address, message: text, signature });

  test('of the address’s own key is good in each form that wallets write it in', async () => {
    for (let tries = 0; tries < 20; tries += 1) {
      const wallet = Wallet.createRandom();
      const signature = Signature.from(await wallet.signMessage(message));
      const shortV = concat([signature.r, signature.s, signature.yParity === 0 ? '0x00' : '0x01']);
      for (const form of [
        signature.serialized,
        shortV,
        signature.compactSerialized,
        signature.serialized.toUpperCase().replace('X', 'x'),
      ])
        expect(await judge(lower(wallet.address), form)).toBe('account');
    }
  });

  test('over another text, or of another key, proves nothing', async () => {
    const [wallet, other] = [Wallet.createRandom(), Wallet.createRandom()];
    const signature = await wallet.signMessage(message);
    expect(await judge(lower(wallet.address), signature, `${message} `)).toBe('other_signer');
    expect(await judge(lower(wallet.address), await other.signMessage(message))).toBe('other_signer');
  });

  test('that is none is refused, whatever it looks like', async () => {
    const wallet = Wallet.createRandom();
    const { r, s, v } = Signature.from(await wallet.signMessage(message));
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
    const mirrored = `0x${(order - BigInt(s)).toString(16).padStart(64, '0')}`;
    const zero = `0x${'0'.repeat(64)}`;
    const vs = [v, v ^ 7, 2, 26, 29, 255].map((byte) => `0x${byte.toString(16).padStart(2, '0')}`);
    const strange = [
      '0x',
      '0x00',
      `0x${'00'.repeat(64)}`,
      `0x${'00'.repeat(65)}`,
      `0x${'ff'.repeat(65)}`,
      `0x${'ab'.repeat(4096)}`,
      concat([r, s]).slice(0, -2),
      concat([r, s, '0x1b1b']),
      ...vs.map((byte) => concat([r, mirrored, byte])),
      ...vs.slice(1).map((byte) => concat([r, zero, byte])),
      ...vs.slice(1).map((byte) => concat([zero, s, byte])),
    ];
    for (const signature of strange)
      expect(['invalid', 'other_signer']).toContain(await judge(lower(wallet.address), signature));
  });

  test('of the owner is taken by a contract wallet, and of nobody else', async () => {
    const [owner, stranger] = [Wallet.createRandom(), Wallet.createRandom()];
    const wallet = await deployCode(chain, walletCode.ownedBy(owner.address));
    expect(await judge(wallet, await owner.signMessage(message))).toBe('contract');
    expect(await judge(wallet, await owner.signMessage(`${message}.`))).toBe('invalid');
    expect(await judge(wallet, await stranger.signMessage(message))).toBe('invalid');
    expect(await judge(wallet, '0x')).toBe('invalid');
  });

  test('that a contract takes may be as long as the contract likes, or empty', async () => {
    const wallet = await deployCode(chain, walletCode.agreeing);
    for (const signature of ['0x', '0x01', `0x${'ab'.repeat(31)}`, `0x${'ab'.repeat(32)}`, `0x${'ab'.repeat(8192)}`])
      expect(await judge(wallet, signature)).toBe('contract');
  });

  const unfriendly = Object.entries(walletCode).filter(([name]) => name !== 'ownedBy' && name !== 'agreeing');
  test.each(unfriendly)('at a contract that is %s proves nothing and breaks nothing', async (_name, code) => {
    const wallet = await deployCode(chain, String(code));
    const signature = await Wallet.createRandom().signMessage(message);
    const before = Date.now();
    expect(await judge(wallet, signature)).toBe('invalid');
    expect(Date.now() - before).toBeLessThan(10_000);
  });

  test('of an account that runs a contract’s code is good by its own key, and by what that code says', async () => {
    const [account, session, stranger] = [Wallet.createRandom(), Wallet.createRandom(), Wallet.createRandom()];
    await delegate(chain, new Wallet(account.privateKey), await deployCode(chain, walletCode.ownedBy(session.address)));
    expect(await judge(lower(account.address), await account.signMessage(message))).toBe('account');
    expect(await judge(lower(account.address), await session.signMessage(message))).toBe('contract');
    expect(await judge(lower(account.address), await stranger.signMessage(message))).toBe('invalid');
  });

  test('of a contract wallet that is not on the chain yet says just that', async () => {
    const wrapped = `0x${'00'.repeat(96)}${'6492'.repeat(16)}`;
    expect(await judge(lower(Wallet.createRandom().address), wrapped)).toBe('not_deployed');
  });

  test('is not refused but asked about later when the node is out of reach', async () => {
    const away = createChainClient({ ...chain.settings, rpcUrl: 'http://127.0.0.1:9' });
    const wallet = Wallet.createRandom();
    const ask = verifySignature(away, { address: lower(wallet.address), message, signature: '0x' });
    await expect(ask).rejects.toMatchObject({ code: 'vendor.unavailable' } satisfies Partial<CodedError>);
    // The key's own signature needs no node.
    const signature = await wallet.signMessage(message);
    expect(await verifySignature(away, { address: lower(wallet.address), message, signature })).toBe('account');
  });

  test('is judged again where only the first question to the contract is lost, and never taken for refused', async () => {
    const owner = Wallet.createRandom();
    const wallet = await deployCode(chain, walletCode.ownedBy(owner.address));
    const away = createChainClient({ ...chain.settings, rpcUrl: 'http://127.0.0.1:9' });
    let lost = 0;
    const losing = (calls: number) => ({
      codeOf: (address: string) => chain.port.codeOf(address),
      call: (...args: Parameters<TestChain['port']['call']>) =>
        lost++ < calls ? away.call(...args) : chain.port.call(...args),
    });
    const signed = { address: wallet, message, signature: await owner.signMessage(message) };
    expect(await verifySignature(losing(1), signed)).toBe('contract');
    lost = 0;
    await expect(verifySignature(losing(2), signed)).rejects.toMatchObject({ code: 'vendor.unavailable' });
  });
});
