import type { ContractRunner, TransactionReceipt } from 'ethers';
import { DotmToken__factory, RewardDistributor__factory } from '../bindings/index.ts';
import type { LaunchTerms } from './launch-terms.ts';

/** Where a launch put its contracts. */
export interface LaunchAddresses {
  readonly launch: string;
  readonly token: string;
  readonly distributor: string;
}

const ADMIN_ROLE = '0x'.padEnd(66, '0');

/**
 * Compares what a launch did with its terms and returns each difference as one line; none means that all is as it should be. Roles
 * and limits are read from the log of the transaction, so that a role which somebody got besides is seen as well.
 */
export async function inspectLaunch(
  addresses: LaunchAddresses,
  terms: LaunchTerms,
  receipt: TransactionReceipt,
  reader: ContractRunner,
): Promise<string[]> {
  const token = DotmToken__factory.connect(addresses.token, reader);
  const distributor = RewardDistributor__factory.connect(addresses.distributor, reader);
  const [minter, operator, guardian] = await Promise.all([
    token.MINTER_ROLE(),
    distributor.OPERATOR_ROLE(),
    distributor.GUARDIAN_ROLE(),
  ]);
  const happened = eventsOf(receipt, addresses);
  const expected = [
    `${addresses.token} RoleGranted ${ADMIN_ROLE} ${terms.admin}`,
    `${addresses.token} RoleGranted ${minter} ${addresses.distributor}`,
    `${addresses.distributor} RoleGranted ${ADMIN_ROLE} ${terms.admin}`,
    `${addresses.distributor} RoleGranted ${operator} ${terms.operator}`,
    `${addresses.distributor} RoleGranted ${guardian} ${terms.guardian}`,
    `${addresses.distributor} LimitsSet ${terms.dailyLimitMicro} ${terms.entryCeilingMicro}`,
  ];
  const delays = await Promise.all([token.defaultAdminDelay(), distributor.defaultAdminDelay()]);
  return [
    ...expected.filter((event) => !happened.includes(event)).map((event) => `missing: ${event}`),
    ...happened.filter((event) => !expected.includes(event)).map((event) => `not asked for: ${event}`),
    ...((await distributor.token()) === addresses.token ? [] : ['the distributor pays another token']),
    ...(delays.every((delay) => delay === terms.adminDelay) ? [] : [`admin delay is ${delays.join(' and ')} seconds`]),
  ];
}

/** Writes each role that was given or taken and each limit that was set as contract, event and values. */
function eventsOf(receipt: TransactionReceipt, { token, distributor }: LaunchAddresses): string[] {
  const readers = {
    [token]: DotmToken__factory.createInterface(),
    [distributor]: RewardDistributor__factory.createInterface(),
  };
  return receipt.logs.flatMap((log) => {
    const event = readers[log.address]?.parseLog(log);
    if (!event || !/^(Role|Limits)/.test(event.name)) return [];
    // Who gave a role is always the launch itself.
    return [`${log.address} ${event.name} ${event.args.slice(0, 2).map(String).join(' ')}`];
  });
}
