/**
 * Publishes the sources of a launch on the explorer: `npm run verify -w contracts -- sepolia`. Needs ETHERSCAN_API_KEY in the keystore.
 * Safe to repeat: what is verified stays so. Token and distributor were made by another contract, so that the arguments of their
 * constructors are taken from the record of the launch.
 */
import { verifyContract } from '@nomicfoundation/hardhat-verify/verify';
import hre from 'hardhat';
import { isLaunchNetwork } from './launch-terms.ts';
import { readLaunchRecord } from './records.ts';
import { verifications } from './verifications.ts';

const name = process.argv[2];
if (!isLaunchNetwork(name) || name === 'local') throw new Error('usage: verify sepolia|mainnet');
hre.globalOptions.network = name;
for (const one of verifications(readLaunchRecord(name))) {
  process.stdout.write(`${one.contract} at ${one.address}\n`);
  await verifyContract({ ...one, constructorArgs: [...one.constructorArgs], provider: 'etherscan' }, hre);
}
