import { raiseAlert, resolveAlert } from '../../../platform/alerts.ts';
import type { Services } from '../../../platform/container.ts';
import type { Tx } from '../../../platform/db.ts';
import {
  entriesOfBatch,
  findBatch,
  lockBatch,
  recordConfirmed,
  recordConflict,
  unsettledBatches,
  type DistributionBatch,
  type PaidAt,
} from '../../../store/distribution-batches.ts';
import { lockRun, recordConflictEnded } from '../../../store/distributions.ts';
import { queueMails } from '../../../store/mails.ts';
import { settleBatch } from '../../../store/reward-batches.ts';
import { batchPaidTopics, readBatchPaid, type BatchPaid } from '../../../vendors/chain/contracts.ts';
import type { ChainView, OpenChain } from './open-chain.ts';

/** Batches of one question: nodes bound how many values a topic may have. */
const batchesPerQuestion = 200;

/**
 * Settles every batch of which the chain tells, in a block that can't be taken back, that it was paid. The event with its number and the
 * hash of its entries is the only proof; with another hash somebody else has paid something under our number, which is told to operators and
 * never settled. Batches that are only planned count too: a key that was stolen may have used their number. Throws `vendor.unavailable`.
 */
export async function settleBatches(services: Services, chain: OpenChain, view: ChainView): Promise<void> {
  const open = await unsettledBatches(services.db, chain.settings);
  for (let from = 0; from < open.length; from += batchesPerQuestion) {
    const some = open.slice(from, from + batchesPerQuestion);
    const fromBlock = Math.min(...some.map((batch) => batch.fromBlock));
    await settleFrom(
      services,
      chain,
      view,
      fromBlock,
      some.map(({ id }) => id),
    );
  }
}

/** As `settleBatches` for some batches, looking from block `fromBlock` on. Gives how many payments it has found. */
export async function settleFrom(
  services: Services,
  { settings, port }: OpenChain,
  view: ChainView,
  fromBlock: number,
  batchIds: readonly bigint[],
): Promise<number> {
  if (view.safe < fromBlock) return 0;
  const logs = await port.logsOf({
    address: settings.distributor,
    topics: batchPaidTopics(batchIds),
    fromBlock,
    toBlock: view.safe,
  });
  const payments = logs.map(readBatchPaid).filter((paid) => paid !== null);
  for (const paid of payments) {
    const block = await port.readBlock(paid.log.blockNumber);
    // The node has changed its mind between two questions: the next round asks again.
    if (block?.hash !== paid.log.blockHash) continue;
    await services.db.transaction((tx) => settleOne(services, tx, paid, block.at));
  }
  return payments.length;
}

async function settleOne({ clock }: Services, tx: Tx, paid: BatchPaid, blockAt: Date): Promise<void> {
  const now = clock.now();
  const { batchId, entriesHash, log } = paid;
  const known = await findBatch(tx, batchId);
  // What ends a conflict may end its run as well, whose lock comes before that of its batches.
  if (known?.state === 'conflict') await lockRun(tx, known.runId);
  const batch = await lockBatch(tx, batchId);
  if (!batch || batch.state === 'confirmed' || batch.state === 'released') return;
  if (batch.entriesHash !== entriesHash) {
    if (batch.state === 'conflict') return;
    await recordConflict(tx, batchId, log.transactionHash);
    const message =
      `The chain has paid something else under the number of batch ${batchId}: the operator's key is in other hands, or two senders ` +
      `share one sequence. Pause the distributor now, then compare transaction ${log.transactionHash} with the batch.`;
    await raiseAlert(tx, { kind: 'distribution_conflict', subject: `batch_${batchId}`, message }, now);
    return;
  }
  const { transactionHash: txHash, blockNumber, blockHash } = log;
  await recordPaid(tx, batchId, { txHash, blockNumber, blockHash, blockAt }, now);
  // It lost its nonces, and one of its transactions came through after all.
  if (batch.state === 'conflict') await endConflict(tx, batch, now);
}

/** Nobody has to look at a batch any more that was in conflict. The caller has given it another state. */
export async function endConflict(
  tx: Tx,
  { id, runId }: Pick<DistributionBatch, 'id' | 'runId'>,
  now: Date,
): Promise<void> {
  await recordConflictEnded(tx, runId);
  for (const kind of ['distribution_conflict', 'distribution_stuck']) await resolveAlert(tx, kind, `batch_${id}`, now);
}

async function recordPaid(tx: Tx, batchId: bigint, paid: PaidAt, now: Date): Promise<void> {
  await recordConfirmed(tx, batchId, paid, now);
  await resolveAlert(tx, 'distribution_stuck', `batch_${batchId}`, now);
  await settleBatch(tx, batchId, now);
  const mails = (await entriesOfBatch(tx, batchId)).map(({ memberId }) => ({
    memberId,
    key: `${batchId}/${memberId}`,
    refersTo: { batchId: String(batchId) },
  }));
  await queueMails(tx, 'rewards_paid', mails, now);
}
