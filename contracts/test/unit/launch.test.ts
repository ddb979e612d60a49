import { expect } from 'chai';
import hre, { network } from 'hardhat';
import { DotmToken__factory, RewardDistributor__factory } from '../../bindings/index.ts';
import { inspectLaunch } from '../../scripts/inspect-launch.ts';
import { launchTerms, readLaunchSettings } from '../../scripts/launch-terms.ts';
import { performLaunch } from '../../scripts/perform-launch.ts';
import { verifications } from '../../scripts/verifications.ts';

describe('a launch with Ignition', () => {
  it('puts every role where the settings say, leaves the deployer without power, and records it', async () => {
    const connection = await network.create();
    const { ethers } = connection;
    const settings = readLaunchSettings('local');
    const record = await performLaunch('local', settings, connection);
    const token = DotmToken__factory.connect(record.token, ethers.provider);
    const distributor = RewardDistributor__factory.connect(record.distributor, ethers.provider);
    const roles = [
      [token, ethers.ZeroHash],
      [token, await token.MINTER_ROLE()],
      [distributor, ethers.ZeroHash],
      [distributor, await distributor.OPERATOR_ROLE()],
      [distributor, await distributor.GUARDIAN_ROLE()],
    ] as const;
    const holders = [settings.admin, record.distributor, settings.admin, settings.operator, settings.guardian];
    for (const [index, [contract, role]] of roles.entries()) {
      expect(await contract.hasRole(role, holders[index] ?? '')).to.equal(true);
      expect(await contract.hasRole(role, record.deployer)).to.equal(false);
      expect(await contract.hasRole(role, record.launch)).to.equal(false);
    }
    const receipt = await ethers.provider.getTransactionReceipt(record.transaction);
    expect(receipt?.blockNumber).to.equal(record.block);
    expect(receipt?.contractAddress).to.equal(record.launch);
  });

  it('sends nothing when a role has no account', async () => {
    const connection = await network.create();
    const settings = { ...readLaunchSettings('local'), operator: null };
    let objection = '';
    await performLaunch('local', settings, connection).catch((error: unknown) => (objection = String(error)));
    expect(objection).to.contain('operator is missing');
    expect(await connection.ethers.provider.getBlockNumber()).to.equal(0);
  });

  it('is looked at afterwards: whatever differs from the settings is named', async () => {
    const connection = await network.create();
    const { ethers } = connection;
    const settings = readLaunchSettings('local');
    const record = await performLaunch('local', settings, connection);
    const other = { ...settings, operator: settings.guardian, guardian: settings.operator, dailyLimitDotm: '7000' };
    const terms = launchTerms('local', other, record.deployer);
    const receipt = await ethers.provider.getTransactionReceipt(record.transaction);
    if (!receipt) throw new Error('the launch has no receipt');
    const differences = await inspectLaunch(record, { ...terms, adminDelay: 5n }, receipt, ethers.provider);
    expect(differences.filter((line) => line.startsWith('missing'))).to.have.length(3);
    expect(differences.filter((line) => line.startsWith('not asked for'))).to.have.length(3);
    expect(differences.at(-1)).to.equal('admin delay is 0 and 0 seconds');
  });

  it('compiles as the tests do: what is deployed is what was tested', () => {
    const { default: tested, production } = hre.config.solidity.profiles;
    expect(production?.compilers).to.deep.equal(tested?.compilers);
    expect(production?.isolated).to.equal(tested?.isolated);
  });

  it('is told to explorers with the arguments that the chain has seen', async () => {
    const connection = await network.create();
    const { ethers } = connection;
    const record = await performLaunch('local', readLaunchSettings('local'), connection);
    const sent = await ethers.provider.getTransaction(record.transaction);
    const creations: string[] = [];
    for (const { contract, constructorArgs } of verifications(record)) {
      const factory = await ethers.getContractFactory(contract);
      creations.push((await factory.getDeployTransaction(...constructorArgs)).data);
    }
    expect(creations[0]).to.equal(sent?.data);
    // The runtime code of token and distributor holds constructor arguments as immutables: made anew with them, it must be the same.
    for (const [index, address] of [record.token, record.distributor].entries()) {
      const runtime = await ethers.provider.call({ from: record.launch, data: creations[index + 1] ?? '' });
      const here = await ethers.provider.getCode(address);
      expect(runtime.length).to.equal(here.length);
    }
  });
});
