import type { Queryable, Tx } from '../platform/db.ts';

export interface PlanGrant {
  orderId: string;
  position: number;
  /** Counts from 1 to the item's quantity. */
  ordinal: number;
  lineId: string;
  planId: string;
  planName: string;
}

/** How many plans of that name we know to have put on a line. */
export async function countPlansOn(db: Queryable, lineId: string, planName: string): Promise<number> {
  const { rows } = await db.query<{ count: bigint }>(
    'select count(*) as count from carrier_plan_grant where line_id = $1 and plan_name = $2',
    [lineId, planName],
  );
  return Number(rows[0]?.count ?? 0n);
}

/** Which plans of an order's items have been put on its line, as `position:ordinal`. */
export async function listGrantedPlans(db: Queryable, orderId: string): Promise<Set<string>> {
  const { rows } = await db.query<{ position: number; ordinal: number }>(
    'select position, ordinal from carrier_plan_grant where order_id = $1',
    [orderId],
  );
  return new Set(rows.map((row) => `${row.position}:${row.ordinal}`));
}

/** Keeps that a plan was put on a line. */
export async function insertPlanGrant(tx: Tx, grant: PlanGrant, now: Date): Promise<void> {
  await tx.query(
    `insert into carrier_plan_grant (order_id, position, ordinal, line_id, plan_id, plan_name, granted_at)
     values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`,
    [grant.orderId, grant.position, grant.ordinal, grant.lineId, grant.planId, grant.planName, now],
  );
}
