import type { LaunchAddresses } from './inspect-launch.ts';
import type { LaunchTerms } from './launch-terms.ts';

/** What `deployments/<network>.json` holds. */
export interface LaunchRecord extends LaunchAddresses {
  readonly chainId: number;
  readonly block: number;
  readonly transaction: string;
  readonly deployer: string;
  /** The terms as text, because JSON has no big numbers. */
  readonly terms: Readonly<Record<keyof LaunchTerms, string>>;
}

/** What an explorer needs to be told of one contract. */
export interface Verification {
  readonly address: string;
  readonly contract: string;
  readonly constructorArgs: readonly unknown[];
}

/** Returns what an explorer needs to be told of each contract of a launch. */
export function verifications({ launch, token, distributor, terms }: LaunchRecord): Verification[] {
  const { admin, adminDelay, operator, guardian, dailyLimitMicro, entryCeilingMicro } = terms;
  const limits = [dailyLimitMicro, entryCeilingMicro];
  return [
    {
      address: launch,
      contract: 'contracts/DotmLaunch.sol:DotmLaunch',
      constructorArgs: [{ ...terms }],
    },
    {
      address: token,
      contract: 'contracts/DotmToken.sol:DotmToken',
      constructorArgs: [admin, adminDelay, distributor],
    },
    {
      address: distributor,
      contract: 'contracts/RewardDistributor.sol:RewardDistributor',
      constructorArgs: [token, admin, adminDelay, operator, guardian, ...limits],
    },
  ];
}
