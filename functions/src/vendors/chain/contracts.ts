import { getBytes, keccak256, toBeHex, Transaction, type Interface, type TransactionLike } from 'ethers';
import { DotmToken__factory } from '../../../../contracts/bindings/factories/DotmToken__factory.ts';
import { RewardDistributor__factory } from '../../../../contracts/bindings/factories/RewardDistributor__factory.ts';
import type { ChainLog, Hex } from './port.ts';
import type { TransactionFields, TypedFields } from './signer.ts';

/** Encodes and decodes what token and distributor understand. Asks nobody: pure functions. */
export const tokenInterface = DotmToken__factory.createInterface();
export const distributorInterface = RewardDistributor__factory.createInterface();

/** One member's part of a batch, in micro-DOTM. */
export interface BatchEntry {
  readonly address: string;
  readonly amountMicro: bigint;
}

/** A payment that the chain tells of: the only proof that a batch was paid. */
export interface BatchPaid {
  readonly batchId: bigint;
  readonly entriesHash: Hex;
  readonly entries: bigint;
  readonly totalMicro: bigint;
  readonly log: ChainLog;
}

const wordDigits = 64;
const amountBits = 96n;

/**
 * Packs entries as the contracts take them: a word for each, address and micro-DOTM. Throws RangeError for an amount that is not above
 * zero or does not fit, and for what is no address.
 */
export function packEntries(entries: readonly BatchEntry[]): Hex {
  const words = entries.map(({ address, amountMicro }) => {
    if (!/^0x[0-9a-f]{40}$/i.test(address)) throw new RangeError('an entry names no address');
    if (amountMicro <= 0n || amountMicro >= 1n << amountBits) {
      throw new RangeError(`an entry must pay something that fits, got ${amountMicro} micro-DOTM`);
    }
    return ((BigInt(address) << amountBits) | amountMicro).toString(16).padStart(wordDigits, '0');
  });
  return `0x${words.join('')}`;
}

/** Takes packed entries apart again. */
export function unpackEntries(words: string): BatchEntry[] {
  return splitWords(words).map((word) => ({
    address: `0x${(word >> amountBits).toString(16).padStart(40, '0')}`,
    amountMicro: word & ((1n << amountBits) - 1n),
  }));
}

function splitWords(words: string): bigint[] {
  const digits = words.slice(2);
  return Array.from({ length: digits.length / wordDigits }, (_, index) =>
    BigInt(`0x${digits.slice(index * wordDigits, (index + 1) * wordDigits)}`),
  );
}

/** The hash of packed entries that stands in the event of their payment. */
export function hashEntries(words: string): Hex {
  return keccak256(words) as Hex;
}

/** The call that pays batch `batchId`. */
export function distributeCall(batchId: bigint, words: string): Hex {
  return distributorInterface.encodeFunctionData('distribute', [batchId, splitWords(words)]) as Hex;
}

const batchPaidEvent = distributorInterface.getEvent('BatchPaid');

/** Topics that find the payments of these batches, or of all without them. */
export function batchPaidTopics(batchIds?: readonly bigint[]): (Hex | Hex[])[] {
  const topic = batchPaidEvent.topicHash as Hex;
  return batchIds === undefined ? [topic] : [topic, batchIds.map((id) => toBeHex(id, 32) as Hex)];
}

/** Reads the event of a payment; null for any other event. */
export function readBatchPaid(log: ChainLog): BatchPaid | null {
  if (log.topics[0] !== batchPaidEvent.topicHash) return null;
  const [batchId, entriesHash, entries, totalMicro] = distributorInterface.decodeEventLog(
    batchPaidEvent,
    log.data,
    log.topics,
  ) as unknown as [bigint, Hex, bigint, bigint];
  return { batchId, entriesHash, entries, totalMicro, log };
}

/** Tokens that changed hands, in wei; from the zero address when they were minted. */
export interface Transfer {
  readonly from: Hex;
  readonly to: Hex;
  readonly amount: bigint;
  readonly log: ChainLog;
}

/** The topic of a transfer of tokens. */
export const transferTopic = tokenInterface.getEvent('Transfer').topicHash as Hex;

/** Reads the event of a transfer. */
export function readTransfer(log: ChainLog): Transfer {
  const [, from = '', to = ''] = log.topics;
  return { from: `0x${from.slice(26)}`, to: `0x${to.slice(26)}`, amount: BigInt(log.data), log };
}

/** OpenZeppelin's Pausable and the token's cap have errors of their own: all that a refusal of `distribute` can carry. */
const errors = [distributorInterface, tokenInterface] as const;

/** Names the error that a contract refused with, `unknown` when it is none of ours. */
export function revertReason(data: unknown): string {
  if (typeof data !== 'string' || !/^0x[0-9a-f]{8}/i.test(data)) return 'unknown';
  for (const known of errors) {
    const error = (known as Interface).parseError(data);
    if (error) return error.name;
  }
  return 'unknown';
}

/** The transaction in the library's words. */
export function toEip1559(fields: TransactionFields): TransactionLike<string> & { type: 2 } {
  return {
    type: 2,
    chainId: fields.chainId,
    nonce: fields.nonce,
    to: fields.to,
    data: fields.data,
    value: 0n,
    gasLimit: fields.gasLimit,
    maxFeePerGas: fields.maxFeeWei,
    maxPriorityFeePerGas: fields.tipWei,
  };
}

/** Typed fields in the library's words: it wants arrays that it could change. */
export function toTypedDataFields(types: TypedFields): Record<string, { name: string; type: string }[]> {
  return Object.fromEntries(Object.entries(types).map(([name, fields]) => [name, [...fields]]));
}

/** The name of a signed transaction on the chain. */
export function hashOfRaw(raw: string): Hex {
  return keccak256(getBytes(raw)) as Hex;
}

/** Reads a signed transaction: who signed it, and with which fields. For looking at what was stored. */
export function readRaw(raw: string): { from: Hex | null; nonce: number; data: Hex } {
  const transaction = Transaction.from(raw);
  return {
    from: (transaction.from?.toLowerCase() ?? null) as Hex | null,
    nonce: transaction.nonce,
    data: transaction.data as Hex,
  };
}
