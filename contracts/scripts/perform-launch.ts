import { existsSync } from 'node:fs';
import path from 'node:path';
import { listTransactions } from '@nomicfoundation/ignition-core';
import type { NetworkConnection } from 'hardhat/types/network';
import hre from 'hardhat';
import dotmLaunch from '../ignition/modules/dotm-launch.ts';
import { inspectLaunch } from './inspect-launch.ts';
import { launchTerms } from './launch-terms.ts';
import type { LaunchNetwork, LaunchSettings } from './launch-terms.ts';
import type { LaunchRecord } from './verifications.ts';

/** Blocks to wait for on a public network. */
const CONFIRMATIONS = 5;

/** A local chain mines on demand: a second block never comes, and the first is there at once. */
const AT_ONCE = { requiredConfirmations: 1, blockPollingInterval: 50 };

/**
 * Launches the contracts on the network of `connection` with its first account, and returns the record of it. Safe to repeat: Ignition
 * goes on where it stopped, and contracts that are there are only looked at. Throws before anything is sent when the settings are
 * wrong ({@link launchTerms}), and afterwards when the chain does not show exactly what they say.
 */
export async function performLaunch(
  name: LaunchNetwork,
  settings: LaunchSettings,
  { ethers, ignition }: Pick<NetworkConnection, 'ethers' | 'ignition'>,
  options: { readonly displayUi?: boolean } = {},
): Promise<LaunchRecord> {
  const [deployer] = await ethers.getSigners();
  if (!deployer) throw new Error(`${name} has no account to deploy with: see docs/runbooks/token.md`);
  const terms = launchTerms(name, settings, deployer.address);
  const { chainId } = await ethers.provider.getNetwork();
  // A local chain is thrown away; a journal of it would only tell of contracts that are gone.
  const deploymentId = name === 'local' ? undefined : `chain-${chainId}`;
  const made = await ignition.deploy(dotmLaunch, {
    parameters: { DotmLaunch: { terms: { ...terms } } },
    config: name === 'local' ? AT_ONCE : { requiredConfirmations: CONFIRMATIONS },
    displayUi: options.displayUi ?? false,
    ...(deploymentId === undefined ? {} : { deploymentId }),
  });
  const addresses = {
    launch: await made.launch.getAddress(),
    token: await made.token.getAddress(),
    distributor: await made.distributor.getAddress(),
  };
  const transaction = await transactionOf(addresses.launch, deploymentId, ethers);
  const receipt = await ethers.provider.getTransactionReceipt(transaction);
  if (receipt === null) throw new Error(`the chain does not know the launch ${transaction}`);
  const differences = await inspectLaunch(addresses, terms, receipt, ethers.provider);
  if (differences.length > 0) throw new Error(`the launch is not what was asked for: ${differences.join('; ')}`);
  const record = { chainId: Number(chainId), ...addresses, block: receipt.blockNumber, transaction };
  const written = Object.fromEntries(Object.entries(terms).map(([key, value]) => [key, String(value)]));
  return { ...record, deployer: receipt.from, terms: written as LaunchRecord['terms'] };
}

/** Returns the hash of the transaction that made `launch`: from Ignition's journal, else from the log of a local chain. */
async function transactionOf(
  launch: string,
  deploymentId: string | undefined,
  ethers: NetworkConnection['ethers'],
): Promise<string> {
  const folder = path.join(hre.config.paths.ignition, 'deployments', deploymentId ?? '');
  if (deploymentId !== undefined && existsSync(folder)) {
    const sent = await listTransactions(folder, { loadArtifact: (name) => hre.artifacts.readArtifact(name) });
    const found = sent.find((one) => one.address === launch);
    if (found) return found.txHash;
  }
  const [log] = await ethers.provider.getLogs({ address: launch, fromBlock: 0 });
  if (!log) throw new Error(`no transaction is known that made ${launch}`);
  return log.transactionHash;
}
