import type { Subscription } from '../shared/api/orders.ts';
import type { Id } from '../shared/ids.ts';
import type { Queryable, Tx } from '../platform/db.ts';
import { newId } from '../platform/ids.ts';
import { touchMember } from './members.ts';

interface SubscriptionRow {
  id: Id<'subscription'>;
  member_id: string;
  stripe_subscription_id: string;
  product_id: string;
  status: Subscription['status'];
  current_period_end: Date;
  cancel_at_period_end: boolean;
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

/** Subscriptions of a member in the form that the API shows, newest first. */
export async function viewSubscriptions(db: Queryable, memberId: string): Promise<Subscription[]> {
  const { rows } = await db.query<SubscriptionRow>('select * from subscription where member_id = $1 order by id desc', [
    memberId,
  ]);
  return rows.map((row) => ({
    id: row.id,
    productId: row.product_id,
    status: row.status,
    currentPeriodEnd: row.current_period_end.toISOString(),
    cancelAtPeriodEnd: row.cancel_at_period_end,
  }));
}

/** The payment provider's ids of a member's running subscriptions. */
export async function listRunningSubscriptions(db: Queryable, memberId: string): Promise<string[]> {
  const { rows } = await db.query<{ stripe_subscription_id: string }>(
    `select distinct stripe_subscription_id from subscription where member_id = $1 and status <> 'canceled'`,
    [memberId],
  );
  return rows.map((row) => row.stripe_subscription_id);
}

/**
 * Keeps what the payment provider says of a subscription now, a row for each of its products. Safe to repeat. One that was canceled
 * stays so: the provider never revives it, and what says otherwise was fetched before.
 */
export async function saveSubscription(
  tx: Tx,
  subscription: {
    memberId: string;
    orderId: string;
    stripeSubscriptionId: string;
    productIds: string[];
    status: Subscription['status'];
    currentPeriodEnd: Date;
    cancelAtPeriodEnd: boolean;
  },
  now: Date,
): Promise<void> {
  for (const productId of subscription.productIds) {
    await tx.query(
      `insert into subscription (id, member_id, stripe_subscription_id, product_id, order_id, status, current_period_end,
         cancel_at_period_end, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
       on conflict (stripe_subscription_id, product_id) do update set status = excluded.status,
         current_period_end = excluded.current_period_end, cancel_at_period_end = excluded.cancel_at_period_end
         where subscription.status <> 'canceled'`,
      [
        newId('subscription', now),
        subscription.memberId,
        subscription.stripeSubscriptionId,
        productId,
        subscription.orderId,
        subscription.status,
        subscription.currentPeriodEnd,
        subscription.cancelAtPeriodEnd,
        now,
      ],
    );
  }
  await touchMember(tx, subscription.memberId, now);
}
