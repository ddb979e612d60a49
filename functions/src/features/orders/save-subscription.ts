import type { Services } from '../../platform/container.ts';
import type { Tx } from '../../platform/db.ts';
import { getMember } from '../../store/members.ts';
import { findFirstOrderOfSubscription } from '../../store/orders.ts';
import { saveSubscription } from '../../store/subscriptions.ts';
import type { SubscriptionState } from '../../vendors/payments/port.ts';

/** Stripe's states in the three that matter to a member: it runs, it waits for money, it is over. */
const statuses = {
  active: 'active',
  trialing: 'active',
  past_due: 'past_due',
  unpaid: 'past_due',
  incomplete: 'past_due',
  paused: 'past_due',
  incomplete_expired: 'canceled',
  canceled: 'canceled',
} as const satisfies Record<SubscriptionState['status'], string>;

/** Keeps what the provider says of a subscription. Gives false when it began with no order of ours, or is another customer's. */
export async function saveSubscriptionOf(
  tx: Tx,
  services: Services,
  subscription: SubscriptionState,
): Promise<boolean> {
  const order = await findFirstOrderOfSubscription(tx, subscription.id);
  if (!order) return false;
  const member = await getMember(tx, order.memberId);
  if (member.stripeCustomerId !== subscription.customerId) return false;
  await saveSubscription(
    tx,
    {
      memberId: order.memberId,
      orderId: order.id,
      stripeSubscriptionId: subscription.id,
      productIds: order.items.map((item) => item.productId),
      status: statuses[subscription.status],
      currentPeriodEnd: subscription.currentPeriodEnd,
      cancelAtPeriodEnd: subscription.cancelAtPeriodEnd,
    },
    services.clock.now(),
  );
  return true;
}
