import { expect } from 'chai';
import { shouldBehaveLikeRoles } from '../behaviour/roles.ts';
import {
  ADMIN_DELAY,
  addresses,
  CEILING,
  DAILY_LIMIT,
  DAY,
  ethers,
  give,
  hashOf,
  launchedWorld,
  MICRO,
  networkHelpers,
  pack,
} from '../support/world.ts';

const { time } = networkHelpers;
const CAP_MICRO = 10_333_333_000_000n;

/** Entries of the largest amount each, as many as use up the daily limit. */
const wholeLimit = addresses(20).map((address) => pack(address, CEILING));

describe('RewardDistributor', () => {
  describe('roles', () => {
    for (const name of ['OPERATOR_ROLE', 'GUARDIAN_ROLE'] as const) {
      describe(name, () => {
        shouldBehaveLikeRoles(async () => {
          const { distributor, admin, friend, stranger } = await networkHelpers.loadFixture(launchedWorld);
          return {
            contract: distributor,
            role: await distributor[name](),
            admin,
            friend,
            stranger,
            delay: ADMIN_DELAY,
          };
        });
      });
    }

    it('cannot be born without an operator, a guardian or an admin', async () => {
      const { token, distributor, admin, operator, guardian } = await networkHelpers.loadFixture(launchedWorld);
      const nobody = ethers.ZeroAddress;
      await expect(ethers.deployContract('RewardDistributor', [token, admin, 1, nobody, guardian, 2, 1]))
        .to.be.revertedWithCustomError(distributor, 'AccountMissing')
        .withArgs(await distributor.OPERATOR_ROLE());
      await expect(ethers.deployContract('RewardDistributor', [token, admin, 1, operator, nobody, 2, 1]))
        .to.be.revertedWithCustomError(distributor, 'AccountMissing')
        .withArgs(await distributor.GUARDIAN_ROLE());
      await expect(ethers.deployContract('RewardDistributor', [token, nobody, 1, operator, guardian, 2, 1]))
        .to.be.revertedWithCustomError(distributor, 'AccessControlInvalidDefaultAdmin')
        .withArgs(nobody);
    });
  });

  describe('distribute', () => {
    it('pays each entry and says so with the hash of all entries', async () => {
      const { token, distributor, operator, member, friend } = await networkHelpers.loadFixture(launchedWorld);
      const entries = [pack(member.address, 2_066_000n), pack(friend.address, 1n)];
      await expect(distributor.connect(operator).distribute(41n, entries))
        .to.emit(distributor, 'BatchPaid')
        .withArgs(41n, hashOf(entries), 2n, 2_066_001n);
      expect(await token.balanceOf(member)).to.equal(2_066_000n * MICRO);
      expect(await token.balanceOf(friend)).to.equal(MICRO);
      expect(await distributor.isPaid(41n)).to.equal(true);
      expect(await distributor.isPaid(40n)).to.equal(false);
      expect(await distributor.isPaid(41n + 256n)).to.equal(false);
    });

    it('pays a batch once, also with other entries, and its neighbours still', async () => {
      const { token, distributor, operator, member } = await networkHelpers.loadFixture(launchedWorld);
      const pay = (batchId: bigint) => distributor.connect(operator).distribute(batchId, [pack(member.address, 3n)]);
      for (const batchId of [0n, 255n, 256n, ethers.MaxUint256]) await pay(batchId);
      for (const batchId of [0n, 255n, 256n, ethers.MaxUint256]) {
        await expect(pay(batchId)).to.be.revertedWithCustomError(distributor, 'BatchAlreadyPaid').withArgs(batchId);
        await expect(distributor.connect(operator).distribute(batchId, [pack(member.address, 4n)]))
          .to.be.revertedWithCustomError(distributor, 'BatchAlreadyPaid')
          .withArgs(batchId);
      }
      expect(await token.balanceOf(member)).to.equal(12n * MICRO);
    });

    it('tells apart batches whose ids differ in any one bit', async () => {
      const { distributor, operator, member } = await networkHelpers.loadFixture(launchedWorld);
      const ids = [0n, ...[0n, 1n, 6n, 7n, 8n, 9n, 63n, 64n, 128n, 255n].map((bit) => 1n << bit)];
      for (const [index, batchId] of ids.entries()) {
        expect(await distributor.isPaid(batchId)).to.equal(false);
        await distributor.connect(operator).distribute(batchId, [pack(member.address, 1n)]);
        for (const earlier of ids.slice(0, index + 1)) expect(await distributor.isPaid(earlier)).to.equal(true);
      }
    });

    it('a refused batch can be paid later: its id is not used up', async () => {
      const { distributor, operator, member } = await networkHelpers.loadFixture(launchedWorld);
      await expect(distributor.connect(operator).distribute(5n, [pack(ethers.ZeroAddress, 1n)])).to.be.revert(ethers);
      expect(await distributor.isPaid(5n)).to.equal(false);
      await distributor.connect(operator).distribute(5n, [pack(member.address, 1n)]);
    });

    it('takes between 1 and 500 entries', async () => {
      const { distributor, operator, member } = await networkHelpers.loadFixture(launchedWorld);
      const entries = Array<bigint>(501).fill(pack(member.address, 1n));
      await expect(distributor.connect(operator).distribute(1n, []))
        .to.be.revertedWithCustomError(distributor, 'BadBatchSize')
        .withArgs(0n, 500n);
      await expect(distributor.connect(operator).distribute(1n, entries))
        .to.be.revertedWithCustomError(distributor, 'BadBatchSize')
        .withArgs(501n, 500n);
      await distributor.connect(operator).distribute(1n, entries.slice(1));
    });

    it('500 new holders fit into one transaction of Ethereum', async () => {
      const { distributor, operator } = await networkHelpers.loadFixture(launchedWorld);
      const entries = addresses(500).map((address) => pack(address, 1_000_000n));
      const sent = await distributor.connect(operator).distribute(1n, entries);
      // EIP-7825: no transaction may use more.
      expect((await sent.wait())?.gasUsed).to.be.lessThan(16_777_216n);
    });

    it('refuses an entry above the ceiling and one of nothing, and names it', async () => {
      const { distributor, operator, member } = await networkHelpers.loadFixture(launchedWorld);
      const good = pack(member.address, CEILING);
      await expect(distributor.connect(operator).distribute(1n, [good, pack(member.address, CEILING + 1n)]))
        .to.be.revertedWithCustomError(distributor, 'EntryAboveCeiling')
        .withArgs(1n, CEILING + 1n, CEILING);
      await expect(distributor.connect(operator).distribute(1n, [good, good, pack(member.address, 0n)]))
        .to.be.revertedWithCustomError(distributor, 'EntryZero')
        .withArgs(2n);
      await distributor.connect(operator).distribute(1n, [good]);
    });

    it('an amount in wei by mistake is above every ceiling', async () => {
      const { distributor, operator, member } = await networkHelpers.loadFixture(launchedWorld);
      const oneDotmInWei = 10n ** 18n;
      await expect(distributor.connect(operator).distribute(1n, [pack(member.address, oneDotmInWei)]))
        .to.be.revertedWithCustomError(distributor, 'EntryAboveCeiling')
        .withArgs(0n, oneDotmInWei, CEILING);
    });

    it('is for operators only', async () => {
      const { distributor, admin, guardian, deployer, stranger } = await networkHelpers.loadFixture(launchedWorld);
      for (const who of [admin, guardian, deployer, stranger]) {
        await expect(distributor.connect(who).distribute(1n, [pack(stranger.address, 1n)]))
          .to.be.revertedWithCustomError(distributor, 'AccessControlUnauthorizedAccount')
          .withArgs(who, await distributor.OPERATOR_ROLE());
      }
    });

    it('pays nothing once it is no longer a minter', async () => {
      const { token, distributor, admin, operator, member } = await networkHelpers.loadFixture(launchedWorld);
      await token.connect(admin).revokeRole(await token.MINTER_ROLE(), distributor);
      await expect(distributor.connect(operator).distribute(1n, [pack(member.address, 1n)]))
        .to.be.revertedWithCustomError(token, 'AccessControlUnauthorizedAccount')
        .withArgs(distributor, await token.MINTER_ROLE());
      expect(await distributor.isPaid(1n)).to.equal(false);
      expect(await distributor.leftNowMicro()).to.equal(DAILY_LIMIT);
    });
  });

  describe('the daily limit', () => {
    it('lets exactly itself through, then nothing', async () => {
      const { distributor, operator, member } = await networkHelpers.loadFixture(launchedWorld);
      await distributor.connect(operator).distribute(1n, wholeLimit);
      expect(await distributor.leftNowMicro()).to.equal(0n);
      const next = (await time.latest()) + 1;
      await time.setNextBlockTimestamp(next);
      const refilled = DAILY_LIMIT / DAY;
      await expect(distributor.connect(operator).distribute(2n, [pack(member.address, refilled + 1n)]))
        .to.be.revertedWithCustomError(distributor, 'DailyLimitExceeded')
        .withArgs(refilled + 1n, refilled);
    });

    it('counts every entry of a batch', async () => {
      const { distributor, operator, member } = await networkHelpers.loadFixture(launchedWorld);
      await expect(distributor.connect(operator).distribute(1n, [...wholeLimit, pack(member.address, 1n)]))
        .to.be.revertedWithCustomError(distributor, 'DailyLimitExceeded')
        .withArgs(DAILY_LIMIT + 1n, DAILY_LIMIT);
    });

    it('refills evenly over a day and never above itself', async () => {
      const { distributor, operator } = await networkHelpers.loadFixture(launchedWorld);
      await distributor.connect(operator).distribute(1n, wholeLimit);
      for (const [seconds, left] of [
        [DAY / 4n, DAILY_LIMIT / 4n],
        [DAY / 4n, DAILY_LIMIT / 2n],
        [DAY / 2n, DAILY_LIMIT],
        [DAY, DAILY_LIMIT],
      ] as const) {
        await time.increase(seconds);
        expect(await distributor.leftNowMicro()).to.equal(left);
      }
    });

    it('is set by the admin: a higher one gives nothing at once, a lower one cuts what is left', async () => {
      const { distributor, operator, admin } = await networkHelpers.loadFixture(launchedWorld);
      await distributor.connect(operator).distribute(1n, wholeLimit.slice(0, 10));
      const half = DAILY_LIMIT / 2n;
      await time.setNextBlockTimestamp((await time.latest()) + 1);
      await expect(distributor.connect(admin).setLimits(DAILY_LIMIT * 3n, CEILING))
        .to.emit(distributor, 'LimitsSet')
        .withArgs(DAILY_LIMIT * 3n, CEILING);
      expect(await distributor.leftNowMicro()).to.equal(half + DAILY_LIMIT / DAY);
      expect(await distributor.dailyLimitMicro()).to.equal(DAILY_LIMIT * 3n);
      await distributor.connect(admin).setLimits(7n, 3n);
      expect(await distributor.leftNowMicro()).to.equal(7n);
      expect(await distributor.entryCeilingMicro()).to.equal(3n);
      await distributor.connect(admin).setLimits(0n, 0n);
      expect(await distributor.leftNowMicro()).to.equal(0n);
    });

    it('must lie between the ceiling of an entry and the cap', async () => {
      const { distributor, admin } = await networkHelpers.loadFixture(launchedWorld);
      await expect(distributor.connect(admin).setLimits(5n, 6n))
        .to.be.revertedWithCustomError(distributor, 'BadLimits')
        .withArgs(6n, 5n, CAP_MICRO);
      await expect(distributor.connect(admin).setLimits(CAP_MICRO + 1n, 6n))
        .to.be.revertedWithCustomError(distributor, 'BadLimits')
        .withArgs(6n, CAP_MICRO + 1n, CAP_MICRO);
      await distributor.connect(admin).setLimits(CAP_MICRO, CAP_MICRO);
    });

    it('is set by nobody else', async () => {
      const { distributor, operator, guardian, stranger } = await networkHelpers.loadFixture(launchedWorld);
      for (const who of [operator, guardian, stranger]) {
        await expect(distributor.connect(who).setLimits(2n, 1n))
          .to.be.revertedWithCustomError(distributor, 'AccessControlUnauthorizedAccount')
          .withArgs(who, ethers.ZeroHash);
      }
    });
  });

  describe('pause', () => {
    it('by the guardian stops all payments; transfers of members go on', async () => {
      const world = await networkHelpers.loadFixture(launchedWorld);
      const { token, distributor, operator, guardian, member, friend } = world;
      await give(world, member.address, 5n, 1n);
      await expect(distributor.connect(guardian).pause()).to.emit(distributor, 'Paused').withArgs(guardian);
      await expect(
        distributor.connect(operator).distribute(2n, [pack(member.address, 1n)]),
      ).to.be.revertedWithCustomError(distributor, 'EnforcedPause');
      await token.connect(member).transfer(friend, MICRO);
    });

    it('is for the guardian only, and only the admin ends it', async () => {
      const { distributor, admin, operator, guardian, stranger, member } =
        await networkHelpers.loadFixture(launchedWorld);
      for (const who of [admin, operator, stranger]) {
        await expect(distributor.connect(who).pause())
          .to.be.revertedWithCustomError(distributor, 'AccessControlUnauthorizedAccount')
          .withArgs(who, await distributor.GUARDIAN_ROLE());
      }
      await distributor.connect(guardian).pause();
      for (const who of [guardian, operator, stranger]) {
        await expect(distributor.connect(who).unpause())
          .to.be.revertedWithCustomError(distributor, 'AccessControlUnauthorizedAccount')
          .withArgs(who, ethers.ZeroHash);
      }
      await expect(distributor.connect(admin).unpause()).to.emit(distributor, 'Unpaused').withArgs(admin);
      await distributor.connect(operator).distribute(2n, [pack(member.address, 1n)]);
    });

    it('does not stop the limit from being lowered', async () => {
      const { distributor, admin, guardian } = await networkHelpers.loadFixture(launchedWorld);
      await distributor.connect(guardian).pause();
      await distributor.connect(admin).setLimits(1n, 1n);
      expect(await distributor.leftNowMicro()).to.equal(1n);
    });
  });

  it('an operator is replaced without touching anything else', async () => {
    const { distributor, admin, operator, friend, member } = await networkHelpers.loadFixture(launchedWorld);
    const role = await distributor.OPERATOR_ROLE();
    await distributor.connect(admin).grantRole(role, friend);
    await distributor.connect(admin).revokeRole(role, operator);
    await expect(distributor.connect(operator).distribute(1n, [pack(member.address, 1n)]))
      .to.be.revertedWithCustomError(distributor, 'AccessControlUnauthorizedAccount')
      .withArgs(operator, role);
    await distributor.connect(friend).distribute(1n, [pack(member.address, 1n)]);
  });
});
