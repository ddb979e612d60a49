import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types';
import { network } from 'hardhat';
import { DotmLaunch__factory, DotmToken__factory, RewardDistributor__factory } from '../../bindings/index.ts';
import type { DotmToken, RewardDistributor } from '../../bindings/index.ts';

/** The one in-memory chain of a test run, with its tools. */
export const { ethers, ignition, networkHelpers, provider } = await network.getOrCreate();

/** Wei in one micro-DOTM. */
export const MICRO = 10n ** 12n;

/** A day in seconds, the time in which a limit refills. */
export const DAY = 86_400n;

/** Limits of a test world, in micro-DOTM: 10,000 DOTM a day, 500 DOTM for one entry. */
export const DAILY_LIMIT = 10_000_000_000n;
export const CEILING = 500_000_000n;

/** Seconds before a new admin may accept. */
export const ADMIN_DELAY = 2n * DAY;

/** Who takes part. `deployer` sent the launch and must hold nothing; `stranger` never holds anything. */
export interface People {
  readonly deployer: HardhatEthersSigner;
  readonly admin: HardhatEthersSigner;
  readonly operator: HardhatEthersSigner;
  readonly guardian: HardhatEthersSigner;
  readonly member: HardhatEthersSigner;
  readonly friend: HardhatEthersSigner;
  readonly stranger: HardhatEthersSigner;
}

/** Token and distributor as they are launched, with everybody who takes part. */
export interface World extends People {
  readonly token: DotmToken;
  readonly distributor: RewardDistributor;
}

/** Names the first accounts of the chain. */
export async function people(): Promise<People> {
  const [deployer, admin, operator, guardian, member, friend, stranger] = await ethers.getSigners();
  if (!deployer || !admin || !operator || !guardian || !member || !friend || !stranger) {
    throw new Error('the test chain has too few accounts');
  }
  return { deployer, admin, operator, guardian, member, friend, stranger };
}

/** Launches both contracts as a deployment does. Use it through `loadFixture`: each test then begins with the same chain. */
export async function launchedWorld(): Promise<World> {
  const who = await people();
  const made = await ethers.deployContract('DotmLaunch', [
    {
      admin: who.admin,
      operator: who.operator,
      guardian: who.guardian,
      adminDelay: ADMIN_DELAY,
      dailyLimitMicro: DAILY_LIMIT,
      entryCeilingMicro: CEILING,
    },
  ]);
  const launch = DotmLaunch__factory.connect(await made.getAddress(), who.deployer);
  return {
    ...who,
    token: DotmToken__factory.connect(await launch.token(), who.deployer),
    distributor: RewardDistributor__factory.connect(await launch.distributor(), who.deployer),
  };
}

/** Packs one entry of a batch. */
export function pack(to: string, amountMicro: bigint): bigint {
  return (BigInt(to) << 96n) | amountMicro;
}

/** Returns the hash that stands in the event of a batch. */
export function hashOf(entries: readonly bigint[]): string {
  return ethers.solidityPackedKeccak256(['uint256[]'], [entries]);
}

/** Returns `count` addresses that nobody holds, always the same. */
export function addresses(count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const hash = ethers.keccak256(ethers.toBeHex(index + 1, 32));
    return ethers.getAddress(ethers.dataSlice(hash, 12));
  });
}

/** Gives `to` tokens in the only way there is: a batch of its own. `batchId` must be fresh. */
export async function give(world: World, to: string, amountMicro: bigint, batchId: bigint): Promise<void> {
  await world.distributor.connect(world.operator).distribute(batchId, [pack(to, amountMicro)]);
}
