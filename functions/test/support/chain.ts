import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { id, JsonRpcProvider, parseUnits, Wallet } from 'ethers';
import {
  DotmLaunch__factory,
  DotmToken__factory,
  RewardDistributor__factory,
} from '../../../contracts/bindings/index.ts';
import { launchTerms, readLaunchSettings } from '../../../contracts/scripts/launch-terms.ts';
import { CHAIN_ID, findChain } from '../../../dev/chain.ts';
import { freePort } from '../../../dev/net.ts';
import type { ChainSettings } from '../../src/platform/chain-settings.ts';
import type { Services } from '../../src/platform/container.ts';
import { createChainClient } from '../../src/vendors/chain/client.ts';
import { createLocalSigner } from '../../src/vendors/chain/local-signer.ts';
import type { ChainPort, Hex } from '../../src/vendors/chain/port.ts';
import type { ChainSigner } from '../../src/vendors/chain/signer.ts';

/** Keys of the accounts that every Anvil begins with, as contracts/deploy/local.json gives them roles. Everybody knows them. */
export const anvilKeys = {
  deployer: '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80',
  admin: '0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d',
  operator: '0x5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a',
  guardian: '0x7c852118294e51e653712a81e05800f419141751be58f605c371e15141b007a6',
  member: '0x47e179ec197488593b187f80a00eb0da91f1b9d0b13f8733639f19c30a34926a',
} as const;

/** Why a test that needs a chain can't run here; null where it can. For `it.skipIf`. */
export const chainMissing: string | null = (() => {
  const program = findChain();
  return program.kind === 'none' ? program.reason : null;
})();

/** Options of a test's chain. */
export interface TestChainOptions {
  /** A block for each transaction, as a local world has it (true), or only on `mine` (false, the default). */
  readonly automine?: boolean;
  readonly dailyLimitDotm?: string;
  readonly entryCeilingDotm?: string;
  /** Gas that fits into a block; Anvil's own limit unless told. */
  readonly blockGas?: number;
}

/** An Anvil of one test with our contracts, and the services that reach it. */
export interface TestChain {
  readonly rpcUrl: string;
  /** What `Policy.chain` is to be. One confirmation, no explorer. */
  readonly settings: ChainSettings;
  readonly port: ChainPort;
  readonly signer: ChainSigner;
  /** Spread it over the services of a test: they then pay on this chain. */
  readonly services: Pick<Services, 'chain' | 'rewardSigner'>;
  /** For what no port of ours does: roles, limits, transfers. */
  readonly provider: JsonRpcProvider;
  /** Asks the node itself, such as `anvil_dropTransaction`. */
  rpc<T = unknown>(method: string, params?: readonly unknown[]): Promise<T>;
  /** Mines so many blocks; the transactions that wait go into the first. */
  mine(blocks?: number): Promise<void>;
  /** Takes the chain back to where it was before its last `blocks` blocks, whose transactions wait no more. */
  reorganise(blocks: number): Promise<void>;
  balanceOf(address: string): Promise<bigint>;
  /** Sets both limits, in whole DOTM. */
  setLimits(dailyDotm: string, entryDotm: string): Promise<void>;
  grantOperator(account: string): Promise<void>;
  pause(): Promise<void>;
  unpause(): Promise<void>;
  /** Pays a batch as somebody does who has stolen the operator's key. The transaction waits to be mined, unless blocks come by themselves. */
  distributeAs(privateKey: string, batchId: bigint, entries: readonly bigint[]): Promise<string>;
  stop(): Promise<void>;
}

/** Anvil answers within a tenth of a second; a busy machine takes longer. */
const startTimeoutMs = 30_000;

/** Starts an Anvil on a free port and launches the contracts on it. Call `stop` in `afterAll`. Throws where there is no Anvil. */
export async function startTestChain(options: TestChainOptions = {}): Promise<TestChain> {
  const program = findChain();
  if (program.kind === 'none') throw new Error(program.reason);
  const port = await freePort();
  const args = [
    '--port',
    String(port),
    '--chain-id',
    String(CHAIN_ID),
    '--hardfork',
    'prague',
    '--quiet',
    '--no-request-size-limit',
  ];
  if (options.blockGas !== undefined) args.push('--gas-limit', String(options.blockGas));
  const child = spawn(program.file, args, { stdio: 'ignore' });
  const rpcUrl = `http://127.0.0.1:${String(port)}`;
  const provider = new JsonRpcProvider(rpcUrl, CHAIN_ID, { staticNetwork: true, cacheTimeout: -1, batchMaxCount: 1 });
  const rpc = <T>(method: string, params: readonly unknown[] = []) => provider.send(method, [...params]) as Promise<T>;
  try {
    await untilAnswering(child, rpc);
    const made = await launch(provider, options);
    await rpc('evm_setAutomine', [options.automine ?? false]);
    return toTestChain(child, provider, rpcUrl, rpc, made);
  } catch (error) {
    child.kill('SIGKILL');
    provider.destroy();
    throw error;
  }
}

async function untilAnswering(child: ChildProcess, rpc: TestChain['rpc']): Promise<void> {
  const deadline = Date.now() + startTimeoutMs;
  for (;;) {
    try {
      await rpc('eth_chainId');
      return;
    } catch (error) {
      if (child.exitCode !== null || Date.now() > deadline) throw new Error('Anvil does not answer', { cause: error });
      await wait(25);
    }
  }
}

interface Made {
  token: Hex;
  distributor: Hex;
  startBlock: number;
}

async function launch(provider: JsonRpcProvider, options: TestChainOptions): Promise<Made> {
  const local = readLaunchSettings('local');
  const settings = {
    ...local,
    dailyLimitDotm: options.dailyLimitDotm ?? local.dailyLimitDotm,
    entryCeilingDotm: options.entryCeilingDotm ?? local.entryCeilingDotm,
  };
  const deployer = new Wallet(anvilKeys.deployer, provider);
  const launched = await new DotmLaunch__factory(deployer).deploy(launchTerms('local', settings, deployer.address));
  const receipt = await launched.deploymentTransaction()?.wait(1, startTimeoutMs);
  return {
    token: (await launched.token()).toLowerCase() as Hex,
    distributor: (await launched.distributor()).toLowerCase() as Hex,
    startBlock: receipt?.blockNumber ?? 0,
  };
}

function toTestChain(
  child: ChildProcess,
  provider: JsonRpcProvider,
  rpcUrl: string,
  rpc: TestChain['rpc'],
  made: Made,
): TestChain {
  const settings: ChainSettings = {
    chainId: CHAIN_ID,
    token: made.token,
    distributor: made.distributor,
    startBlock: made.startBlock,
    confirmations: 1,
    explorerUrl: '',
    maxFeeWei: parseUnits('100', 'gwei'),
    gasPerEntry: 27_000,
    runBudgetMicro: parseUnits('1000000', 6),
    approvalAboveMicro: parseUnits('1000000', 6),
  };
  const port = createChainClient({ ...settings, rpcUrl });
  const signer = createLocalSigner(anvilKeys.operator);
  const token = DotmToken__factory.connect(made.token, provider);
  /** Sends as one of the accounts whose keys the node holds, and has it in a block. */
  async function act(from: string, data: string): Promise<void> {
    const nonce = await provider.getTransactionCount(from, 'latest');
    const fees = { maxFeePerGas: parseUnits('90', 'gwei'), maxPriorityFeePerGas: parseUnits('2', 'gwei') };
    const signed = await new Wallet(
      from === address('guardian') ? anvilKeys.guardian : anvilKeys.admin,
    ).signTransaction({
      ...fees,
      type: 2,
      chainId: CHAIN_ID,
      nonce,
      to: made.distributor,
      data,
      gasLimit: 200_000n,
    });
    await rpc('eth_sendRawTransaction', [signed]);
    await rpc('evm_mine');
  }
  const contract = RewardDistributor__factory.createInterface();
  return {
    rpcUrl,
    settings,
    port,
    signer,
    services: { chain: async () => port, rewardSigner: async () => signer },
    provider,
    rpc,
    mine: async (blocks = 1) => {
      for (let mined = 0; mined < blocks; mined += 1) await rpc('evm_mine');
    },
    reorganise: async (blocks) => {
      await rpc('anvil_rollback', [blocks]);
    },
    balanceOf: (holder) => token.balanceOf(holder),
    setLimits: (dailyDotm, entryDotm) =>
      act(
        address('admin'),
        contract.encodeFunctionData('setLimits', [parseUnits(dailyDotm, 6), parseUnits(entryDotm, 6)]),
      ),
    grantOperator: (account) =>
      act(address('admin'), contract.encodeFunctionData('grantRole', [id('OPERATOR_ROLE'), account])),
    pause: () => act(address('guardian'), contract.encodeFunctionData('pause')),
    unpause: () => act(address('admin'), contract.encodeFunctionData('unpause')),
    async distributeAs(privateKey, batchId, entries) {
      const wallet = new Wallet(privateKey);
      const signed = await wallet.signTransaction({
        type: 2,
        chainId: CHAIN_ID,
        nonce: await provider.getTransactionCount(wallet.address, 'latest'),
        to: made.distributor,
        data: contract.encodeFunctionData('distribute', [batchId, [...entries]]),
        gasLimit: 1_000_000n,
        maxFeePerGas: parseUnits('90', 'gwei'),
        maxPriorityFeePerGas: parseUnits('50', 'gwei'),
      });
      return rpc<string>('eth_sendRawTransaction', [signed]);
    },
    async stop() {
      provider.destroy();
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function address(role: keyof typeof anvilKeys): string {
  return new Wallet(anvilKeys[role]).address;
}
