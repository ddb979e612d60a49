import type { Services } from '../../platform/container.ts';
import type { Tx } from '../../platform/db.ts';
import { getMember } from '../../store/members.ts';
import { findFirstOrderOfSubscription } from '../../store/orders.ts';
import { saveSubscription } from '../../store/subscriptions.ts';
import type { SubscriptionState } from '../../vendors/payments/port.ts';
import { seenSubscription } from '../../vendors/payments/seen-subscription.ts';

/** What the provider says of a subscription, and when it was asked: an answer to an earlier question never overwrites a later one. */
export interface SubscriptionTruth {
  subscription: SubscriptionState;
  seenAt: Date;
}

/** Asks the provider for a subscription. Null for one that does not exist. */
export async function fetchSubscription(services: Services, subscriptionId: string): Promise<SubscriptionTruth | null> {
  const seenAt = services.clock.now();
  const subscription = await (await services.payments()).getSubscription(subscriptionId);
  return subscription && { subscription, seenAt };
}

/** Keeps what the provider says of a subscription. Gives false when it began with no order of ours, or is another customer's. */
export async function saveSubscriptionOf(
  tx: Tx,
  services: Services,
  { subscription, seenAt }: SubscriptionTruth,
): Promise<boolean> {
  const order = await findFirstOrderOfSubscription(tx, subscription.id);
  if (!order) return false;
  const member = await getMember(tx, order.memberId);
  if (member.stripeCustomerId !== subscription.customerId) return false;
  const whose = { memberId: order.memberId, orderId: order.id, seenAt };
  await saveSubscription(tx, { ...seenSubscription(subscription), ...whose }, services.clock.now());
  return true;
}
