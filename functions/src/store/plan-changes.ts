import type { SubscriptionCycle } from '../domain/billing/proration.ts';
import { CodedError } from '../shared/errors.ts';
import type { Id } from '../shared/ids.ts';
import { minor, type Amount, type Currency } from '../shared/money.ts';
import type { Queryable, Tx } from '../platform/db.ts';

/** A plan on one side of a change. `unit` is the price of one piece for one period. */
export interface ChangedPlan {
  productId: string;
  cycle: SubscriptionCycle;
  priceId: string;
  unit: Amount<Currency>;
}

/**
 * `requested`: the payment provider is being asked; `done`: the new plan runs; `scheduled`: it runs from the end of the period on;
 * `refused`: nothing changed; `undone`: the old plan runs again, or goes on.
 */
export type PlanChangeState = 'requested' | 'scheduled' | 'done' | 'refused' | 'undone';

export interface PlanChange {
  id: Id<'planChange'>;
  memberId: Id<'member'>;
  subscriptionId: Id<'subscription'>;
  stripeSubscriptionId: string;
  stripeItemId: string;
  kind: 'upgrade' | 'downgrade';
  state: PlanChangeState;
  from: ChangedPlan;
  to: ChangedPlan;
  quantity: number;
  currency: Currency;
  catalogVersion: number;
  /** The second for which the proration was shown and is charged. */
  prorationAt: Date;
  /** End of the period in which the change was asked for. */
  periodEnd: Date;
  /** Of an upgrade: the order that its charge is. */
  orderId: Id<'order'> | null;
  requestedAt: Date;
}

interface PlanChangeRow {
  id: Id<'planChange'>;
  member_id: Id<'member'>;
  subscription_id: Id<'subscription'>;
  stripe_subscription_id: string;
  stripe_item_id: string;
  kind: PlanChange['kind'];
  state: PlanChangeState;
  from_product_id: string;
  from_cycle: SubscriptionCycle;
  from_price_id: string;
  from_minor: bigint;
  to_product_id: string;
  to_cycle: SubscriptionCycle;
  to_price_id: string;
  to_minor: bigint;
  quantity: number;
  currency: Currency;
  catalog_version: number;
  proration_at: Date;
  period_end: Date;
  order_id: Id<'order'> | null;
  requested_at: Date;
}

function toPlanChange(row: PlanChangeRow): PlanChange {
  const { currency } = row;
  return {
    id: row.id,
    memberId: row.member_id,
    subscriptionId: row.subscription_id,
    stripeSubscriptionId: row.stripe_subscription_id,
    stripeItemId: row.stripe_item_id,
    kind: row.kind,
    state: row.state,
    from: {
      productId: row.from_product_id,
      cycle: row.from_cycle,
      priceId: row.from_price_id,
      unit: minor(currency, row.from_minor),
    },
    to: {
      productId: row.to_product_id,
      cycle: row.to_cycle,
      priceId: row.to_price_id,
      unit: minor(currency, row.to_minor),
    },
    quantity: row.quantity,
    currency,
    catalogVersion: row.catalog_version,
    prorationAt: row.proration_at,
    periodEnd: row.period_end,
    orderId: row.order_id,
    requestedAt: row.requested_at,
  };
}

async function readMany(db: Queryable, where: string, values: unknown[]): Promise<PlanChange[]> {
  const { rows } = await db.query<PlanChangeRow>(
    `select c.*, s.stripe_subscription_id from plan_change c join subscription s on s.id = c.subscription_id where ${where}`,
    values,
  );
  return rows.map(toPlanChange);
}

/** Finds a change of plan. */
export async function findPlanChange(db: Queryable, id: string): Promise<PlanChange | null> {
  return (await readMany(db, 'c.id = $1', [id]))[0] ?? null;
}

/** Reads a change of plan under a row lock. Lock the order that it may have first. Throws `not_found`. */
export async function lockPlanChange(tx: Tx, id: string): Promise<PlanChange> {
  const [change] = await readMany(tx, 'c.id = $1 for update of c', [id]);
  if (!change) throw new CodedError('not_found', `no change of plan ${id}`);
  return change;
}

/** The change of plan whose charge an order is; null for an order that was bought in any other way. */
export async function findPlanChangeOfOrder(db: Queryable, orderId: string): Promise<PlanChange | null> {
  return (await readMany(db, 'c.order_id = $1', [orderId]))[0] ?? null;
}

/** The change of a subscription that is being made, or that waits for the end of its period. */
export async function findOpenPlanChange(db: Queryable, subscriptionId: string): Promise<PlanChange | null> {
  return (
    (await readMany(db, `c.subscription_id = $1 and c.state in ('requested', 'scheduled')`, [subscriptionId]))[0] ??
    null
  );
}

/** Upgrades of the payment provider's subscription that were made in a period that has not ended, oldest first. */
export function listRunningUpgrades(db: Queryable, stripeSubscriptionId: string, now: Date): Promise<PlanChange[]> {
  const where = `s.stripe_subscription_id = $1 and c.kind = 'upgrade' and c.state = 'done' and c.period_end > $2 order by c.order_id`;
  return readMany(db, where, [stripeSubscriptionId, now]);
}

/** Keeps that a change of plan was asked for. Throws `plan.change_pending` while another one of the subscription is open. */
export async function insertPlanChange(
  tx: Tx,
  change: Omit<PlanChange, 'stripeSubscriptionId' | 'state'>,
): Promise<void> {
  const { rowCount } = await tx.query(
    `insert into plan_change (id, member_id, subscription_id, stripe_item_id, kind, state, from_product_id, from_cycle, from_price_id,
       from_minor, to_product_id, to_cycle, to_price_id, to_minor, quantity, currency, catalog_version, proration_at, period_end, order_id,
       requested_at)
     values ($1, $2, $3, $4, $5, 'requested', $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
     on conflict (subscription_id) where state in ('requested', 'scheduled') do nothing`,
    [
      change.id,
      change.memberId,
      change.subscriptionId,
      change.stripeItemId,
      change.kind,
      change.from.productId,
      change.from.cycle,
      change.from.priceId,
      change.from.unit,
      change.to.productId,
      change.to.cycle,
      change.to.priceId,
      change.to.unit,
      change.quantity,
      change.currency,
      change.catalogVersion,
      change.prorationAt,
      change.periodEnd,
      change.orderId,
      change.requestedAt,
    ],
  );
  if (rowCount === 0) {
    throw new CodedError('plan.change_pending', `another change of ${change.subscriptionId} is under way or planned`);
  }
}

/** Moves a change on. Returns false when it was in none of the states `from`: somebody else has moved it. */
export async function movePlanChange(
  tx: Tx,
  id: string,
  from: PlanChangeState[],
  to: PlanChangeState,
  now: Date,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    'update plan_change set state = $3, settled_at = $4 where id = $1 and state = any ($2)',
    [id, from, to, now],
  );
  return rowCount === 1;
}
