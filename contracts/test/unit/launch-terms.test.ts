import { expect } from 'chai';
import { launchTerms, readLaunchSettings } from '../../scripts/launch-terms.ts';
import type { LaunchNetwork, LaunchSettings } from '../../scripts/launch-terms.ts';
import { addresses, ethers } from '../support/world.ts';

const [admin = '', operator = '', guardian = '', deployer = ''] = addresses(4);

const good: LaunchSettings = {
  admin,
  operator,
  guardian,
  adminDelayHours: 72,
  dailyLimitDotm: '10000',
  entryCeilingDotm: '500.5',
};

/** Returns what `launchTerms` says against `good` with a change. */
function objection(network: LaunchNetwork, change: Partial<LaunchSettings>, sender = deployer): string {
  try {
    launchTerms(network, { ...good, ...change }, sender);
    return '';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

describe('the settings of a launch', () => {
  it('become terms in seconds and micro-DOTM', () => {
    expect(launchTerms('mainnet', good, deployer)).to.deep.equal({
      admin,
      operator,
      guardian,
      adminDelay: 259_200n,
      dailyLimitMicro: 10_000_000_000n,
      entryCeilingMicro: 500_500_000n,
    });
  });

  for (const network of ['local', 'sepolia', 'mainnet'] as const) {
    for (const role of ['admin', 'operator', 'guardian'] as const) {
      it(`on ${network} are refused without ${role}, or with one that is zero, mistyped or no address`, () => {
        expect(objection(network, { [role]: null })).to.contain(`${role} is missing`);
        expect(objection(network, { [role]: '' })).to.contain(`${role} is missing`);
        expect(objection(network, { [role]: ethers.ZeroAddress })).to.contain(`${role} is the zero address`);
        expect(objection(network, { [role]: 'dotm.eth' })).to.contain('not an address');
        expect(objection(network, { [role]: admin.toLowerCase() })).to.contain('no checksum');
        const mistyped = admin.replace(/[a-z]/, (letter) => letter.toUpperCase());
        expect(objection(network, { [role]: mistyped })).to.match(/checksum/);
      });
    }
  }

  it('on mainnet are refused when one account has two roles, and when the deployer has one', () => {
    expect(objection('mainnet', { operator: admin })).to.contain('admin and operator are one account');
    expect(objection('mainnet', { guardian: operator })).to.contain('operator and guardian are one account');
    expect(objection('mainnet', { guardian: admin })).to.contain('admin and guardian are one account');
    for (const account of [admin, operator, guardian]) {
      expect(objection('mainnet', {}, account)).to.contain('and deployer are one account');
    }
    expect(objection('sepolia', { operator: admin, guardian: admin }, admin)).to.equal('');
  });

  it('name no account whose key everybody knows, except on a local chain', async () => {
    const [known] = await ethers.getSigners();
    for (const network of ['sepolia', 'mainnet'] as const) {
      expect(objection(network, { operator: known?.address ?? null })).to.contain('a key that everybody knows');
    }
    expect(objection('local', { operator: known?.address ?? null })).to.equal('');
  });

  it('are refused when limits or the delay make no sense', () => {
    expect(objection('sepolia', { dailyLimitDotm: '499' })).to.contain('is above dailyLimitDotm');
    expect(objection('sepolia', { entryCeilingDotm: '0' })).to.contain('nothing could be paid');
    expect(objection('sepolia', { entryCeilingDotm: '1.0000001' })).to.contain('at most 6 decimals');
    expect(objection('sepolia', { dailyLimitDotm: '1e9' })).to.contain('at most 6 decimals');
    expect(objection('sepolia', { adminDelayHours: 1.5 })).to.contain('whole number of hours');
    expect(objection('mainnet', { adminDelayHours: 23 })).to.contain('at least 24');
  });

  it('are refused with everything that is wrong at once', () => {
    expect(objection('mainnet', { admin: null, guardian: operator, adminDelayHours: 0 }).split(';')).to.have.length(3);
  });

  it('of the repository: a local chain can be launched at once, a public one waits for its accounts', () => {
    expect(() => launchTerms('local', readLaunchSettings('local'), deployer)).not.to.throw();
    for (const network of ['sepolia', 'mainnet'] as const) {
      const settings = readLaunchSettings(network);
      const named = { ...settings, admin, operator, guardian };
      expect(() => launchTerms(network, named, deployer)).not.to.throw();
    }
  });
});
