import type { RewardPayout } from '../shared/api/rewards.ts';
import { transactionUrl } from '../shared/transaction-url.ts';
import type { BatchState } from './distribution-batches.ts';

/** Columns of `distribution_batch`, joined to what it pays; all null where nothing is paid by a batch. */
export interface PayoutRow {
  batch_id: bigint | null;
  batch_state: BatchState | null;
  tx_hash: string | null;
  block_number: bigint | null;
  block_at: Date | null;
}

/** What a batch's states are to a member: `conflict` is ours to clear up, and until then the tokens are on their way. */
const states: Readonly<Record<BatchState, RewardPayout['state']>> = {
  planned: 'planned',
  signed: 'sent',
  confirmed: 'confirmed',
  conflict: 'sent',
  released: 'released',
};

/**
 * Where a payout is, in the form that the API shows; null where there is none. One that was released says nothing of the chain: the batch may
 * have gone on without the member.
 * `explorerUrl` is empty where no explorer is set up.
 */
export function viewPayout(row: PayoutRow, explorerUrl: string): RewardPayout | null {
  if (row.batch_id === null) return null;
  const batchId = String(row.batch_id);
  if (row.batch_state === 'released') {
    return { batchId, state: 'released', txHash: null, blockNumber: null, blockAt: null, explorerUrl: null };
  }
  return {
    batchId,
    state: row.batch_state === null ? 'planned' : states[row.batch_state],
    txHash: row.tx_hash,
    blockNumber: row.block_number === null ? null : Number(row.block_number),
    blockAt: row.block_at?.toISOString() ?? null,
    explorerUrl: row.tx_hash === null ? null : transactionUrl(explorerUrl, row.tx_hash),
  };
}
