import { expect } from 'chai';
import { DotmLaunch__factory } from '../../bindings/index.ts';
import { CEILING, DAILY_LIMIT, ethers, launchedWorld, networkHelpers, people } from '../support/world.ts';

describe('DotmLaunch', () => {
  it('makes a token whose only minter is the distributor that pays it', async () => {
    const { token, distributor } = await networkHelpers.loadFixture(launchedWorld);
    expect(await distributor.token()).to.equal(await token.getAddress());
    const role = await token.MINTER_ROLE();
    const granted = await token.queryFilter(token.filters.RoleGranted(role));
    expect(granted.map((log) => log.args.account)).to.deep.equal([await distributor.getAddress()]);
  });

  it('gives each role to the account of its terms and to nobody else', async () => {
    const { token, distributor, admin, operator, guardian } = await networkHelpers.loadFixture(launchedWorld);
    const given = await distributor.queryFilter(distributor.filters.RoleGranted());
    expect(given.map(({ args }) => [args.role, args.account])).to.have.deep.members([
      [ethers.ZeroHash, admin.address],
      [await distributor.OPERATOR_ROLE(), operator.address],
      [await distributor.GUARDIAN_ROLE(), guardian.address],
    ]);
    expect(await token.defaultAdmin()).to.equal(admin.address);
  });

  it('leaves the deployer and itself without any power', async () => {
    const { token, distributor, deployer } = await networkHelpers.loadFixture(launchedWorld);
    const [launched] = await Promise.all([token.queryFilter(token.filters.RoleGranted())]);
    const launch = launched[0]?.args.sender;
    for (const who of [deployer.address, launch ?? '']) {
      for (const contract of [token, distributor] as const) {
        expect(await contract.hasRole(ethers.ZeroHash, who)).to.equal(false);
      }
      expect(await token.hasRole(await token.MINTER_ROLE(), who)).to.equal(false);
      expect(await distributor.hasRole(await distributor.OPERATOR_ROLE(), who)).to.equal(false);
      expect(await distributor.hasRole(await distributor.GUARDIAN_ROLE(), who)).to.equal(false);
    }
  });

  it('sets the limits of its terms, with the whole limit there from the start', async () => {
    const { distributor } = await networkHelpers.loadFixture(launchedWorld);
    expect(await distributor.dailyLimitMicro()).to.equal(DAILY_LIMIT);
    expect(await distributor.entryCeilingMicro()).to.equal(CEILING);
    expect(await distributor.leftNowMicro()).to.equal(DAILY_LIMIT);
  });

  for (const role of ['admin', 'operator', 'guardian'] as const) {
    it(`without ${role} nothing is made`, async () => {
      const { admin, operator, guardian } = await people();
      const terms = { admin, operator, guardian, adminDelay: 1, dailyLimitMicro: 2, entryCeilingMicro: 1 };
      await expect(ethers.deployContract('DotmLaunch', [{ ...terms, [role]: ethers.ZeroAddress }])).to.be.revert(
        ethers,
      );
    });
  }

  it('says where both are', async () => {
    const { admin, operator, guardian, deployer } = await people();
    const terms = { admin, operator, guardian, adminDelay: 1, dailyLimitMicro: 2, entryCeilingMicro: 1 };
    const made = await ethers.deployContract('DotmLaunch', [terms]);
    const launch = DotmLaunch__factory.connect(await made.getAddress(), deployer);
    await expect(made.deploymentTransaction())
      .to.emit(launch, 'Launched')
      .withArgs(await launch.token(), await launch.distributor());
  });
});
