import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types';
import { expect } from 'chai';
import type { DotmToken, RewardDistributor } from '../../bindings/index.ts';
import { ethers, networkHelpers } from '../support/world.ts';

/** A contract of which `admin` is the admin, with a delay; `role` is one of its roles, which `stranger` does not hold. */
export interface RolesWorld {
  readonly contract: DotmToken | RewardDistributor;
  readonly role: string;
  readonly admin: HardhatEthersSigner;
  readonly friend: HardhatEthersSigner;
  readonly stranger: HardhatEthersSigner;
  readonly delay: bigint;
}

const ADMIN_ROLE = ethers.ZeroHash;

/** Checks OpenZeppelin's AccessControlDefaultAdminRules: who gives and takes roles, and that the admin's own moves slowly. */
export function shouldBehaveLikeRoles(set: () => Promise<RolesWorld>): void {
  it('the admin gives a role and takes it back', async () => {
    const { contract, role, admin, friend } = await set();
    await expect(contract.connect(admin).grantRole(role, friend))
      .to.emit(contract, 'RoleGranted')
      .withArgs(role, friend, admin);
    expect(await contract.hasRole(role, friend)).to.equal(true);
    await expect(contract.connect(admin).revokeRole(role, friend))
      .to.emit(contract, 'RoleRevoked')
      .withArgs(role, friend, admin);
    expect(await contract.hasRole(role, friend)).to.equal(false);
  });

  it('nobody else gives or takes a role, not even who holds it', async () => {
    const { contract, role, admin, friend, stranger } = await set();
    await contract.connect(admin).grantRole(role, friend);
    for (const who of [friend, stranger]) {
      for (const attempt of [
        () => contract.connect(who).grantRole(role, stranger),
        () => contract.connect(who).revokeRole(role, friend),
      ]) {
        await expect(attempt())
          .to.be.revertedWithCustomError(contract, 'AccessControlUnauthorizedAccount')
          .withArgs(who, ADMIN_ROLE);
      }
    }
  });

  it('a holder may lay down a role, of itself only', async () => {
    const { contract, role, admin, friend, stranger } = await set();
    await contract.connect(admin).grantRole(role, friend);
    await expect(contract.connect(stranger).renounceRole(role, friend)).to.be.revertedWithCustomError(
      contract,
      'AccessControlBadConfirmation',
    );
    await contract.connect(friend).renounceRole(role, friend);
    expect(await contract.hasRole(role, friend)).to.equal(false);
  });

  it('there is one admin, and it is the owner that explorers show', async () => {
    const { contract, admin, delay } = await set();
    expect(await contract.defaultAdmin()).to.equal(admin.address);
    expect(await contract.owner()).to.equal(admin.address);
    expect(await contract.defaultAdminDelay()).to.equal(delay);
    expect(await contract.getRoleAdmin(ADMIN_ROLE)).to.equal(ADMIN_ROLE);
  });

  it('the admin role is neither given nor taken directly', async () => {
    const { contract, admin, friend } = await set();
    for (const attempt of [
      () => contract.connect(admin).grantRole(ADMIN_ROLE, friend),
      () => contract.connect(admin).revokeRole(ADMIN_ROLE, admin),
    ]) {
      await expect(attempt()).to.be.revertedWithCustomError(contract, 'AccessControlEnforcedDefaultAdminRules');
    }
  });

  it('a new admin must accept, and only after the delay', async () => {
    const { contract, admin, friend, stranger, delay } = await set();
    await contract.connect(admin).beginDefaultAdminTransfer(friend);
    const { schedule } = await contract.pendingDefaultAdmin();
    expect(schedule).to.equal(BigInt(await networkHelpers.time.latest()) + delay);
    await expect(contract.connect(stranger).acceptDefaultAdminTransfer())
      .to.be.revertedWithCustomError(contract, 'AccessControlInvalidDefaultAdmin')
      .withArgs(stranger);
    await networkHelpers.time.setNextBlockTimestamp(schedule);
    await expect(contract.connect(friend).acceptDefaultAdminTransfer())
      .to.be.revertedWithCustomError(contract, 'AccessControlEnforcedDefaultAdminDelay')
      .withArgs(schedule);
    await networkHelpers.time.setNextBlockTimestamp(schedule + 1n);
    await contract.connect(friend).acceptDefaultAdminTransfer();
    expect(await contract.defaultAdmin()).to.equal(friend.address);
    expect(await contract.hasRole(ADMIN_ROLE, admin)).to.equal(false);
  });

  it('the admin calls a transfer off before it is accepted', async () => {
    const { contract, admin, friend, delay } = await set();
    await contract.connect(admin).beginDefaultAdminTransfer(friend);
    await contract.connect(admin).cancelDefaultAdminTransfer();
    await networkHelpers.time.increase(delay + 1n);
    await expect(contract.connect(friend).acceptDefaultAdminTransfer())
      .to.be.revertedWithCustomError(contract, 'AccessControlInvalidDefaultAdmin')
      .withArgs(friend);
  });

  it('nobody else begins or calls off a transfer, or changes the delay', async () => {
    const { contract, stranger } = await set();
    for (const attempt of [
      () => contract.connect(stranger).beginDefaultAdminTransfer(stranger),
      () => contract.connect(stranger).cancelDefaultAdminTransfer(),
      () => contract.connect(stranger).changeDefaultAdminDelay(0),
      () => contract.connect(stranger).rollbackDefaultAdminDelay(),
    ]) {
      await expect(attempt())
        .to.be.revertedWithCustomError(contract, 'AccessControlUnauthorizedAccount')
        .withArgs(stranger, ADMIN_ROLE);
    }
  });

  it('a shorter delay waits for the time that it saves', async () => {
    const { contract, admin, friend, delay } = await set();
    await contract.connect(admin).changeDefaultAdminDelay(0);
    await contract.connect(admin).beginDefaultAdminTransfer(friend);
    await expect(contract.connect(friend).acceptDefaultAdminTransfer()).to.be.revertedWithCustomError(
      contract,
      'AccessControlEnforcedDefaultAdminDelay',
    );
    expect(await contract.defaultAdminDelay()).to.equal(delay);
  });

  it('tells which interfaces it has', async () => {
    const { contract } = await set();
    // ERC-165, IAccessControl, IAccessControlDefaultAdminRules; 0xffffffff is never one.
    const answers = await Promise.all(
      ['0x01ffc9a7', '0x7965db0b', '0x31498786', '0xffffffff'].map((id) => contract.supportsInterface(id)),
    );
    expect(answers).to.deep.equal([true, true, true, false]);
  });
}
