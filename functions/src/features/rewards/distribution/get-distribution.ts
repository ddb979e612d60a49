import { microToMoney } from '../../../domain/rewards/payout-batches.ts';
import type { Services } from '../../../platform/container.ts';
import type { Handler } from '../../../platform/operations.ts';
import type { DistributionBatchView } from '../../../shared/api/distribution.ts';
import { CodedError } from '../../../shared/errors.ts';
import { transactionUrl } from '../../../shared/transaction-url.ts';
import { countBatches } from '../../../store/distribution-batches.ts';
import { summariseBatches, type BatchSummary } from '../../../store/distribution-views.ts';
import { findRun, type RunNotes } from '../../../store/distributions.ts';
import { lookerOf } from './looker-of.ts';
import { viewRun, type Looker } from './view-run.ts';

/** One payment of rewards with its batches, as the books have it: the chain is not asked. Throws `not_found`. */
export const getDistribution: Handler<'getDistribution'> = async ({ services, identity, role }, { runId }) => {
  const { db } = services;
  const looker = lookerOf({ identity, role });
  const run = await findRun(db, runId);
  if (!run) throw new CodedError('not_found', `no run ${runId}`);
  const batches = await summariseBatches(db, runId);
  const paidMicro = batches.reduce((sum, batch) => (batch.state === 'confirmed' ? sum + batch.totalMicro : sum), 0n);
  return {
    run: viewRun(run, await countBatches(db, runId), looker),
    paid: microToMoney(paidMicro),
    checks: [...(run.notes.checks ?? [])],
    leftOut: run.notes.badAddresses?.length ?? 0,
    walletsChanged: run.notes.changedWallets ?? 0,
    batches: batches.map((batch) => viewBatch(services, run.notes, batch, looker)),
  };
};

function viewBatch({ policy }: Services, notes: RunNotes, batch: BatchSummary, looker: Looker): DistributionBatchView {
  const { txHash } = batch;
  const explorerUrl = policy.chain?.explorerUrl ?? '';
  return {
    id: batch.id.toString(),
    state: batch.state,
    entries: batch.entries,
    total: microToMoney(batch.totalMicro),
    attempts: batch.attempts,
    transaction: txHash === null ? null : { hash: txHash, url: transactionUrl(explorerUrl, txHash) },
    block: batch.blockNumber,
    paidAt: batch.blockAt?.toISOString() ?? null,
    releasedBecause: notes.releases?.[batch.id.toString()] ?? null,
    mayRelease: batch.state === 'conflict' && looker.approves,
  };
}
