import { weiPerMicro, zeroAddress } from '../../../domain/rewards/payout-batches.ts';
import type { IndexedBlocks, IndexedPayout } from '../../../store/chain-index.ts';
import {
  batchPaidTopics,
  readBatchPaid,
  readTransfer,
  transferTopic,
  type Transfer,
} from '../../../vendors/chain/contracts.ts';
import type { Block, ChainLog, ChainPort } from '../../../vendors/chain/port.ts';

/** What some blocks have changed, before anybody knows which payouts are ours. */
export interface ReadBlocks extends Omit<IndexedBlocks, 'payouts'> {
  readonly payouts: readonly Omit<IndexedPayout, 'ours'>[];
  /** Transactions that minted another sum than their batches say: somebody else minted. By place: block and event. */
  readonly strayMints: readonly string[];
}

/** Reads all that happened to the token between two blocks, both included. `last` is the second of them. */
export async function readBlocks(port: ChainPort, fromBlock: number, last: Block): Promise<ReadBlocks> {
  const range = { fromBlock, toBlock: last.number };
  const transfers = (await port.logsOf({ address: port.token, topics: [transferTopic], ...range })).map(readTransfer);
  const paid = (await port.logsOf({ address: port.distributor, topics: batchPaidTopics(), ...range }))
    .map(readBatchPaid)
    .filter((event) => event !== null);
  const times = await timesOf(
    port,
    paid.map(({ log }) => log.blockNumber),
  );
  const mints = transfers.filter(({ from }) => from === zeroAddress);
  return {
    ...range,
    blockHash: last.hash,
    blockAt: last.at,
    changes: sumChanges(transfers),
    minted: mints.reduce((sum, { amount }) => sum + amount, 0n),
    payouts: paid.map((event) => ({
      distributor: port.distributor,
      batchId: event.batchId,
      entries: Number(event.entries),
      entriesHash: event.entriesHash,
      totalMicro: event.totalMicro,
      blockNumber: event.log.blockNumber,
      blockAt: times.get(event.log.blockNumber) ?? last.at,
      txHash: event.log.transactionHash,
    })),
    strayMints: strayMints(mints, paid),
  };
}

function sumChanges(transfers: readonly Transfer[]): Map<string, bigint> {
  const changes = new Map<string, bigint>();
  const add = (address: string, amount: bigint) => {
    if (address !== zeroAddress) changes.set(address, (changes.get(address) ?? 0n) + amount);
  };
  for (const { from, to, amount } of transfers) {
    add(from, -amount);
    add(to, amount);
  }
  return new Map([...changes].filter(([, change]) => change !== 0n));
}

function strayMints(mints: readonly Transfer[], paid: readonly { totalMicro: bigint; log: ChainLog }[]): string[] {
  const open = new Map<string, { wei: bigint; place: string }>();
  for (const { amount, log } of mints) {
    const known = open.get(log.transactionHash) ?? { wei: 0n, place: `${log.blockNumber}/${log.index}` };
    open.set(log.transactionHash, { ...known, wei: known.wei + amount });
  }
  for (const { totalMicro, log } of paid) {
    const minted = open.get(log.transactionHash);
    if (minted) minted.wei -= totalMicro * weiPerMicro;
  }
  return [...open.values()].filter(({ wei }) => wei !== 0n).map(({ place }) => place);
}

async function timesOf(port: ChainPort, numbers: readonly number[]): Promise<Map<number, Date>> {
  const times = new Map<number, Date>();
  for (const number of new Set(numbers)) {
    const block = await port.readBlock(number);
    if (block) times.set(number, block.at);
  }
  return times;
}
