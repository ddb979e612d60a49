import { FetchRequest, JsonRpcProvider, Network, toQuantity, type Interface } from 'ethers';
import { vendorError } from '../failure.ts';
import { distributorInterface, revertReason, tokenInterface } from './contracts.ts';
import {
  CallReverted,
  type BlockTag,
  type Call,
  type ChainLog,
  type ChainPort,
  type Hex,
  type LogFilter,
} from './port.ts';
import { chainFailure, outcomeOfRefusal, revertData } from './errors.ts';

/** How to reach the chain. Addresses in any spelling. */
export interface ChainOptions {
  readonly rpcUrl: string;
  readonly chainId: number;
  readonly token: string;
  readonly distributor: string;
  /** For one call. */
  readonly timeoutMs?: number;
}

/** A node answers within a second; what takes longer than this has been lost. */
const defaultTimeoutMs = 15_000;

/** Blocks of one question for events: public nodes refuse more than some thousands. */
const blocksPerQuestion = 2_000;

/**
 * Makes the chain that a node serves over JSON-RPC. It never asks for the network by itself, keeps nothing between two calls, and
 * repeats nothing: the caller comes back anyway.
 */
export function createChainClient(options: ChainOptions): ChainPort {
  const request = new FetchRequest(options.rpcUrl);
  request.timeout = options.timeoutMs ?? defaultTimeoutMs;
  // The library would wait and repeat for minutes when a node limits us; a job comes back later instead.
  request.setThrottleParams({ maxAttempts: 1 });
  const provider = new JsonRpcProvider(request, undefined, {
    staticNetwork: Network.from(options.chainId),
    // One question, one request: a batch waits for its slowest part, and some nodes refuse it.
    batchMaxCount: 1,
    cacheTimeout: -1,
  });
  const token = options.token.toLowerCase() as Hex;
  const distributor = options.distributor.toLowerCase() as Hex;

  async function ask<T>(method: string, params: readonly unknown[]): Promise<T> {
    try {
      return (await provider.send(method, [...params])) as T;
    } catch (error) {
      throw chainFailure(method, error);
    }
  }

  /** As `ask`, for what a contract may refuse. */
  async function askContract<T>(method: string, params: readonly unknown[]): Promise<T> {
    try {
      return (await provider.send(method, [...params])) as T;
    } catch (error) {
      const data = revertData(error);
      if (data !== null) throw new CallReverted(revertReason(data));
      throw chainFailure(method, error);
    }
  }

  const call = (parts: Call, block: BlockTag = 'latest'): Promise<Hex> =>
    askContract('eth_call', [withoutUndefined(parts), tagOf(block)]);

  async function read(
    contract: Interface,
    to: Hex,
    name: string,
    values: readonly unknown[],
    block: BlockTag = 'latest',
  ): Promise<unknown> {
    const data = contract.encodeFunctionData(name, [...values]) as Hex;
    const answer = await call({ to, data }, block);
    if (answer === '0x') throw vendorError('unavailable', `${name}: there is no contract of ours on this chain`);
    const [value] = contract.decodeFunctionResult(name, answer) as Iterable<unknown>;
    return value;
  }

  const port: ChainPort = {
    chainId: options.chainId,
    token,
    distributor,

    async checkNetwork() {
      const served = Number(await ask<string>('eth_chainId', []));
      if (served !== options.chainId) {
        throw vendorError(
          'unavailable',
          `the node serves chain ${served}, the settings name ${options.chainId}: mend CHAIN_RPC_URL or CHAIN_ID`,
        );
      }
    },

    async readBlock(tag) {
      const block = await ask<RpcBlock | null>('eth_getBlockByNumber', [tagOf(tag), false]);
      return (
        block && {
          number: Number(block.number),
          hash: block.hash,
          at: new Date(Number(block.timestamp) * 1000),
          baseFeeWei: BigInt(block.baseFeePerGas ?? '0x0'),
        }
      );
    },

    nonceOf: async (address, block = 'latest') =>
      Number(await ask<string>('eth_getTransactionCount', [address, tagOf(block)])),

    balanceOf: async (address) => BigInt(await ask<string>('eth_getBalance', [address, 'latest'])),

    codeOf: (address) => ask<Hex>('eth_getCode', [address, 'latest']),

    call,

    estimateGas: async (parts) => BigInt(await askContract<string>('eth_estimateGas', [withoutUndefined(parts)])),

    async sendRaw(raw) {
      try {
        await provider.send('eth_sendRawTransaction', [raw]);
        return 'taken';
      } catch (error) {
        const outcome = outcomeOfRefusal(error);
        if (outcome === null) throw chainFailure('eth_sendRawTransaction', error);
        return outcome;
      }
    },

    async receiptOf(hash) {
      const receipt = await ask<RpcReceipt | null>('eth_getTransactionReceipt', [hash]);
      return (
        receipt && {
          blockNumber: Number(receipt.blockNumber),
          blockHash: receipt.blockHash,
          succeeded: BigInt(receipt.status) === 1n,
          gasUsed: BigInt(receipt.gasUsed),
        }
      );
    },

    isKnown: async (hash) => (await ask<unknown>('eth_getTransactionByHash', [hash])) !== null,

    async logsOf(filter) {
      const found: ChainLog[] = [];
      for (let from = filter.fromBlock; from <= filter.toBlock; from += blocksPerQuestion) {
        const to = Math.min(filter.toBlock, from + blocksPerQuestion - 1);
        found.push(...(await ask<RpcLog[]>('eth_getLogs', [logQuestion(filter, from, to)])).map(toLog));
      }
      return found;
    },

    async readToken(block) {
      const [supply, cap] = await Promise.all([
        read(tokenInterface, token, 'totalSupply', [], block),
        read(tokenInterface, token, 'cap', [], block),
      ]);
      return { supplyWei: supply as bigint, capWei: cap as bigint };
    },

    async readDistributor(block) {
      const [paused, left, limit, ceiling] = await Promise.all(
        ['paused', 'leftNowMicro', 'dailyLimitMicro', 'entryCeilingMicro'].map((name) =>
          read(distributorInterface, distributor, name, [], block),
        ),
      );
      return {
        paused: paused as boolean,
        leftMicro: left as bigint,
        dailyLimitMicro: limit as bigint,
        entryCeilingMicro: ceiling as bigint,
      };
    },

    async isOperator(address) {
      const role = await read(distributorInterface, distributor, 'OPERATOR_ROLE', []);
      return (await read(distributorInterface, distributor, 'hasRole', [role, address])) as boolean;
    },

    isPaid: async (batchId, block) =>
      (await read(distributorInterface, distributor, 'isPaid', [batchId], block)) as boolean,
  };
  return port;
}

interface RpcBlock {
  number: string;
  hash: Hex;
  timestamp: string;
  baseFeePerGas?: string;
}

interface RpcReceipt {
  blockNumber: string;
  blockHash: Hex;
  status: string;
  gasUsed: string;
}

interface RpcLog {
  address: Hex;
  topics: Hex[];
  data: Hex;
  blockNumber: string;
  blockHash: Hex;
  transactionHash: Hex;
  logIndex: string;
}

function toLog(log: RpcLog): ChainLog {
  return {
    address: log.address.toLowerCase() as Hex,
    topics: log.topics,
    data: log.data,
    blockNumber: Number(log.blockNumber),
    blockHash: log.blockHash,
    transactionHash: log.transactionHash,
    index: Number(log.logIndex),
  };
}

function tagOf(tag: BlockTag): string {
  return typeof tag === 'number' ? toQuantity(tag) : tag;
}

function logQuestion(filter: LogFilter, from: number, to: number): object {
  return { address: filter.address, topics: filter.topics, fromBlock: toQuantity(from), toBlock: toQuantity(to) };
}

function withoutUndefined(parts: Call): Record<string, string> {
  return {
    to: parts.to,
    data: parts.data,
    ...(parts.from === undefined ? {} : { from: parts.from }),
    ...(parts.gas === undefined ? {} : { gas: toQuantity(parts.gas) }),
  };
}
