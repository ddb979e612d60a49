import { expect } from 'chai';
import { shouldBehaveLikeErc20 } from '../behaviour/erc20.ts';
import { shouldBehaveLikePermit } from '../behaviour/permit.ts';
import { shouldBehaveLikeRoles } from '../behaviour/roles.ts';
import { ADMIN_DELAY, ethers, give, launchedWorld, MICRO, networkHelpers, pack } from '../support/world.ts';
import type { World } from '../support/world.ts';

const CAP_MICRO = 10_333_333_000_000n;

/** A launched world in which the member has 300 DOTM. */
async function withHolder(): Promise<World> {
  const world = await launchedWorld();
  await give(world, world.member.address, 300_000_000n, 1n);
  return world;
}

/** A launched world in which `friend` may mint as well: what the admin could do. */
async function withSecondMinter(): Promise<World> {
  const world = await launchedWorld();
  await world.token.connect(world.admin).grantRole(await world.token.MINTER_ROLE(), world.friend);
  return world;
}

describe('DotmToken', () => {
  it('is called DOTM, has 18 decimals, a cap of 10,333,333, and nothing before the first batch', async () => {
    const { token } = await networkHelpers.loadFixture(launchedWorld);
    expect(await token.name()).to.equal('DOTM');
    expect(await token.symbol()).to.equal('DOTM');
    expect(await token.decimals()).to.equal(18n);
    expect(await token.cap()).to.equal(10_333_333n * 10n ** 18n);
    expect(await token.MAX_SUPPLY()).to.equal(await token.cap());
    expect(await token.totalSupply()).to.equal(0n);
  });

  it('cannot be born without a minter or without an admin', async () => {
    const { token, admin, stranger } = await networkHelpers.loadFixture(launchedWorld);
    await expect(ethers.deployContract('DotmToken', [admin, 1, ethers.ZeroAddress])).to.be.revertedWithCustomError(
      token,
      'MinterMissing',
    );
    await expect(ethers.deployContract('DotmToken', [ethers.ZeroAddress, 1, stranger]))
      .to.be.revertedWithCustomError(token, 'AccessControlInvalidDefaultAdmin')
      .withArgs(ethers.ZeroAddress);
  });

  describe('ERC-20', () => {
    shouldBehaveLikeErc20(async () => {
      const { token, member, friend, stranger } = await networkHelpers.loadFixture(withHolder);
      return { token, holder: member, friend, spender: stranger, balance: 300_000_000n * MICRO };
    });
  });

  describe('permit', () => {
    shouldBehaveLikePermit(async () => {
      const { token, member, friend, stranger } = await networkHelpers.loadFixture(withHolder);
      return { token, holder: member, spender: friend, bearer: stranger };
    });
  });

  describe('roles', () => {
    shouldBehaveLikeRoles(async () => {
      const { token, admin, friend, stranger } = await networkHelpers.loadFixture(launchedWorld);
      return { contract: token, role: await token.MINTER_ROLE(), admin, friend, stranger, delay: ADMIN_DELAY };
    });
  });

  describe('mintBatch', () => {
    it('mints each entry to its recipient, to the micro-DOTM, with a Transfer from nobody', async () => {
      const { token, friend, member, stranger } = await networkHelpers.loadFixture(withSecondMinter);
      const batch = [pack(member.address, 1n), pack(stranger.address, 2_066_000n), pack(member.address, 5n)];
      await expect(token.connect(friend).mintBatch(batch))
        .to.emit(token, 'Transfer')
        .withArgs(ethers.ZeroAddress, stranger, 2_066_000n * MICRO);
      expect(await token.balanceOf(member)).to.equal(6n * MICRO);
      expect(await token.balanceOf(stranger)).to.equal(2_066_000n * MICRO);
      expect(await token.totalSupply()).to.equal(2_066_006n * MICRO);
    });

    it('does all of a batch or nothing', async () => {
      const { token, friend, member } = await networkHelpers.loadFixture(withSecondMinter);
      await expect(token.connect(friend).mintBatch([pack(member.address, 1n), pack(ethers.ZeroAddress, 1n)]))
        .to.be.revertedWithCustomError(token, 'ERC20InvalidReceiver')
        .withArgs(ethers.ZeroAddress);
      expect(await token.totalSupply()).to.equal(0n);
    });

    it('reaches the cap exactly and not one micro-DOTM more', async () => {
      const { token, friend, member } = await networkHelpers.loadFixture(withSecondMinter);
      await token.connect(friend).mintBatch([pack(member.address, CAP_MICRO)]);
      expect(await token.totalSupply()).to.equal(await token.cap());
      await expect(token.connect(friend).mintBatch([pack(member.address, 1n)]))
        .to.be.revertedWithCustomError(token, 'ERC20ExceededCap')
        .withArgs((await token.cap()) + MICRO, await token.cap());
    });

    it('holds the cap in the middle of a batch and against the largest amount that fits an entry', async () => {
      const { token, friend, member } = await networkHelpers.loadFixture(withSecondMinter);
      const largest = 2n ** 96n - 1n;
      await expect(token.connect(friend).mintBatch([pack(member.address, CAP_MICRO), pack(member.address, 1n)]))
        .to.be.revertedWithCustomError(token, 'ERC20ExceededCap')
        .withArgs((CAP_MICRO + 1n) * MICRO, await token.cap());
      await expect(token.connect(friend).mintBatch([pack(member.address, largest)]))
        .to.be.revertedWithCustomError(token, 'ERC20ExceededCap')
        .withArgs(largest * MICRO, await token.cap());
    });

    it('is refused to everybody but a minter: the admin and the operator cannot mint', async () => {
      const { token, admin, operator, guardian, deployer, stranger } = await networkHelpers.loadFixture(launchedWorld);
      for (const who of [admin, operator, guardian, deployer, stranger]) {
        await expect(token.connect(who).mintBatch([pack(stranger.address, 1n)]))
          .to.be.revertedWithCustomError(token, 'AccessControlUnauthorizedAccount')
          .withArgs(who, await token.MINTER_ROLE());
      }
    });
  });

  it('has no way to burn, pause, freeze, take back or mint to one', async () => {
    const { token } = await networkHelpers.loadFixture(launchedWorld);
    const doors = token.interface.fragments
      .filter((fragment) => fragment.type === 'function')
      .filter((fragment) => !('constant' in fragment && fragment.constant === true))
      .map((fragment) => ('name' in fragment ? fragment.name : ''));
    expect(doors.sort()).to.deep.equal([
      'acceptDefaultAdminTransfer',
      'approve',
      'beginDefaultAdminTransfer',
      'cancelDefaultAdminTransfer',
      'changeDefaultAdminDelay',
      'grantRole',
      'mintBatch',
      'permit',
      'renounceRole',
      'revokeRole',
      'rollbackDefaultAdminDelay',
      'transfer',
      'transferFrom',
    ]);
  });
});
