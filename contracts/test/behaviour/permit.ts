import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types';
import { expect } from 'chai';
import { Signature } from 'ethers';
import type { TypedDataDomain } from 'ethers';
import type { DotmToken } from '../../bindings/index.ts';
import { ethers, networkHelpers } from '../support/world.ts';

/** A token, somebody who signs, somebody who may then spend, and somebody who brings the signature to the chain. */
export interface PermitWorld {
  readonly token: DotmToken;
  readonly holder: HardhatEthersSigner;
  readonly spender: HardhatEthersSigner;
  readonly bearer: HardhatEthersSigner;
}

const TYPES = {
  Permit: [
    { name: 'owner', type: 'address' },
    { name: 'spender', type: 'address' },
    { name: 'value', type: 'uint256' },
    { name: 'nonce', type: 'uint256' },
    { name: 'deadline', type: 'uint256' },
  ],
};

interface Wish {
  readonly signer?: HardhatEthersSigner;
  readonly deadline?: bigint;
  readonly domain?: TypedDataDomain;
}

/** Checks EIP-2612 and EIP-5267: an allowance by signature, good once, for this contract and chain, until its deadline. */
export function shouldBehaveLikePermit(set: () => Promise<PermitWorld>): void {
  async function domainOf(token: DotmToken): Promise<TypedDataDomain> {
    const { chainId } = await ethers.provider.getNetwork();
    return { name: 'DOTM', version: '1', chainId, verifyingContract: await token.getAddress() };
  }

  /** Signs a permit of 9 and brings it to the chain; `wish` says what is odd about it. */
  async function bring({ token, holder, spender, bearer }: PermitWorld, wish: Wish = {}) {
    const now = BigInt(await networkHelpers.time.latest());
    const deadline = wish.deadline ?? now + 3_600n;
    const domain = { ...(await domainOf(token)), ...wish.domain };
    const nonce = await token.nonces(holder);
    const content = { owner: holder.address, spender: spender.address, value: 9n, nonce, deadline };
    const { v, r, s } = Signature.from(await (wish.signer ?? holder).signTypedData(domain, TYPES, content));
    return { deadline, send: () => token.connect(bearer).permit(holder, spender, 9n, deadline, v, r, s) };
  }

  it('anybody may bring the signature; the allowance is the one that was signed', async () => {
    const world = await set();
    const { send } = await bring(world);
    await expect(send()).to.emit(world.token, 'Approval').withArgs(world.holder, world.spender, 9n);
    expect(await world.token.allowance(world.holder, world.spender)).to.equal(9n);
    expect(await world.token.nonces(world.holder)).to.equal(1n);
  });

  it('a signature is good once', async () => {
    const world = await set();
    const { send } = await bring(world);
    await send();
    await expect(send()).to.be.revertedWithCustomError(world.token, 'ERC2612InvalidSigner');
  });

  it('somebody else cannot sign for the holder', async () => {
    const world = await set();
    const { send } = await bring(world, { signer: world.bearer });
    await expect(send())
      .to.be.revertedWithCustomError(world.token, 'ERC2612InvalidSigner')
      .withArgs(world.bearer, world.holder);
  });

  it('a signature is void after its deadline', async () => {
    const world = await set();
    const past = BigInt(await networkHelpers.time.latest()) - 1n;
    const { send } = await bring(world, { deadline: past });
    await expect(send()).to.be.revertedWithCustomError(world.token, 'ERC2612ExpiredSignature').withArgs(past);
  });

  for (const [what, domain] of [
    ['another chain', { chainId: 1n }],
    ['another contract', { verifyingContract: '0x000000000000000000000000000000000000dEaD' }],
    ['another version', { version: '2' }],
  ] as const) {
    it(`a signature for ${what} is void here`, async () => {
      const world = await set();
      const { send } = await bring(world, { domain });
      await expect(send()).to.be.revertedWithCustomError(world.token, 'ERC2612InvalidSigner');
    });
  }

  it('tells wallets the domain that they sign', async () => {
    const { token } = await set();
    const domain = await domainOf(token);
    expect(await token.DOMAIN_SEPARATOR()).to.equal(ethers.TypedDataEncoder.hashDomain(domain));
    const told = await token.eip712Domain();
    expect([told.name, told.version, told.chainId, told.verifyingContract]).to.deep.equal(Object.values(domain));
  });
}
