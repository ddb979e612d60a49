import { zeroAddress } from '../../../domain/rewards/payout-batches.ts';
import type { Services } from '../../../platform/container.ts';
import { CodedError } from '../../../shared/errors.ts';
import { lastNoncesOf } from '../../../store/chain-transactions.ts';
import type { DistributionBatch } from '../../../store/distribution-batches.ts';
import { countOwners } from '../../../store/distribution-payees.ts';
import {
  batchPaidTopics,
  readBatchPaid,
  readTransfer,
  transferTopic,
  type BatchPaid,
} from '../../../vendors/chain/contracts.ts';
import type { ChainPort } from '../../../vendors/chain/port.ts';
import type { ChainView, OpenChain } from './open-chain.ts';

/**
 * Makes sure that the chain can never pay a batch and has paid nobody of it; only then may what it holds be given back. Its number is spent
 * for good by a payment in a settled block, which must not have gone to any of its members; where nothing was paid, every nonce that it ever
 * had must be spent in settled blocks, so that none of its transactions can be mined any more. Throws `distribution.may_be_paid`,
 * `distribution.members_paid` and `vendor.unavailable`.
 */
export async function ensureNeverPaid(
  services: Services,
  { settings, port }: OpenChain,
  view: ChainView,
  batch: DistributionBatch,
): Promise<void> {
  if (batch.chainId !== settings.chainId || batch.distributor !== settings.distributor) {
    throw mayBePaid(
      batch,
      `it belongs to distributor ${batch.distributor} on chain ${batch.chainId}, which is not set`,
    );
  }
  const payment = await findPayment(port, settings.startBlock, view.safe, batch.id);
  if (payment) return ensureNobodyOf(services, port, batch, payment);
  if (await port.isPaid(batch.id))
    throw mayBePaid(batch, 'its number was paid in a block that can still be taken back');
  for (const { sender, nonce } of await lastNoncesOf(services.db, batch.id)) {
    const spent = view.safe < 0 ? 0 : await port.nonceOf(sender, view.safe);
    if (nonce >= spent) throw mayBePaid(batch, `its nonce ${nonce} of ${sender} is not spent in a settled block`);
  }
}

function mayBePaid({ id }: DistributionBatch, why: string): CodedError {
  return new CodedError('distribution.may_be_paid', `batch ${id} may still be paid: ${why}`);
}

async function findPayment(port: ChainPort, fromBlock: number, toBlock: number, id: bigint): Promise<BatchPaid | null> {
  if (toBlock < fromBlock) return null;
  const logs = await port.logsOf({ address: port.distributor, topics: batchPaidTopics([id]), fromBlock, toBlock });
  return logs[0] === undefined ? null : readBatchPaid(logs[0]);
}

async function ensureNobodyOf(
  { db }: Services,
  port: ChainPort,
  { id }: DistributionBatch,
  { log: { blockNumber, transactionHash } }: BatchPaid,
): Promise<void> {
  const range = { fromBlock: blockNumber, toBlock: blockNumber };
  const transfers = (await port.logsOf({ address: port.token, topics: [transferTopic], ...range })).map(readTransfer);
  const minted = transfers.filter(({ from, log }) => from === zeroAddress && log.transactionHash === transactionHash);
  const paid = await countOwners(
    db,
    id,
    minted.map(({ to }) => to),
  );
  if (paid > 0) {
    const message = `transaction ${transactionHash} has paid ${paid} members of batch ${id} under its number`;
    throw new CodedError('distribution.members_paid', message);
  }
}
