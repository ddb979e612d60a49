/** Bytes as text: 0x and two hex digits for each. Addresses and hashes are such text, in lower case. */
export type Hex = `0x${string}`;

/** A block, as far as we look at one. */
export interface Block {
  readonly number: number;
  readonly hash: Hex;
  readonly at: Date;
  /** What a unit of gas costs at least in it, in wei. */
  readonly baseFeeWei: bigint;
}

/** Which block to look at: by number, the newest, or the newest that can't be taken back. */
export type BlockTag = number | 'latest' | 'finalized';

/** A question to the chain that changes nothing. */
export interface Call {
  readonly from?: string;
  readonly to: string;
  readonly data: Hex;
  /** The most gas that it may burn, where the contract is a stranger's. One that wants more refuses, as far as we are concerned. */
  readonly gas?: bigint;
}

/** What became of a transaction that is in a block. */
export interface Receipt {
  readonly blockNumber: number;
  readonly blockHash: Hex;
  /** False when the contract refused it; it has used up its nonce and its gas all the same. */
  readonly succeeded: boolean;
  readonly gasUsed: bigint;
}

/** One event of a contract. */
export interface ChainLog {
  readonly address: Hex;
  readonly topics: readonly Hex[];
  readonly data: Hex;
  readonly blockNumber: number;
  readonly blockHash: Hex;
  readonly transactionHash: Hex;
  /** Place among all events of its block. */
  readonly index: number;
}

/** Which events to look for. A topic is one value, one of several, or any (null). Both blocks are included. */
export interface LogFilter {
  readonly address: string;
  readonly topics: readonly (Hex | readonly Hex[] | null)[];
  readonly fromBlock: number;
  readonly toBlock: number;
}

/** State of the token, in wei. */
export interface TokenState {
  readonly supplyWei: bigint;
  readonly capWei: bigint;
}

/** State of the contract that pays rewards, in micro-DOTM. */
export interface DistributorState {
  readonly paused: boolean;
  readonly leftMicro: bigint;
  readonly dailyLimitMicro: bigint;
  readonly entryCeilingMicro: bigint;
}

/**
 * What a node said to a signed transaction. None of it proves anything about payment: `known` may be dropped again, and `nonce_spent`
 * may be this very transaction. `no_funds`: the sender can't pay the gas. `underpriced`: another one with its nonce offers more, or
 * it is below what the node takes.
 */
export type SendOutcome = 'taken' | 'known' | 'nonce_spent' | 'underpriced' | 'no_funds' | 'refused';

/**
 * An Ethereum chain with our contracts, in our words. Whatever the node can't answer throws `vendor.unavailable`; a message names the
 * method and never address, transaction or the node's own address, which holds a key.
 */
export interface ChainPort {
  /** The chain that the settings name. */
  readonly chainId: number;
  readonly token: Hex;
  readonly distributor: Hex;
  /** Throws `vendor.unavailable` when the node serves another chain than the settings name. */
  checkNetwork(): Promise<void>;
  /** Null when there is no such block, or none is final yet. */
  readBlock(tag: BlockTag): Promise<Block | null>;
  /** How many transactions of `address` are in the chain up to that block: the next nonce. The newest block unless told. */
  nonceOf(address: string, block?: BlockTag): Promise<number>;
  /** In wei. */
  balanceOf(address: string): Promise<bigint>;
  /** `0x` where no contract is. */
  codeOf(address: string): Promise<Hex>;
  /** Throws CallReverted when the contract refuses. At the newest block unless told. */
  call(call: Call, block?: BlockTag): Promise<Hex>;
  /** Gas that it would take now. Throws CallReverted when the contract refuses. */
  estimateGas(call: Call): Promise<bigint>;
  sendRaw(raw: string): Promise<SendOutcome>;
  /** Null while it is in no block. */
  receiptOf(hash: string): Promise<Receipt | null>;
  /** Whether the node has the transaction, in a block or waiting. */
  isKnown(hash: string): Promise<boolean>;
  /** Oldest first; asks in parts where the range is long. */
  logsOf(filter: LogFilter): Promise<ChainLog[]>;
  readToken(block?: BlockTag): Promise<TokenState>;
  readDistributor(block?: BlockTag): Promise<DistributorState>;
  isOperator(address: string): Promise<boolean>;
  /** At the newest block unless told. */
  isPaid(batchId: bigint, block?: BlockTag): Promise<boolean>;
}

/** A contract refused a call. `reason` is the name of its error, such as `DailyLimitExceeded`, or `unknown`. */
export class CallReverted extends Error {
  readonly reason: string;
  constructor(reason: string) {
    super(`the contract refuses the call: ${reason}`);
    this.name = 'CallReverted';
    this.reason = reason;
  }
}
