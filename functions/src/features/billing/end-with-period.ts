import type { Services } from '../../platform/container.ts';
import type { VerifiedToken } from '../../platform/users.ts';
import type { Subscription } from '../../shared/api/orders.ts';
import { CodedError } from '../../shared/errors.ts';
import { currentMember } from '../../store/members.ts';
import { getOwnSubscription, saveSubscription } from '../../store/subscriptions.ts';
import { seenSubscription } from '../../vendors/payments/seen-subscription.ts';

/**
 * Lets a subscription of the caller end with its period, or takes that back. What is billed together with it goes the same way. Safe to
 * repeat. Throws `not_found`, `plan.unavailable` for one that has ended.
 */
export async function endWithPeriod(
  services: Services,
  identity: VerifiedToken,
  subscriptionId: string,
  end: boolean,
): Promise<Subscription> {
  const { db, clock } = services;
  const member = await currentMember(db, identity, clock.now());
  const own = await getOwnSubscription(db, subscriptionId, member.id);
  if (own.view.status === 'canceled') throw new CodedError('plan.unavailable', `${own.id} has ended`);
  const seenAt = clock.now();
  const state = await (await services.payments()).endWithPeriod(own.stripeSubscriptionId, end);
  await db.transaction((tx) =>
    saveSubscription(
      tx,
      { ...seenSubscription(state), memberId: member.id, orderId: own.orderId, seenAt },
      clock.now(),
    ),
  );
  return (await getOwnSubscription(db, own.id, member.id)).view;
}
