import { weiPerMicro } from '../domain/rewards/payout-batches.ts';
import type { Address } from '../domain/wallets/address.ts';
import type { Queryable } from '../platform/db.ts';
import { minor, type Amount } from '../shared/money.ts';

/** What a member was paid in one batch that is settled. */
export interface Payout {
  amount: Amount<'DOTM'>;
  address: Address;
  txHash: string;
  /** Time of the block that it stands in. */
  paidAt: Date;
}

/** Reads what a batch has paid to a member, null while it is not settled or when they are not in it. */
export async function findPayout(db: Queryable, batchId: bigint, memberId: string): Promise<Payout | null> {
  const { rows } = await db.query<{ amount_micro: bigint; address: Address; tx_hash: string; block_at: Date }>(
    `select e.amount_micro, e.address, b.tx_hash, b.block_at
     from distribution_entry e join distribution_batch b on b.id = e.batch_id
     where e.batch_id = $1 and e.member_id = $2 and b.state = 'confirmed'`,
    [batchId, memberId],
  );
  const [row] = rows;
  if (!row) return null;
  const amount = minor('DOTM', row.amount_micro * weiPerMicro);
  return { amount, address: row.address, txHash: row.tx_hash, paidAt: row.block_at };
}

/**
 * What was planned for a member and paid to them, oldest first, for the export of an account. An erasure keeps it: it is the proof of a
 * payment, and the chain shows the same to everybody for ever.
 */
export async function exportPayouts(db: Queryable, memberId: string): Promise<object[]> {
  const { rows } = await db.query<object>(
    `select e.batch_id, e.address, e.amount_micro, b.state, b.tx_hash, b.block_at from distribution_entry e
     join distribution_batch b on b.id = e.batch_id where e.member_id = $1 order by e.batch_id`,
    [memberId],
  );
  return rows;
}
