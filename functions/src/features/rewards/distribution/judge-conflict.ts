import { weiPerMicro, zeroAddress } from '../../../domain/rewards/payout-batches.ts';
import type { Services } from '../../../platform/container.ts';
import { CodedError } from '../../../shared/errors.ts';
import { hasOpenAlert } from '../../../store/alerts.ts';
import { countUnbooked, findCursor, unbookedPayouts, type IndexedPayout } from '../../../store/chain-index.ts';
import { isSignedByUs, lastNoncesOf } from '../../../store/chain-transactions.ts';
import type { DistributionBatch } from '../../../store/distribution-batches.ts';
import { countOwners } from '../../../store/distribution-payees.ts';
import { batchPaidTopics, readBatchPaid, readTransfer, transferTopic } from '../../../vendors/chain/contracts.ts';
import type { ChainPort } from '../../../vendors/chain/port.ts';
import { readOn } from '../chain-index/index-chain.ts';
import { readSettledBlock } from '../settled-block.ts';
import type { OpenChain } from './open-chain.ts';

/** What the chain says of a batch in conflict: that it will never pay it, or that it has paid it as planned, in a block. */
export type Verdict = { readonly is: 'never_paid' } | { readonly is: 'paid'; readonly blockNumber: number };

/**
 * Finds out whether what a batch in conflict holds may be given back. It may, when the chain can never pay the batch and has paid none of its
 * members without our books knowing. Its number is spent for good by a payment of other entries; where nothing was paid, all nonces that it was
 * signed with must be spent, so that none of its transactions can be mined any more. All of that as of the settled block up to which the
 * chain's index has read, on a node that has this block: one that is behind says nothing. Throws `distribution.other_contract`,
 * `distribution.chain_unclear`, `distribution.may_be_paid`, `distribution.members_paid` and `vendor.unavailable`.
 */
export async function judgeConflict(
  services: Services,
  { settings, port }: OpenChain,
  batch: DistributionBatch,
): Promise<Verdict> {
  if (batch.chainId !== settings.chainId || batch.distributor !== settings.distributor) {
    const message = `batch ${batch.id} belongs to distributor ${batch.distributor} on chain ${batch.chainId}, which is not set`;
    throw new CodedError('distribution.other_contract', message);
  }
  await readOn(services, settings, 1, async () => undefined);
  const asOf = await indexedBlock(services, { settings, port });
  if (asOf === null) throw mayBePaid(batch, 'the index of the chain has not come to the newest settled block');
  await ensureClear(services, settings.chainId);
  const payouts = await unbookedPayouts(services.db, settings);
  const own = payouts.find(({ batchId }) => batchId === batch.id);
  if (own?.entriesHash === batch.entriesHash) return { is: 'paid', blockNumber: own.blockNumber };
  for (const payout of payouts) await ensurePaidNobodyOf(services, port, batch, payout);
  await ensureNoneUnsettled(services, port, batch, asOf);
  if (!own) await ensureNeverComes(services, port, batch, asOf);
  return { is: 'never_paid' };
}

/**
 * The newest settled block, which is the last that the index has read; null while the index has not come so far. Throws `vendor.unavailable`
 * when the node does not have that block.
 */
async function indexedBlock({ db }: Services, { settings, port }: OpenChain): Promise<number | null> {
  const cursor = await findCursor(db, settings);
  const settled = await readSettledBlock(port, settings);
  if (cursor === null || cursor.blockHash === null || settled === null) return null;
  const number = cursor.nextBlock - 1;
  if (number < settled.number) return null;
  if ((await port.readBlock(number))?.hash !== cursor.blockHash) {
    throw new CodedError('vendor.unavailable', `the node does not have block ${number} as it was read`);
  }
  return number;
}

/** Events that a node kept back leave a difference, or a mint that no payment accounts for: the index then proves nothing. */
async function ensureClear({ db }: Services, chainId: number): Promise<void> {
  const differs = await hasOpenAlert(db, 'chain_supply_differs', `chain ${chainId}`);
  if (differs || (await hasOpenAlert(db, 'chain_foreign_payment', 'mint '))) {
    throw new CodedError('distribution.chain_unclear', 'the index of the chain has an open alert');
  }
}

function mayBePaid({ id }: DistributionBatch, why: string): CodedError {
  return new CodedError('distribution.may_be_paid', `batch ${id} may still be paid: ${why}`);
}

/** The number of the batch was not used up to block `asOf`. Throws unless it never will be. */
async function ensureNeverComes(
  { db }: Services,
  port: ChainPort,
  batch: DistributionBatch,
  asOf: number,
): Promise<void> {
  if (batch.txHash !== null && !(await isSignedByUs(db, batch.txHash))) {
    throw mayBePaid(batch, `its payment by ${batch.txHash} is not in the blocks that were read`);
  }
  if (await port.isPaid(batch.id)) throw mayBePaid(batch, 'its number was paid in a block that is not settled');
  const nonces = await lastNoncesOf(db, batch.id);
  if (nonces.length === 0) throw mayBePaid(batch, 'none of its transactions is known');
  for (const { sender, nonce } of nonces) {
    if (nonce >= (await port.nonceOf(sender, asOf))) {
      throw mayBePaid(batch, `its nonce ${nonce} of ${sender} is not spent in a settled block`);
    }
  }
}

/** Payments that our books do not know, in blocks that are not settled: whom they pay is looked at when they are. */
async function ensureNoneUnsettled(
  { db }: Services,
  port: ChainPort,
  batch: DistributionBatch,
  asOf: number,
): Promise<void> {
  const head = await port.readBlock('latest');
  if (head === null || head.number <= asOf) return;
  const range = { fromBlock: asOf + 1, toBlock: head.number };
  const logs = await port.logsOf({ address: port.distributor, topics: batchPaidTopics(), ...range });
  const payments = logs.map(readBatchPaid).filter((paid) => paid !== null);
  if ((await countUnbooked(db, port, payments)) > 0) {
    throw mayBePaid(batch, 'a payment that our books do not know is not settled yet');
  }
}

/** Whoever paid it: what went to a member of the batch may have been for the same rewards. */
async function ensurePaidNobodyOf(
  { db }: Services,
  port: ChainPort,
  { id }: DistributionBatch,
  { batchId, blockNumber, entries, totalMicro, txHash }: IndexedPayout,
): Promise<void> {
  const range = { fromBlock: blockNumber, toBlock: blockNumber };
  const transfers = (await port.logsOf({ address: port.token, topics: [transferTopic], ...range })).map(readTransfer);
  const minted = transfers.filter(({ from, log }) => from === zeroAddress && log.transactionHash === txHash);
  const sum = minted.reduce((wei, { amount }) => wei + amount, 0n);
  if (minted.length < entries || sum < totalMicro * weiPerMicro) {
    throw new CodedError('vendor.unavailable', `the node does not tell whom transaction ${txHash} has paid`);
  }
  const paid = await countOwners(
    db,
    id,
    minted.map(({ to }) => to),
  );
  if (paid > 0) {
    const message = `transaction ${txHash} of batch ${batchId} has paid ${paid} members of batch ${id}, and our books do not know it`;
    throw new CodedError('distribution.members_paid', message);
  }
}
