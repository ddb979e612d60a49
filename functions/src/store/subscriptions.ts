import type { SubscriptionCycle } from '../domain/billing/proration.ts';
import type { SeenItem, SeenSubscription } from '../domain/billing/seen-subscription.ts';
import type { Subscription } from '../shared/api/orders.ts';
import { CodedError } from '../shared/errors.ts';
import type { Id } from '../shared/ids.ts';
import { toMoney, type Currency } from '../shared/money.ts';
import type { Queryable, Tx } from '../platform/db.ts';
import { newId } from '../platform/ids.ts';
import { lockMember, touchMember } from './members.ts';
import { findOpenPlanChange, movePlanChange } from './plan-changes.ts';

interface SubscriptionRow {
  id: Id<'subscription'>;
  member_id: string;
  order_id: string;
  stripe_subscription_id: string;
  product_id: string;
  status: Subscription['status'];
  current_period_end: Date;
  cancel_at_period_end: boolean;
  stripe_item_id: string | null;
  cycle: SubscriptionCycle | null;
  currency: Currency | null;
  unit_minor: bigint | null;
  quantity: number | null;
  discounted: boolean;
  seen_at: Date | null;
}

/** True when the member has a running subscription to a product, other than the payment provider's `except`. */
export async function hasSubscription(
  db: Queryable,
  memberId: string,
  productId: string,
  except: string | null = null,
): Promise<boolean> {
  const { rowCount } = await db.query(
    `select 1 from subscription where member_id = $1 and product_id = $2 and status <> 'canceled'
       and stripe_subscription_id is distinct from $3 limit 1`,
    [memberId, productId, except],
  );
  return rowCount === 1;
}

/** Products of a member's subscriptions that are paid for. One that waits for money brings nobody a member's price. */
export async function listHeldProducts(db: Queryable, memberId: string): Promise<string[]> {
  const { rows } = await db.query<{ product_id: string }>(
    `select distinct product_id from subscription where member_id = $1 and status = 'active' order by product_id`,
    [memberId],
  );
  return rows.map((row) => row.product_id);
}

interface ViewRow extends SubscriptionRow {
  to_product_id: string | null;
  to_cycle: SubscriptionCycle | null;
  to_minor: bigint | null;
}

const viewSql = `select s.*, c.to_product_id, c.to_cycle, c.to_minor from subscription s
  left join plan_change c on c.subscription_id = s.id and c.state = 'scheduled'`;

function toView(row: ViewRow): Subscription {
  const { currency, quantity } = row;
  const price = (unit: bigint | null) =>
    currency === null || quantity === null || unit === null ? null : toMoney(currency, unit * BigInt(quantity));
  const nextPrice = price(row.to_minor);
  return {
    id: row.id,
    productId: row.product_id,
    status: row.status,
    cycle: row.cycle,
    price: price(row.unit_minor),
    currentPeriodEnd: row.current_period_end.toISOString(),
    cancelAtPeriodEnd: row.cancel_at_period_end,
    next:
      row.to_product_id !== null && row.to_cycle !== null && nextPrice !== null
        ? { productId: row.to_product_id, cycle: row.to_cycle, price: nextPrice }
        : null,
    changeable:
      row.status === 'active' &&
      !row.cancel_at_period_end &&
      !row.discounted &&
      row.cycle !== null &&
      row.unit_minor !== null,
  };
}

/** Subscriptions of a member in the form that the API shows, newest first. */
export async function viewSubscriptions(db: Queryable, memberId: string): Promise<Subscription[]> {
  const { rows } = await db.query<ViewRow>(`${viewSql} where s.member_id = $1 order by s.id desc`, [memberId]);
  return rows.map(toView);
}

export interface OwnSubscription {
  id: Id<'subscription'>;
  /** The order that began it. */
  orderId: string;
  stripeSubscriptionId: string;
  stripeItemId: string | null;
  view: Subscription;
}

/** A subscription of `memberId`, as it is kept and as it is shown; somebody else's does not exist. Throws `not_found`. */
export async function getOwnSubscription(db: Queryable, id: string, memberId: string): Promise<OwnSubscription> {
  const { rows } = await db.query<ViewRow>(`${viewSql} where s.id = $1 and s.member_id = $2`, [id, memberId]);
  const row = rows[0];
  if (!row) throw new CodedError('not_found', `no subscription ${id}`);
  return {
    id: row.id,
    orderId: row.order_id,
    stripeSubscriptionId: row.stripe_subscription_id,
    stripeItemId: row.stripe_item_id,
    view: toView(row),
  };
}

/** The payment provider's ids of a member's running subscriptions. */
export async function listRunningSubscriptions(db: Queryable, memberId: string): Promise<string[]> {
  const { rows } = await db.query<{ stripe_subscription_id: string }>(
    `select distinct stripe_subscription_id from subscription where member_id = $1 and status <> 'canceled'`,
    [memberId],
  );
  return rows.map((row) => row.stripe_subscription_id);
}

/** What the payment provider showed, whose it is, and when it was asked. */
export interface KeptSubscription extends SeenSubscription {
  memberId: string;
  /** The order that began it. */
  orderId: string;
  seenAt: Date;
}

/**
 * Keeps what the payment provider says of a subscription, a row for each of its positions. Safe to repeat. One that was canceled stays so:
 * the provider never revives it. What was asked for earlier than what is kept changes nothing. A plan that was chosen for the next period
 * stands at the provider at once; here it takes over when that period begins.
 */
export async function saveSubscription(tx: Tx, seen: KeptSubscription, now: Date): Promise<void> {
  // Two answers of the provider about one subscription take turns at its member's row.
  await lockMember(tx, seen.memberId);
  const { rows } = await tx.query<SubscriptionRow>(
    'select * from subscription where stripe_subscription_id = $1 for update',
    [seen.stripeSubscriptionId],
  );
  if (rows.some((row) => row.seen_at !== null && row.seen_at > seen.seenAt)) return;
  for (const item of seen.items) {
    const row = rowOf(rows, item, seen.items.length);
    if (row) await updateItem(tx, row, item, now);
    else await insertItem(tx, seen, item, now);
  }
  await tx.query(
    `update subscription set status = $2, current_period_end = $3, cancel_at_period_end = $4, discounted = $5, seen_at = $6
     where stripe_subscription_id = $1 and status <> 'canceled'`,
    [
      seen.stripeSubscriptionId,
      seen.status,
      seen.currentPeriodEnd,
      seen.cancelAtPeriodEnd,
      seen.discounted,
      seen.seenAt,
    ],
  );
  if (seen.status === 'canceled') {
    await tx.query(
      `update plan_change set state = 'undone', settled_at = $2 from subscription s
       where s.id = plan_change.subscription_id and s.stripe_subscription_id = $1 and plan_change.state = 'scheduled'`,
      [seen.stripeSubscriptionId, now],
    );
  }
  await touchMember(tx, seen.memberId, now);
}

/** A row from before positions were kept is recognised by its product, or by being the only one. */
function rowOf(rows: SubscriptionRow[], item: SeenItem, items: number): SubscriptionRow | undefined {
  const unnamed = rows.filter((row) => row.stripe_item_id === null);
  return (
    rows.find((row) => row.stripe_item_id === item.id) ??
    unnamed.find((row) => row.product_id === item.productId) ??
    (items === 1 && rows.length === 1 ? unnamed[0] : undefined)
  );
}

async function updateItem(tx: Tx, row: SubscriptionRow, item: SeenItem, now: Date): Promise<void> {
  if (row.status === 'canceled') return;
  const change = await findOpenPlanChange(tx, row.id);
  const isNew =
    change?.kind === 'downgrade' && item.productId === change.to.productId && item.cycle === change.to.cycle;
  const waits = isNew && item.periodStart < change.periodEnd;
  if (waits) {
    await tx.query('update subscription set stripe_item_id = $2 where id = $1', [row.id, item.id]);
    return;
  }
  // The provider shows the old plan again, or the new one's time has come.
  if (change?.state === 'scheduled') await movePlanChange(tx, change.id, ['scheduled'], isNew ? 'done' : 'undone', now);
  await tx.query(
    `update subscription set stripe_item_id = $2, product_id = $3, cycle = $4, currency = $5, unit_minor = $6, quantity = $7,
       period_start = $8 where id = $1`,
    [row.id, item.id, item.productId, item.cycle, item.currency, item.unit, item.quantity, item.periodStart],
  );
}

async function insertItem(tx: Tx, seen: KeptSubscription, item: SeenItem, now: Date): Promise<void> {
  await tx.query(
    `insert into subscription (id, member_id, stripe_subscription_id, product_id, order_id, status, current_period_end,
       cancel_at_period_end, created_at, stripe_item_id, cycle, currency, unit_minor, quantity, period_start, discounted, seen_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
    [
      newId('subscription', now),
      seen.memberId,
      seen.stripeSubscriptionId,
      item.productId,
      seen.orderId,
      seen.status,
      seen.currentPeriodEnd,
      seen.cancelAtPeriodEnd,
      now,
      item.id,
      item.cycle,
      item.currency,
      item.unit,
      item.quantity,
      item.periodStart,
      seen.discounted,
      seen.seenAt,
    ],
  );
}
