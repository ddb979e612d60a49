import { formatEther } from 'ethers';
import { params } from '../../platform/config.ts';
import type { Services } from '../../platform/container.ts';
import { attempt, ok, unchecked, wrong, type Finding } from './finding.ts';

/** Gas of a full batch (500 new holders), for which the signer should have ether at the highest fee that we pay. */
const gasOfBatch = 14_000_000n;

/**
 * Looks at what pays rewards: whether the node serves the chain of the settings and our contracts are there, whether the key signs, holds
 * the operator's role and has ether for gas. Prints the key's address, which is public and what the admin grants the role to. Signs nothing.
 */
export async function checkChain(services: Services): Promise<Finding[]> {
  return attempt('rewards on chain', 'correct the setting that it names', () => checkAll(services));
}

async function checkAll(services: Services): Promise<Finding[]> {
  const { chain } = services.policy;
  if (chain === null) {
    return [
      unchecked('rewards on chain', 'CHAIN_ID is empty: rewards accrue and wait', 'docs/runbooks/distribution.md'),
    ];
  }
  const node = await attempt('chain', 'check CHAIN_RPC_URL, CHAIN_TOKEN and CHAIN_DISTRIBUTOR', () =>
    checkContracts(services),
  );
  const key = await attempt(
    'key that pays',
    `check CHAIN_KMS_KEY and the key version: ${params.chainKmsKey.value()}`,
    () => checkSigner(services, chain.maxFeeWei),
  );
  return [...node, ...key];
}

async function checkContracts(services: Services): Promise<Finding[]> {
  const port = await services.chain();
  await port.checkNetwork();
  for (const [name, address] of [
    ['CHAIN_TOKEN', port.token],
    ['CHAIN_DISTRIBUTOR', port.distributor],
  ] as const) {
    if ((await port.codeOf(address)) === '0x') {
      return [wrong('contracts', `at ${name} (${address}) there is no contract`, 'docs/runbooks/token.md, "Go live"')];
    }
  }
  const { paused, dailyLimitMicro } = await port.readDistributor();
  if (paused) return [wrong('contracts', 'the distributor is paused', 'ask the guardian why; the admin ends it')];
  return [ok('contracts', `on chain ${port.chainId}, not paused, ${dailyLimitMicro / 1_000_000n} DOTM a day`)];
}

async function checkSigner(services: Services, maxFeeWei: bigint): Promise<Finding[]> {
  const address = await (await services.rewardSigner()).address();
  const port = await services.chain();
  const role = (await port.isOperator(address))
    ? ok('key that pays', `${address} is operator`)
    : wrong(
        'key that pays',
        `${address} is not operator`,
        `npm run call -w contracts -- <network> grant-operator ${address}`,
      );
  const [balance, needed] = [await port.balanceOf(address), gasOfBatch * maxFeeWei];
  const seen = `${formatEther(balance)} ether`;
  const enough =
    balance >= needed
      ? ok('ether for gas', `${seen}: enough for a full batch at the highest fee`)
      : wrong('ether for gas', `${seen}; a full batch may cost ${formatEther(needed)}`, `send ether to ${address}`);
  return [role, enough];
}
