import type { Queryable, Tx } from '../platform/db.ts';

export type DisputeStatus = 'open' | 'won' | 'lost';

/** Reads a dispute by the payment provider's id. */
export async function findDispute(db: Queryable, id: string): Promise<{ status: DisputeStatus } | null> {
  const { rows } = await db.query<{ status: DisputeStatus }>('select status from dispute where id = $1', [id]);
  return rows[0] ?? null;
}

/** True when a bank holds money of the order, or has given it back to the member. */
export async function hasUnwonDispute(db: Queryable, orderId: string): Promise<boolean> {
  const { rowCount } = await db.query(`select 1 from dispute where order_id = $1 and status <> 'won' limit 1`, [
    orderId,
  ]);
  return rowCount === 1;
}

/** Keeps a dispute as it stands. */
export async function saveDispute(
  tx: Tx,
  dispute: { id: string; orderId: string; amount: bigint; status: DisputeStatus },
  now: Date,
): Promise<void> {
  await tx.query(
    `insert into dispute (id, order_id, amount_minor, status, opened_at) values ($1, $2, $3, $4, $5)
     on conflict (id) do update set status = excluded.status, closed_at = case when excluded.status <> 'open' then $5 end`,
    [dispute.id, dispute.orderId, dispute.amount, dispute.status, now],
  );
}

/** Notes which part of the money of a lost dispute was tax. */
export async function saveTaxOfDispute(tx: Tx, id: string, tax: bigint): Promise<void> {
  await tx.query('update dispute set tax_minor = $2 where id = $1', [id, tax]);
}
