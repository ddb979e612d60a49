import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types';
import { expect } from 'chai';
import type { DotmToken } from '../../bindings/index.ts';
import { ethers } from '../support/world.ts';

/** A token of which `holder` has `balance`, and `friend` and `spender` nothing. */
export interface Erc20World {
  readonly token: DotmToken;
  readonly holder: HardhatEthersSigner;
  readonly friend: HardhatEthersSigner;
  readonly spender: HardhatEthersSigner;
  readonly balance: bigint;
}

/** Checks what every ERC-20 owes its holders (EIP-20, with the errors of ERC-6093), as OpenZeppelin's own behaviour tests do. */
export function shouldBehaveLikeErc20(set: () => Promise<Erc20World>): void {
  describe('transfer', () => {
    it('moves exactly the amount and says so', async () => {
      const { token, holder, friend, balance } = await set();
      const supply = await token.totalSupply();
      await expect(token.connect(holder).transfer(friend, balance - 1n))
        .to.emit(token, 'Transfer')
        .withArgs(holder, friend, balance - 1n);
      expect(await token.balanceOf(holder)).to.equal(1n);
      expect(await token.balanceOf(friend)).to.equal(balance - 1n);
      expect(await token.totalSupply()).to.equal(supply);
    });

    it('of everything to oneself changes nothing', async () => {
      const { token, holder, balance } = await set();
      await token.connect(holder).transfer(holder, balance);
      expect(await token.balanceOf(holder)).to.equal(balance);
    });

    it('of nothing is a transfer too', async () => {
      const { token, friend, spender } = await set();
      await expect(token.connect(friend).transfer(spender, 0n))
        .to.emit(token, 'Transfer')
        .withArgs(friend, spender, 0n);
    });

    it('of more than there is is refused', async () => {
      const { token, holder, friend, balance } = await set();
      await expect(token.connect(holder).transfer(friend, balance + 1n))
        .to.be.revertedWithCustomError(token, 'ERC20InsufficientBalance')
        .withArgs(holder, balance, balance + 1n);
    });

    it('to the zero address is refused: nothing is ever burned', async () => {
      const { token, holder } = await set();
      await expect(token.connect(holder).transfer(ethers.ZeroAddress, 1n))
        .to.be.revertedWithCustomError(token, 'ERC20InvalidReceiver')
        .withArgs(ethers.ZeroAddress);
    });
  });

  describe('approve', () => {
    it('sets the allowance, replaces it, and says so', async () => {
      const { token, holder, spender } = await set();
      await token.connect(holder).approve(spender, 5n);
      await expect(token.connect(holder).approve(spender, 3n)).to.emit(token, 'Approval').withArgs(holder, spender, 3n);
      expect(await token.allowance(holder, spender)).to.equal(3n);
      expect(await token.allowance(spender, holder)).to.equal(0n);
    });

    it('may be higher than the balance', async () => {
      const { token, holder, spender, balance } = await set();
      await token.connect(holder).approve(spender, balance * 2n);
      expect(await token.allowance(holder, spender)).to.equal(balance * 2n);
    });

    it('of the zero address is refused', async () => {
      const { token, holder } = await set();
      await expect(token.connect(holder).approve(ethers.ZeroAddress, 1n))
        .to.be.revertedWithCustomError(token, 'ERC20InvalidSpender')
        .withArgs(ethers.ZeroAddress);
    });
  });

  describe('transferFrom', () => {
    it('moves the amount and uses up the allowance', async () => {
      const { token, holder, friend, spender } = await set();
      await token.connect(holder).approve(spender, 10n);
      await expect(token.connect(spender).transferFrom(holder, friend, 7n))
        .to.emit(token, 'Transfer')
        .withArgs(holder, friend, 7n);
      expect(await token.allowance(holder, spender)).to.equal(3n);
      expect(await token.balanceOf(friend)).to.equal(7n);
    });

    it('leaves an unlimited allowance as it is', async () => {
      const { token, holder, friend, spender } = await set();
      await token.connect(holder).approve(spender, ethers.MaxUint256);
      await token.connect(spender).transferFrom(holder, friend, 7n);
      expect(await token.allowance(holder, spender)).to.equal(ethers.MaxUint256);
    });

    it('of more than is allowed is refused', async () => {
      const { token, holder, friend, spender } = await set();
      await token.connect(holder).approve(spender, 6n);
      await expect(token.connect(spender).transferFrom(holder, friend, 7n))
        .to.be.revertedWithCustomError(token, 'ERC20InsufficientAllowance')
        .withArgs(spender, 6n, 7n);
    });

    it('of more than there is is refused, and the allowance stays', async () => {
      const { token, holder, friend, spender, balance } = await set();
      await token.connect(holder).approve(spender, balance + 1n);
      await expect(token.connect(spender).transferFrom(holder, friend, balance + 1n))
        .to.be.revertedWithCustomError(token, 'ERC20InsufficientBalance')
        .withArgs(holder, balance, balance + 1n);
      expect(await token.allowance(holder, spender)).to.equal(balance + 1n);
    });

    it('to the zero address is refused', async () => {
      const { token, holder, spender } = await set();
      await token.connect(holder).approve(spender, 1n);
      await expect(token.connect(spender).transferFrom(holder, ethers.ZeroAddress, 1n))
        .to.be.revertedWithCustomError(token, 'ERC20InvalidReceiver')
        .withArgs(ethers.ZeroAddress);
    });

    it('by the holder needs an allowance as by anybody', async () => {
      const { token, holder, friend } = await set();
      await expect(token.connect(holder).transferFrom(holder, friend, 1n))
        .to.be.revertedWithCustomError(token, 'ERC20InsufficientAllowance')
        .withArgs(holder, 0n, 1n);
    });
  });
}
